import assert from 'node:assert/strict';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { configFrom } from '../../cli/config.ts';
import { loadRules } from '../../cli/load.ts';
import { type Case, readCase } from '../../replay/case.ts';
import { type Gate, runChain } from '../../replay/chain.ts';
import type { KubeObject } from '../../replay/cluster.ts';
import { customResource } from '../../replay/custom-resource.ts';
import { findCases } from '../../replay/find-cases.ts';
import { gateOf, inCluster } from '../../replay/gate.ts';
import { builtInRules } from '../../rules/index.ts';
import { websiteCrd } from '../../rules/website/crd.ts';
import type { KubeVersion } from '../../webhook/kube-version.ts';
import { type RulesInForce, rulesInForce } from '../../webhook/match.ts';
import { violations } from '../manifests/pod-security.ts';
import type { Printed } from '../manifests/printed.ts';

const folder = join(import.meta.dirname, '../cases');
const rules = await loadRules(builtInRules, configFrom({ words: [], flags: {} }, {}));
const DOMAIN = 'extensions.example.com';
/** As it comes, and for platforms that give each namespace a user of its own. */
const gates = [gateOf(rules, DOMAIN), gateOf(withSettings({ runAsUser: null }), DOMAIN)];
const context = {
  kinds: rules.rules.flatMap(({ rule }) => [...rule.kinds]),
  crds: [customResource(websiteCrd)],
  shown: (path: string) => relative(folder, path),
};

/** The oldest API server, the first with native sidecars on every kubelet beside it, the newest, and one that nobody knows. */
const VERSIONS: readonly (KubeVersion | undefined)[] = [
  { major: 1, minor: 20 },
  { major: 1, minor: 32 },
  { major: 1, minor: 36 },
  undefined,
];

const met = { classic: 0, native: 0, init: 0, restricted: 0 };

for (const path of findCases([folder], String)) {
  const given = readCase(path, context);
  const { object, operation, subResource } = given.review.request;
  if (object?.kind !== 'Pod' || operation !== 'CREATE' || subResource !== undefined) continue;
  test(`${given.rule}: ${given.sentence}: what was injected breaks no control of "restricted"`, async () => {
    for (const pod of [object, restricted(object)]) {
      for (const version of [given.kubeVersion, ...VERSIONS]) {
        for (const gate of gates) await injectedAsSafely(given, pod, version, gate);
      }
    }
  });
}

test('they were injected in every mode, and into pods that keep to the standard', () => {
  for (const [what, times] of Object.entries(met)) assert.ok(times > 0, `${what}: no pod`);
});

async function injectedAsSafely(
  given: Case,
  pod: KubeObject,
  kubeVersion: KubeVersion | undefined,
  gate: Gate,
): Promise<void> {
  const { cluster, review } = given;
  const before = violations(pod);
  const asked = { ...review, request: { ...review.request, object: pod } };
  const lookups = cluster.lookups(review.request.namespace ?? '');
  const start = { ...given, review: asked, bytes: Buffer.from(JSON.stringify(asked)) };
  const { object } = await runChain(start, inCluster(gate, { lookups, kubeVersion }));
  if (object === null) return;
  const more = violations(object).filter((violation) => !before.includes(violation));
  assert.deepEqual(more, [], `on ${kubeVersion === undefined ? 'a server of any age' : `1.${kubeVersion.minor}`}`);
  const mode = modeOf(object, pod);
  if (mode === undefined) return;
  met[mode]++;
  if (before.length === 0) met.restricted++;
}

/** How git-sync came into the pod; undefined where it did not, or was there before. */
function modeOf(pod: Printed, before: Printed): 'classic' | 'native' | 'init' | undefined {
  const find = ({ spec }: Printed, list: string) => spec[list]?.find(({ name }: Printed) => name === 'git-sync');
  if (find(before, 'containers') || find(before, 'initContainers')) return undefined;
  if (find(pod, 'containers')) return 'classic';
  const container = find(pod, 'initContainers');
  return container && (container.restartPolicy === 'Always' ? 'native' : 'init');
}

/** The same pod as its author would write it for a namespace that demands the standard. */
function restricted(pod: Printed): KubeObject {
  const copy = JSON.parse(JSON.stringify(pod));
  const { spec } = copy;
  spec.securityContext = {
    ...spec.securityContext,
    runAsNonRoot: true,
    seccompProfile: { type: 'RuntimeDefault' },
  };
  for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? [])]) {
    container.securityContext = {
      ...container.securityContext,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    };
  }
  return copy;
}

/** The rules of git-sync with other settings than a server without a configuration has. */
function withSettings(settings: object): RulesInForce {
  return rulesInForce(
    rules.rules.map((entry) =>
      entry.rule.name.startsWith('git-sync')
        ? { ...entry, settings: { ...(entry.settings as object), ...settings } }
        : entry,
    ),
    rules.ignoredNamespaces,
  );
}
