import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mutatingRule, Pod } from '../../author.ts';
import { configFrom } from '../../cli/config.ts';
import { loadRules } from '../../cli/load.ts';
import { builtInRules } from '../../rules/index.ts';
import type { JsonObject } from '../../webhook/decode.ts';
import type { Engine } from '../../webhook/engine.ts';
import { noLookups } from '../../webhook/lookup.ts';
import type { Route } from '../../webhook/match.ts';
import { review } from '../../webhook/review.ts';
import { summaryOf } from '../../webhook/summary.ts';
import { assertLinear } from './growth.ts';
import { type Asked, bytesOf, engineOf } from './reviewed.ts';

const PREFIX = 'extensions.example.com';
const KUBE_VERSION = { major: 1, minor: 36 };
const RULES = await loadRules(builtInRules, configFrom({ words: [], flags: {} }, {}));
const BUILT_IN: Engine = { rules: RULES, lookups: noLookups, now: () => 0, kubeVersion: KUBE_VERSION };

const INJECTED: Route = { phase: 'mutating', webhook: 'git-sync', selector: 'label' };
const VARIABLES: Route = { phase: 'mutating', webhook: 'downward-api', selector: 'pod' };
const PRESENT: Route = { phase: 'validating', webhook: 'git-sync', selector: 'label' };
const TEMPLATE: Route = { phase: 'validating', webhook: 'pod-template', selector: 'workload' };
const POLICY: Route = { phase: 'validating', webhook: 'policy' };

/** What is asked, of so many elements; which rules, and what they answer. */
type Case = readonly [asked: (size: number) => Asked, route: Route, verdict: string];

const cases: { readonly [sentence: string]: Case } = {
  'a pod of very many annotations': [(n) => podOf({ annotations: texts(n) }), INJECTED, 'patched'],
  'a pod of very many labels, whose containers get variables': [
    (n) => podOf({ labels: texts(n) }),
    VARIABLES,
    'patched',
  ],
  'a pod of very many annotations that are misspelt': [
    (n) => podOf({ annotations: texts(n, `${PREFIX}/git-rep-`) }),
    PRESENT,
    'denied',
  ],
  'a pod of very many tolerations': [(n) => podOf({}, { tolerations: list(n * 2, () => ({})) }), INJECTED, 'patched'],
  'a pod of very many containers': [(n) => podOf({}, { containers: list(n, named) }), INJECTED, 'patched'],
  'a pod of which very many containers are called git-sync': [
    (n) => podOf({}, { containers: list(n, () => ({ name: 'git-sync' })) }),
    PRESENT,
    'denied',
  ],
  'a pod of very many mounts in the way of the content': [
    (n) => podOf({}, { containers: [{ name: 'app', volumeMounts: list(n, inTheWay) }] }),
    INJECTED,
    'denied',
  ],
  'a pod of very many volumes of our names': [
    (n) => podOf({}, { volumes: list(n, () => ({ name: 'git-sync-content', hostPath: { path: '/' } })) }),
    INJECTED,
    'denied',
  ],
  'a Deployment whose pods would be refused for very many reasons, and which differs everywhere from what it was': [
    (n) =>
      deploymentOf(
        list(n, () => ({ name: 'git-sync' })),
        list(n, named),
      ),
    TEMPLATE,
    'allowed',
  ],
  'a Website of very many fields that nobody knows': [(n) => websiteOf(texts(n)), POLICY, 'allowed'],
  'a Website of very many fields that were others before': [
    (n) => websiteOf(texts(n), texts(n, 'old-')),
    POLICY,
    'allowed',
  ],
  'a Website with very many conditions that are wrong': [
    (n) =>
      websiteOf(
        {},
        undefined,
        list(n, () => ({ type: 'T', status: 'no' })),
      ),
    POLICY,
    'denied',
  ],
};

