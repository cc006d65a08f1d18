import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../webhook/decode.ts';
import type { PatchOperation } from '../../webhook/patch.ts';
import { bytesOf } from '../engine/reviewed.ts';
import { asked, canonical, disagreement } from '../patch/apply.ts';
import { randomOf, seed } from '../patch/random.ts';
import { withDefaults } from './api-server-defaults.ts';
import { ask, askAll } from './chains.ts';
import { annotated, fetched } from './fetched.ts';
import { BIG, generatedPod } from './generated-pods.ts';
import { lost } from './kept.ts';
import { type OtherInjector, otherInjectors } from './other-sidecars.ts';
import { moreTwice } from './unique.ts';

const PODS = 10_000;
const EVICTABLE = '/metadata/annotations/cluster-autoscaler.kubernetes.io~1safe-to-evict-local-volumes';
const NULLABLE =
  /^\/(metadata\/annotations|spec\/(volumes|initContainers|(initContainers|containers)\/\d+\/(env|volumeMounts)))$/;

test(`whatever pod is given, the injection adds to it, once, and breaks nothing (SEED=${seed} repeats this run)`, async () => {
  const met = { refused: 0, injected: 0, variables: 0, alone: 0, joined: 0 };
  for (let i = 0; i < PODS; i++) {
    const random = randomOf(seed + i);
    const pod = generatedPod(random);
    try {
      await hold(pod, random.pick(otherInjectors), met);
    } catch (error) {
      assert.fail(`SEED=${seed + i} begins here: ${(error as Error).message}\npod: ${JSON.stringify(pod)}`);
    }
  }
  for (const [what, times] of Object.entries(met)) assert.ok(times > PODS / 20, `${what}: only ${times} pods`);
  for (const [name, times] of Object.entries(asked)) assert.ok(times > PODS / 4, `${name}: only ${times} patches`);
});

type Met = { [what in 'refused' | 'injected' | 'variables' | 'alone' | 'joined']: number };

async function hold(pod: JsonObject, other: OtherInjector, met: Met): Promise<void> {
  const synced = await ask('git-sync', pod);
  if (!synced.allowed) {
    met.refused++;
    assert.equal(await isPresent(pod), false, 'git-sync-present admits what git-sync refuses');
    return;
  }
  const whole = await ask('downward-api', synced.pod);
  met[synced.patch.length > 0 ? 'injected' : 'alone']++;
  if (whole.patch.length > 0) met.variables++;
  assert.equal(
    await isPresent(pod),
    synced.patch.length === 0,
    'git-sync-present misses something else than git-sync adds',
  );
  onlyAdds(pod, [...synced.patch, ...whole.patch], whole.pod);
  assert.equal(lost(pod, whole.pod), undefined, 'something of the user is gone, moved or changed');
  assert.deepEqual(moreTwice(pod, whole.pod), [], 'something is there twice');
  // Of what nobody touched, the first time was the second.
  if (whole.pod !== pod) await settled(whole.pod, 'a second time');
  await settled(withDefaults(whole.pod), 'after the defaults of the API server');
  if (synced.patch.length > 0) assert.ok(fetched(synced.pod).includes(annotated(pod)), 'it fetches something else');
  // Where git-sync has nothing to add, that it has nothing to add after downward-api either was just seen.
  if (synced.patch.length > 0) await sameTurned(pod, whole.pod);

  if (!(pod.spec as JsonObject).containers || moreTwice(pod, joined(pod, other)).length > 0) return;
  met.joined++;
  const later = joined(whole.pod, other);
  assert.deepEqual((await ask('git-sync', later)).patch, [], `git-sync has something to add after ${other.name}`);
  const again = await ask('downward-api', later);
  onlyAdds(later, again.patch, again.pod);
  await settled(withDefaults(again.pod), `after ${other.name}`);
}

/** The patch only adds, sends nothing back, and does the same under every implementation. */
function onlyAdds(base: JsonObject, patch: readonly PatchOperation[], expected: JsonObject): void {
  if (patch.length > 0) assert.equal(disagreement(base, patch, expected), undefined);
  assert.deepEqual(
    patch.filter((operation) => !mayBe(operation)),
    [],
    'it does more than add',
  );
  assert.ok(!JSON.stringify(patch).includes(String(BIG)), "it sends the user's own values back");
}

/** What is replaced is a text that is written on, or a null: `lost` finds anything else that were. */
function mayBe({ op, path }: PatchOperation): boolean {
  return op === 'add' || (op === 'replace' && (path === EVICTABLE || NULLABLE.test(path)));
}

async function settled(pod: JsonObject, when: string): Promise<void> {
  const bytes = bytesOf({ object: pod });
  for (const webhook of ['git-sync', 'downward-api'] as const) {
    assert.deepEqual((await ask(webhook, pod, bytes)).patch, [], `${webhook} adds ${when}`);
  }
  assert.ok((await ask('git-sync-present', pod, bytes)).allowed, `git-sync-present misses something ${when}`);
}

async function sameTurned(pod: JsonObject, expected: JsonObject): Promise<void> {
  const turned = await askAll(['downward-api', 'git-sync', 'downward-api'], pod);
  if (JSON.stringify(turned) === JSON.stringify(expected)) return;
  assert.equal(canonical(turned), canonical(expected), 'the other order comes to another pod');
}

async function isPresent(pod: JsonObject): Promise<boolean> {
  return (await ask('git-sync-present', pod)).allowed;
}

function joined(pod: JsonObject, other: OtherInjector): JsonObject {
  const copy = structuredClone(pod);
  other.inject(copy);
  return copy;
}
