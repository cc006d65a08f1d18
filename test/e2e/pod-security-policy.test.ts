import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Case } from '../../replay/case.ts';
import { type Gate, runChain } from '../../replay/chain.ts';
import { inCluster } from '../../replay/gate.ts';
import { brokenControls } from '../manifests/pod-security.ts';
import type { Printed } from '../manifests/printed.ts';
import { casesWith } from './agreement/cases.ts';
import { sentOf } from './agreement/operation.ts';
import { startPlace } from './agreement/place.ts';
import { clear, prepare } from './agreement/prepared.ts';
import { withoutAssets } from './assets.ts';
import { MENDED, policy } from './created/policy.ts';
import { proved } from './created/proved.ts';
import { tokens } from './created/tokens.ts';
import { GIT_REPO, GIT_SYNC, KUBIA, pod } from './objects.ts';

const CASES = join(import.meta.dirname, '../cases');
const RULES = [join(import.meta.dirname, 'created/rules')];

const FLAGS = [
  '--enable-admission-plugins=PodSecurityPolicy',
  // Tokens in projected volumes, as newer API servers hand them out.
  '--feature-gates=BoundServiceAccountTokenVolume=true',
];

// The one judge of pods' security that an API server 1.20 has: of native sidecars, which it does not know, it says nothing.
test('a PodSecurityPolicy judges what was injected', { skip: withoutAssets }, async (t) => {
  const place = await startPlace({ extraApiServerFlags: FLAGS, firstObjects: policy });
  t.after(place.stop);
  if (place.plane.minor >= 25) return t.skip(`1.${place.plane.minor} has no PodSecurityPolicy`);
  await place.restart(RULES);
  const loaded = await casesWith({ cases: CASES, rules: RULES });
  const shapes = new Set<string>();
  let generation = 0;

  for (const { surroundings, cases } of loaded.groups) {
    const chosen = new Map<string, Case>();
    for (const given of cases.filter(mayPass)) {
      const shape = await shapeOf(given, loaded.gate);
      if (shape === undefined || shapes.has(shape)) continue;
      shapes.add(shape);
      chosen.set(shape, given);
    }
    if (chosen.size === 0) continue;
    generation++;
    await prepare(place, surroundings, generation);
    for (const [shape, given] of chosen) {
      await t.test(`and admits ${shape}, as it is: ${given.sentence}`, async () => {
        const { operations, filledIn } = await proved(place, given, loaded);
        assert.ok(operations > 0);
        const mended = filledIn.filter((path) => path.includes('ontainers[].securityContext'));
        assert.deepEqual(mended, [], 'what it had to mend of what was injected');
      });
    }
    await clear(place, surroundings);
  }

  await t.test('and has been shown both modes that this API server knows, and credentials', () => {
    const missing = ['beside', 'before', 'beside with a Secret'].filter((shape) => !shapes.has(`git-sync ${shape}`));
    assert.deepEqual(missing, []);
  });

  for (const [context, broken] of LOOSE) {
    await t.test(`and refuses it with ${JSON.stringify(context)}`, async () => {
      const annotations = { [GIT_REPO]: KUBIA, 'created.test/security-context': JSON.stringify(context) };
      const input = pod({ name: 'loosened', labels: { [GIT_SYNC]: 'true' }, annotations });
      const { code, stderr } = await place.plane.kubectl(['create', '--as=author', '-f', '-'], { input });
      assert.equal(code, 1);
      assert.match(stderr, /pods "loosened" is forbidden: PodSecurityPolicy: unable to admit pod: /);
      assert.match(stderr, broken);
    });
  }

  await t.test('where tokens are in projected volumes, git-sync has none either', async (t) => {
    await tokens(t, place.plane, { namespace: 'default', volume: 'projected' });
  });
});

/** What an injector might forget, in the words of the API server that sees it. */
const LOOSE: readonly [context: object, broken: RegExp][] = [
  [{ privileged: true }, /spec\.containers\[1\]\.securityContext\.privileged: /],
  [{ allowPrivilegeEscalation: true }, /spec\.containers\[1\]\.securityContext\.allowPrivilegeEscalation: /],
  [{ readOnlyRootFilesystem: false }, /spec\.containers\[1\]\.securityContext\.readOnlyRootFilesystem: /],
  [{ runAsUser: 0 }, /spec\.containers\[1\]\.securityContext\.runAsUser: .*running with the root UID/],
  [{ runAsNonRoot: false }, /spec\.containers\[1\]\.securityContext\.runAsNonRoot: /],
  [{ capabilities: { add: ['CHOWN'] } }, /spec\.containers\[1\]\.securityContext\.capabilities\.add: /],
];

/** In what shape git-sync gets into the case's pod, by replay; undefined where it does not. */
async function shapeOf(given: Case, gate: Gate): Promise<string | undefined> {
  const { rule, review, kubeVersion, cluster } = given;
  if (rule !== 'git-sync' || review.request.object?.kind !== 'Pod' || kubeVersion !== undefined) return undefined;
  const lookups = cluster.lookups(review.request.namespace ?? '');
  const { verdict, object } = await runChain(given, inCluster(gate, { lookups }));
  if (verdict !== 'patched') return undefined;
  const { spec }: Printed = object;
  const find = (list: string) => spec[list]?.find(({ name }: Printed) => name === 'git-sync');
  const mode = find('containers') ? 'beside' : find('initContainers') ? 'before' : undefined;
  const hasSecret = spec.volumes.some(({ name, secret }: Printed) => name.startsWith('git-sync-') && secret);
  return mode && `git-sync ${mode}${hasSecret ? ' with a Secret' : ''}`;
}

/** What the pod breaks of the standard before is what the policy mends. */
function mayPass(given: Case): boolean {
  const sent = sentOf(given);
  return sent.kind === 'Pod' && brokenControls(sent).every((control) => MENDED.includes(control));
}
