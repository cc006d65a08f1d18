import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { LIMITS } from '../../../../webhook/limits.ts';
import { told, unnoticed } from '../load.ts';
import { PAGE_USERS, RULES } from '../pages.ts';
import type { Place } from '../place.ts';
import type { Replica } from '../replica.ts';
import { LASTING } from '../times.ts';
import { endedWithWorkers } from '../workers.ts';

/** How often the three are replaced, two of them in the first order; `ROLLS=10` for the figures of a note. */
const ROLLS = Number(process.env.ROLLS || 1);

/** Nobody may ask a replica that has ended: a balancer that is held up on a busy machine has to have noticed. */
const DRAIN_SECONDS = 2;

/** Replaces all replicas, one by one, as Deployments do: nobody notices. */
export async function rolls(t: TestContext, place: Place): Promise<void> {
  const start = async () => {
    const replica = await place.start(LASTING, {
      rules: RULES,
      connectionMs: LIMITS.connection,
      drainSeconds: DRAIN_SECONDS,
    });
    await replica.ready();
  };

  await t.test('each when its successor is ready (maxSurge 1, maxUnavailable 0)', (t) =>
    rolled(t, place, 2 * ROLLS, async (replica) => {
      await start();
      await endedWithWorkers(place, replica);
    }),
  );

  await t.test('each before its successor is started (maxSurge 0, maxUnavailable 1)', (t) =>
    rolled(t, place, ROLLS, async (replica) => {
      await endedWithWorkers(place, replica);
      await start();
    }),
  );
}

async function rolled(
  t: TestContext,
  place: Place,
  times: number,
  replace: (replica: Replica) => Promise<void>,
): Promise<void> {
  const began = performance.now();
  let count = 0;
  const load = await unnoticed(
    place,
    async () => {
      for (; count < times; count++) {
        const [oldest = assert.fail()] = place.replicas;
        await replace(oldest);
        assert.equal(place.balancer.refused(oldest), 0, 'it served for as long as it was asked');
      }
    },
    PAGE_USERS,
  );
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  t.diagnostic(`${count} replicas replaced in ${seconds} s: ${told(load)}`);
  assert.ok(load.writes > 10 * times, `only ${load.writes} writes`);
}
