import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { eventually } from '../../eventually.ts';
import { outcomeOf } from '../../install/load.ts';
import { told, unnoticed } from '../load.ts';
import { PAGE_USERS, page } from '../pages.ts';
import { type Place, USERS } from '../place.ts';
import { killed, workersIn, workersOf } from '../workers.ts';

/** Shorter than a rule may take, and long enough for whoever wants to kill the worker that is at it. */
const LONG_REVIEW_MS = 800;

/** Worker processes are killed, one in the middle of a review, then all that a replica has: nobody notices. */
export async function workerKills(t: TestContext, place: Place): Promise<void> {
  const load = await unnoticed(
    place,
    async () => {
      const file = join(place.folder, 'at-a-long-review');
      const long = page({ worker: file, milliseconds: `${LONG_REVIEW_MS}` });
      const outcome = outcomeOf(place.client, USERS, long);
      const first = await eventually('a worker is at it', async () => workersIn(file)[0], { everyMs: 10 });
      killed([first]);
      assert.equal(await outcome, long.expected);
      assert.equal(workersIn(file).length, 2, 'another one has decided it');

      const [replica] = place.replicas;
      assert.ok(replica);
      const workers = await workersOf(replica);
      assert.ok(workers.length >= 2, `${workers}`);
      killed(workers);
      await eventually('it has others', async () => {
        const others = await workersOf(replica);
        assert.equal(others.length, 2);
        return workers.every((pid) => !others.includes(pid)) || undefined;
      });
    },
    PAGE_USERS,
  );
  t.diagnostic(told(load));
}
