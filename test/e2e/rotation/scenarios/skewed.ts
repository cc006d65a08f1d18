import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { unnoticed, works } from '../load.ts';
import type { Place } from '../place.ts';
import { rotated } from '../rotate.ts';
import { authoritiesOf, forgotten } from '../secret.ts';
import { LASTING } from '../times.ts';

const HOUR = 3_600_000;

/** One replica's clock is an hour late, another's an hour early: an install and a rotation are as ever. */
export async function skewed(t: TestContext, place: Place): Promise<void> {
  await forgotten(place);
  const replicas = await Promise.all([-HOUR, 0, HOUR].map((skewMs) => place.start(LASTING, { skewMs })));
  await Promise.all(replicas.map((replica) => replica.ready()));
  await place.plane.applied(place.webhooks);
  await works(place);
  const { signing: before } = await authoritiesOf(place.plane);
  const { writes } = await unnoticed(place, async () => {
    await rotated(place, LASTING);
  });
  t.diagnostic(`${writes} writes`);
  const { old } = await authoritiesOf(place.plane);
  const until = old.get(before.sha256)?.getTime() ?? 0;
  const lastLeaf = Date.now() + LASTING.leafMs;
  assert.ok(until > lastLeaf, 'whoever is early may serve with its certificates an hour longer');
  for (const replica of replicas) assert.deepEqual((await replica.status()).problems, []);
}
