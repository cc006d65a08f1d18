import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { type Load, told, underLoad } from '../load.ts';
import type { Place } from '../place.ts';
import type { Replica } from '../replica.ts';
import { rotated } from '../rotate.ts';
import { FAST } from '../times.ts';

/** How many rotations in a row; `ROTATIONS=200` for the figures of a note. */
const ROTATIONS = Number(process.env.ROTATIONS || 6);
/** How often every replica is replaced. */
const ROUNDS = Math.ceil(ROTATIONS / 50);

/** CAs are replaced one after the other, under load: nobody notices. */
export async function rotations(t: TestContext, place: Place): Promise<void> {
  const began = performance.now();
  const load = await underLoad(place, async () => {
    for (let i = 0; i < ROTATIONS; i++) await rotated(place);
  });
  t.diagnostic(`${ROTATIONS} rotations in ${((performance.now() - began) / 1000).toFixed(0)} s: ${told(load)}`);
  assert.deepEqual(load.failures, {});
  assert.ok(load.writes > 10 * ROTATIONS, `only ${load.writes} writes`);
}

/** Replicas are replaced meanwhile, each when its successor is ready: nobody notices. */
export async function restarts(t: TestContext, place: Place): Promise<void> {
  const { load, count } = await replacing(place, async (replica) => {
    await (await place.start(FAST)).ready();
    assert.equal(await place.end(replica), 0, replica.log());
  });
  t.diagnostic(`${ROUNDS * 3} replicas replaced during ${count} rotations: ${told(load)}`);
  assert.deepEqual(load.failures, {});
}

/** Replicas are killed meanwhile: what they were asked and had not answered is lost, and nothing else. */
export async function kills(t: TestContext, place: Place): Promise<void> {
  let lost = 0;
  const { load, count } = await replacing(place, async (replica) => {
    assert.equal(await place.end(replica, 'SIGKILL'), null);
    await (await place.start(FAST)).ready();
    lost += place.balancer.lost(replica);
  });
  const failed = Object.values(load.failures).reduce((sum, times) => sum + times, 0);
  t.diagnostic(
    `${ROUNDS * 3} replicas killed during ${count} rotations, with ${lost} reviews in flight: ${told(load)}`,
  );
  assert.ok(failed <= lost, `${lost} reviews were in flight, and this failed: ${JSON.stringify(load.failures)}`);
  for (const failure of Object.keys(load.failures)) assert.match(failure, BROKEN_OFF);
}

/** As Go says that a server was gone before it had answered. */
const BROKEN_OFF =
  /failed calling webhook "[^"]+": Post "[^"]+": (EOF|.*connection reset by peer|.*broken pipe|http: server closed idle connection) \(500\)$/;

async function replacing(
  place: Place,
  replace: (replica: Replica) => Promise<void>,
): Promise<{ readonly load: Load; readonly count: number }> {
  let isOver = false;
  let count = 0;
  const load = await underLoad(place, async () => {
    await Promise.all([rotating(), replaced()]);
  });
  assert.ok(count > 0, 'nothing was rotated meanwhile');
  return { load, count };

  async function rotating(): Promise<void> {
    for (; !isOver; count++) await rotated(place);
  }

  async function replaced(): Promise<void> {
    try {
      for (let round = 0; round < ROUNDS; round++) {
        for (const replica of [...place.replicas]) await replace(replica);
      }
    } finally {
      isOver = true;
    }
  }
}
