import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../webhook/decode.ts';
import type { PatchOperation } from '../../webhook/patch.ts';
import { bytesOf } from '../engine/reviewed.ts';
import { asked, canonical, disagreement } from '../patch/apply.ts';
import { type Random, randomOf, seed } from '../patch/random.ts';
import { withDefaults } from './api-server-defaults.ts';
import { type Answered, ask, askAll, type Place, selectorOf } from './chains.ts';
import { fetched, servedPaths, wanted, wantedPath } from './fetched.ts';
import { generatedPlace, generatedServer } from './generated-places.ts';
import { BIG, generatedPod } from './generated-pods.ts';
import { gitSyncIn, type RunsAs } from './git-sync-in.ts';
import { lost } from './kept.ts';
import { otherInjectors } from './other-sidecars.ts';
import { piecesOf } from './pieces.ts';
import { moreTwice } from './unique.ts';

const PODS = 10_000;
const EVICTABLE = '/metadata/annotations/cluster-autoscaler.kubernetes.io~1safe-to-evict-local-volumes';
const NULLABLE =
  /^\/(metadata\/annotations|spec\/(volumes|initContainers|(initContainers|containers)\/\d+\/(env|volumeMounts)))$/;

/** What was met, how often at least: what hardly ever comes proves nothing. */
const least = {
  ...{ refused: PODS / 20, variables: PODS / 20, alone: PODS / 20, joined: PODS / 20, mount: PODS / 20 },
  ...{ native: PODS / 20, classic: PODS / 20, once: PODS / 20, credentials: PODS / 20, passedOver: PODS / 200 },
  ...{ container: PODS / 20, volume: PODS / 20, secret: PODS / 100 },
  ...{ label: PODS / 20, website: PODS / 20, namespace: PODS / 20 },
};
type Met = { [what in keyof typeof least]: number };

test(`whatever pod is given, the injection adds to it, once, and breaks nothing (SEED=${seed} repeats this run)`, async () => {
  const met = Object.fromEntries(Object.keys(least).map((what) => [what, 0])) as Met;
  for (let i = 0; i < PODS; i++) {
    const random = randomOf(seed + i);
    const pod = generatedPod(random);
    const place = generatedPlace(random);
    try {
      await hold({ pod, place, random, met });
    } catch (error) {
      const given = `pod: ${JSON.stringify(pod)}\nplace: ${JSON.stringify(place)}`;
      assert.fail(`SEED=${seed + i} begins here: ${(error as Error).message}\n${given}`);
    }
  }
  for (const [what, times] of Object.entries(met))
    assert.ok(times > least[what as keyof Met], `${what}: ${times} pods`);
  for (const [name, times] of Object.entries(asked)) assert.ok(times > PODS / 4, `${name}: only ${times} patches`);
});

interface Held {
  readonly pod: JsonObject;
  readonly place: Place;
  readonly random: Random;
  readonly met: Met;
}

async function hold({ pod, place, random, met }: Held): Promise<void> {
  const synced = await ask('git-sync', pod, place);
  const present = await ask('git-sync-present', pod, place);
  const wasPassedOver = leftAlone(pod, synced, present, met);
  if (!synced.allowed) return;
  const whole = await ask('downward-api', synced.pod, place);
  if (whole.patch.length > 0) met.variables++;
  onlyAdds(pod, [...synced.patch, ...whole.patch], whole.pod);
  assert.equal(lost(pod, whole.pod), undefined, 'something of the user is gone, moved or changed');
  assert.deepEqual(moreTwice(pod, whole.pod), [], 'something is there twice');
  // The second call may come to another replica, which knows another API server, or has another configuration.
  const elsewhere = { ...place, ...generatedServer(random) };
  // Of what nobody touched, the first time was the second.
  if (whole.pod !== pod) await settled(whole.pod, elsewhere, 'a second time');
  const defaulted = withDefaults(whole.pod);
  await settled(defaulted, elsewhere, 'after the defaults of the API server');
  // Where git-sync has nothing to add, that it has nothing to add after downward-api either was just seen.
  if (synced.patch.length > 0) {
    isInjected({ pod, place, met }, synced.pod, defaulted);
    // One of them will do: over all pods each is taken away a thousand times.
    const { piece, without } = random.pick(piecesOf(pod, synced.pod));
    met[pieceIn(piece)]++;
    const { allowed } = await ask('git-sync-present', without(), place);
    assert.equal(allowed, false, `git-sync-present does not miss ${piece}`);
    await sameTurned(pod, whole.pod, place);
  }
  if (random.chance(0.5)) await holdsBeside({ pod, place: elsewhere, random, met }, whole.pod, wasPassedOver);
}

