import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Informer } from '../../cluster/informer.ts';
import { eventually } from '../e2e/eventually.ts';
import { type FakeApiServer, fakeApiServer, refuse } from './fake-api-server.ts';
import { informed, soon } from './informed.ts';

/** So long that no timer ends by itself. */
const HOUR = 3600;

const states: [
  state: string,
  reach: (fake: FakeApiServer, informer: Informer) => Promise<unknown>,
  prepare?: (fake: FakeApiServer) => void,
][] = [
  ['before anything was asked', async () => {}],
  [
    'while a list is not answered',
    (fake) => eventually('the list', async () => fake.count('list') > 0 || undefined, soon),
    (fake) => fake.instead('list', () => undefined, Infinity),
  ],
  [
    'while a watch is not answered',
    (fake) => eventually('the watch', async () => fake.count('watch') > 0 || undefined, soon),
    (fake) => fake.instead('watch', () => undefined, Infinity),
  ],
  ['while it watches', (fake) => eventually('the watch', async () => fake.watches() > 0 || undefined, soon)],
  [
    'while it waits to try again',
    (_, informer) => eventually('a refusal', async () => informer.problem()?.includes('500') || undefined, soon),
    (fake) => fake.instead('list', (_, response) => refuse(response, 500, {}), Infinity),
  ],
];
for (const [state, reach, prepare] of states) {
  test(`stopped ${state}, it leaves no timer, and the client's end no connection`, async (t) => {
    const fake = await fakeApiServer(t);
    prepare?.(fake);
    const before = timers();
    const { informer, client } = await informed(t, fake, {}, HOUR, { firstMs: HOUR * 1000, mostMs: HOUR * 1000 });
    await reach(fake, informer);
    informer.stop();
    // `eventually` would bring timers of its own; the fake's end as its connections do.
    for (let turns = 0; timers() > before && turns < 10_000; turns++) await new Promise(setImmediate);
    assert.ok(timers() <= before, `${timers()} timers`);
    client.close();
    await eventually('no connection is left', async () => fake.connections() === 0 || undefined, soon);
    const count = fake.asked.length;
    await new Promise(setImmediate);
    assert.equal(fake.asked.length, count);
    assert.equal(informer.isWatching(), false);
  });
}

function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}
