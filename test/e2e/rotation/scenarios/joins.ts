import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { eventually } from '../../eventually.ts';
import { told, unnoticed } from '../load.ts';
import { PAGE_USERS, RULES, withPages } from '../pages.ts';
import type { Place } from '../place.ts';
import { LASTING } from '../times.ts';

/** Of a connection, in place of five minutes: what is waited for here is that each is closed once, and begun anew. */
const CONNECTION_MS = 2000;
/** Of three replicas, one has a third of the connections in the end; that it does not stay without is what is to be seen. */
const SHARE = 0.2;

/** A replica joins two that an API server has its connections to: it closes none by itself, and all are busy. */
export async function joins(t: TestContext, place: Place): Promise<void> {
  const start = async () => {
    const replica = await place.start(LASTING, { rules: RULES, connectionMs: CONNECTION_MS });
    await replica.ready();
    return replica;
  };
  await Promise.all([start(), start()]);
  await withPages(place);
  let joined = '';
  const load = await unnoticed(
    place,
    async () => {
      const third = await start();
      const all = [...place.replicas];
      const began = performance.now();
      const before = await Promise.all(all.map((replica) => replica.reviews()));
      joined = await eventually('it has its share of the reviews', async () => {
        const now = await Promise.all(all.map((replica) => replica.reviews()));
        const counts = now.map((count, i) => count - (before[i] ?? 0));
        const ofThird = counts[all.indexOf(third)] ?? 0;
        const sum = counts.reduce((total, count) => total + count, 0);
        assert.ok(sum >= 100 && ofThird / sum >= SHARE, `of ${counts} reviews`);
        return `of ${counts} reviews in ${(performance.now() - began).toFixed(0)} ms`;
      });
    },
    { ...PAGE_USERS, restMs: 100 },
  );
  t.diagnostic(`the last one had its share ${joined}: ${told(load)}`);
}
