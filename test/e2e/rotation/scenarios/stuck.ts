import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { eventually } from '../../eventually.ts';
import { outcomeOf } from '../../install/load.ts';
import { told, unnoticed } from '../load.ts';
import { PAGE_USERS, page } from '../pages.ts';
import { type Place, USERS } from '../place.ts';
import type { Replica } from '../replica.ts';
import { endedWithWorkers, workersIn, workersOf } from '../workers.ts';

/** As good as endless, and leaves the machine to the others. */
const DAY_MS = 86_400_000;

/** Replicas are told to end while a rule goes on for ever in a worker of theirs: they end, and nobody else notices. */
export async function stuck(t: TestContext, place: Place): Promise<void> {
  await t.test('for a user who has given up', (t) => givenUp(t, place));
  await t.test('for a user who waits', (t) => waiting(t, place));
}

/** Nobody waits for the review any more: neither does the end, which comes while the worker is still at it. */
async function givenUp(t: TestContext, place: Place): Promise<void> {
  const load = await unnoticed(
    place,
    async () => {
      const user = new AbortController();
      // Each `<` comes as six bytes, and a rule has a second for each MiB besides the first.
      const { object } = page({ worker: join(place.folder, 'given-up'), endless: 'yes', large: '<'.repeat(400_000) });
      const path = `/api/v1/namespaces/${USERS}/configmaps`;
      const options = { query: { dryRun: 'All' }, body: object, signal: user.signal };
      const asked = assert.rejects(place.client.request('POST', path, options), { name: 'AbortError' });
      const replica = await atIt(place, 'given-up');
      user.abort();
      await asked;
      await endedWithWorkers(place, replica);
      assert.match(replica.log(), /"draining"/);
      assert.doesNotMatch(replica.log(), /a rule ended its worker/, 'the rule was not over before');
    },
    PAGE_USERS,
  );
  t.diagnostic(told(load));
}

/** The end waits for the answer, which is asked for again elsewhere; there the rule goes on for ever just as well. */
async function waiting(t: TestContext, place: Place): Promise<void> {
  const load = await unnoticed(
    place,
    async () => {
      const outcome = outcomeOf(
        place.client,
        USERS,
        page({ worker: join(place.folder, 'waits'), milliseconds: `${DAY_MS}` }),
      );
      const replica = await atIt(place, 'waits');
      const began = performance.now();
      await endedWithWorkers(place, replica);
      const ms = performance.now() - began;
      assert.match(await outcome, /rule pages failed: it did not end within 1 s|context deadline exceeded/);
      assert.ok(ms < 10_000, `${ms} ms`);
      t.diagnostic(`ended after ${ms.toFixed(0)} ms; the user was told: ${await outcome}`);
    },
    PAGE_USERS,
  );
  t.diagnostic(told(load));
}

/** The replica one of whose workers is at the page that names this file. */
async function atIt({ folder, replicas }: Place, file: string): Promise<Replica> {
  return eventually(
    'a worker is at it',
    async () => {
      const worker = workersIn(join(folder, file)).at(-1);
      if (worker === undefined) return undefined;
      const workers = await Promise.all([...replicas].map(workersOf));
      return [...replicas][workers.findIndex((pids) => pids.includes(worker))];
    },
    { everyMs: 10 },
  );
}