/**
 * Whom git-sync refuses, the last check refuses, too; whom it leaves alone, that admits. Tells a pod that was passed over:
 * its namespace asks, and something is in the way.
 */
function leftAlone(pod: JsonObject, synced: Answered, present: Answered, met: Met): boolean {
  const isAsked = selectorOf(pod) !== 'namespace';
  const isInTheWay = present.warnings.some((warning) => /no git-sync: .*spec\./.test(warning));
  assert.ok(!(isAsked && isInTheWay), 'a pod that asks is passed over');
  if (!synced.allowed) {
    met.refused++;
    // Where from is for git-sync alone to say, which may find that wrong where the last check finds something in the way.
    assert.equal(present.allowed, isInTheWay, 'git-sync-present admits what git-sync refuses');
    const isAtFault = isAsked || synced.fields.some((field) => field.startsWith('metadata.'));
    assert.ok(isAtFault, 'a pod that did not ask is refused for what was there before');
    return false;
  }
  const isWhole = synced.patch.length === 0;
  if (isWhole) met.alone++;
  assert.equal(present.allowed, isWhole, 'git-sync-present misses something else than git-sync adds');
  if (isInTheWay) met.passedOver++;
  return isInTheWay;
}

/** The pod has one git-sync, which fetches what was asked for and has no token, whatever the API server adds. */
function isInjected({ pod, place, met }: Omit<Held, 'random'>, synced: JsonObject, defaulted: JsonObject): void {
  met[selectorOf(pod)]++;
  const { runsAs } = gitSyncIn(synced);
  met[runsAs satisfies RunsAs]++;
  assert.ok(fetched(synced).includes(wanted(pod, place.website)), 'it fetches something else');
  assert.ok(servedPaths(synced).includes(wantedPath(pod)), 'nobody sees the content where it is asked for');
  const { volumeMounts } = gitSyncIn(defaulted).container;
  const names = volumeMounts.map(({ name }: { name: string }) => name);
  assert.ok(!names.some((name: string) => name.startsWith('kube-api-access')), "it has the pod's token");
  if (names.includes('git-sync-credentials')) met.credentials++;
}

/** Another injector comes to the whole pod: nothing of ours is to be added to it but to what it brought. */
async function holdsBeside(
  { pod, place, random, met }: Held,
  whole: JsonObject,
  wasPassedOver: boolean,
): Promise<void> {
  const other = random.pick(otherInjectors);
  const joined = (pod: JsonObject) => {
    const copy = structuredClone(pod);
    other.inject(copy);
    return copy;
  };
  if (!(pod.spec as JsonObject).containers || moreTwice(pod, joined(pod)).length > 0) return;
  const later = joined(whole);
  // Without the content in one of them, nothing may tell which container was first: the one that is, now, has room for it.
  if (wasPassedOver && firstOf(later) !== firstOf(whole)) return;
  met.joined++;
  assert.deepEqual(
    (await ask('git-sync', later, place)).patch,
    [],
    `git-sync has something to add after ${other.name}`,
  );
  const again = await ask('downward-api', later, place);
  onlyAdds(later, again.patch, again.pod);
  await settled(withDefaults(again.pod), place, `after ${other.name}`);
}

function pieceIn(piece: string): 'container' | 'volume' | 'secret' | 'mount' {
  if (piece.startsWith('the mount')) return 'mount';
  if (!piece.startsWith('volumes')) return 'container';
  return piece.endsWith('credentials') ? 'secret' : 'volume';
}

/** The container that gets the content where no annotation of git-sync's says which. */
function firstOf({ metadata, spec }: JsonObject): unknown {
  const { annotations } = metadata as { annotations?: JsonObject | null };
  const names = (spec as { containers: JsonObject[] }).containers.map(({ name }) => name);
  const chosen = annotations?.['kubectl.kubernetes.io/default-container'];
  return names.includes(chosen as string) ? chosen : names[0];
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

async function settled(pod: JsonObject, place: Place, when: string): Promise<void> {
  const bytes = bytesOf({ object: pod });
  for (const webhook of ['git-sync', 'downward-api'] as const) {
    const { allowed, patch } = await ask(webhook, pod, place, bytes);
    assert.ok(allowed, `${webhook} refuses it ${when}`);
    assert.deepEqual(patch, [], `${webhook} adds ${when}`);
  }
  const { allowed } = await ask('git-sync-present', pod, place, bytes);
  assert.ok(allowed, `git-sync-present misses something ${when}`);
}

async function sameTurned(pod: JsonObject, expected: JsonObject, place: Place): Promise<void> {
  const turned = await askAll(['downward-api', 'git-sync', 'downward-api'], pod, place);
  if (JSON.stringify(turned) === JSON.stringify(expected)) return;
  assert.equal(canonical(turned), canonical(expected), 'the other order comes to another pod');
}