for (const [sentence, [asked, route, verdict]] of Object.entries(cases)) {
  test(`${sentence} takes no longer than its size says`, async () => {
    await assertLinear(4000, (size) => {
      const bytes = bytesOf(asked(size));
      return async () => assert.equal((await review(bytes, route, BUILT_IN)).verdict, verdict);
    });
  });
}

test('a list of very many elements that a rule turns around takes no longer than its size says', async () => {
  const rule = mutatingRule({
    name: 'turn-around',
    kind: Pod,
    operations: ['CREATE'],
    mutate(pod) {
      pod.spec?.containers.reverse();
    },
  });
  await assertLinear(10_000, (size) => {
    const bytes = bytesOf(podOf({}, { containers: list(size, named) }));
    const route = { phase: 'mutating', webhook: 'policy' } as const;
    return async () => assert.equal((await review(bytes, route, engineOf([rule]))).verdict, 'patched');
  });
});

test('a refusal for a hundred thousand reasons names the first of them, and is a few kilobytes', async () => {
  const bytes = bytesOf(podOf({}, { containers: list(100_000, () => ({ name: 'git-sync' })) }));
  const { body } = await review(bytes, PRESENT, BUILT_IN);
  const { status } = JSON.parse(body).response;
  assert.equal(status.details.causes[0].field, 'spec.containers[0].name');
  assert.match(status.message, /and 50 more problems\]$/);
  assert.ok(body.length < 50_000, `${body.length} characters`);
});

test('what the log is told of a review is short, however long the words in it are', async () => {
  const long = 'x'.repeat(1e6);
  const named = { group: '', version: 'v1', kind: long, resource: long };
  const reviewed = await review(
    bytesOf({ kind: named, resource: named, subResource: long, name: long }),
    PRESENT,
    BUILT_IN,
  );
  const told = JSON.stringify(summaryOf(reviewed));
  assert.ok(told.length < 3000, `${told.length} characters`);
});

function podOf(metadata: JsonObject, spec: JsonObject = {}): Asked {
  const labels = { [`${PREFIX}/git-sync`]: 'true', [`${PREFIX}/downward-api`]: 'true', ...(metadata.labels as object) };
  const annotations = { [`${PREFIX}/git-repo`]: 'https://example.com/o/r', ...(metadata.annotations as object) };
  return {
    object: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'web', labels, annotations },
      spec: { containers: [{ name: 'app' }], ...spec },
    },
  };
}

function deploymentOf(containers: readonly object[], before: readonly object[]): Asked {
  const deployment = (all: readonly object[]) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'd', namespace: 'web' },
    spec: { template: podOf({}, { containers: all }).object },
  });
  return {
    operation: 'UPDATE',
    kind: { group: 'apps', version: 'v1', kind: 'Deployment' },
    resource: { group: 'apps', version: 'v1', resource: 'deployments' },
    object: deployment(containers),
    oldObject: deployment(before),
  };
}

function websiteOf(fields: object, oldFields?: object, conditions: readonly object[] = []): Asked {
  const website = (more: object) => ({
    apiVersion: `${PREFIX}/v1`,
    kind: 'Website',
    metadata: { name: 'kubia', namespace: 'web' },
    spec: { gitRepo: 'https://example.com/o/r', ...more },
    status: { conditions },
  });
  return {
    kind: { group: PREFIX, version: 'v1', kind: 'Website' },
    resource: { group: PREFIX, version: 'v1', resource: 'websites' },
    name: 'kubia',
    object: website(fields),
    ...(oldFields === undefined ? {} : { operation: 'UPDATE', oldObject: website(oldFields) }),
  };
}

function list<T>(length: number, of: (index: number) => T): T[] {
  return Array.from({ length }, (_, index) => of(index));
}

function named(index: number): object {
  return { name: `app-${index}` };
}

function inTheWay(index: number): object {
  return { name: 'own', mountPath: `/usr/share/nginx/${index}` };
}

function texts(length: number, prefix = 'example.com/'): { [key: string]: string } {
  return Object.fromEntries(list(length, (index) => [`${prefix}${index}`, '']));
}
