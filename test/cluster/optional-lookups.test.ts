import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { eventually } from '../e2e/eventually.ts';
import { type FakeApiServer, fakeApiServer, json, refuse } from './fake-api-server.ts';
import { soon } from './informed.ts';
import { looking } from './looking.ts';

const isOptional = true;

type Answer = (response: ServerResponse) => unknown;
const instead = (fake: FakeApiServer, answer: Answer) =>
  fake.instead('list', (_, response) => answer(response), Infinity);
/** Waits until the kind was asked for, and answered, so many times more. */
async function listed(fake: FakeApiServer, times: number): Promise<void> {
  const before = fake.count('list');
  await eventually(`${times} lists`, async () => fake.count('list') > before + times || undefined, soon);
}

const refusals: [sentence: string, answer: Answer][] = [
  ['may not be listed', (response) => refuse(response, 403, { reason: 'Forbidden', message: 'not you' })],
  ['is not there, though others of its group are', (response) => refuse(response, 404, { reason: 'NotFound' })],
  // So API servers speak of a group that they do not know.
  ['is of no group that there is', (response) => response.writeHead(404).end('404 page not found\n')],
];
for (const [sentence, answer] of refusals) {
  test(`a kind that ${sentence} is not waited for where it is optional, and what is looked up fails`, async (t) => {
    const fake = await fakeApiServer(t);
    fake.put('a');
    const relent = instead(fake, answer);
    const { find, is, unsynced } = await looking(t, fake, { isOptional });
    assert.match(unsynced().join(), /^things\.test\.example\.com have not been listed yet: they are being listed/);
    await eventually('nobody waits', async () => unsynced().length === 0 || undefined, soon);
    await assert.rejects(find('a'), /things\.test\.example\.com are not synced yet: .*\(?40[34]/);
    await assert.rejects(find('nobody'), /not synced yet/);
    assert.equal(fake.count('get'), 0);

    relent();
    await is(true);
    assert.ok(await find('a'));
    assert.equal(await find('nobody'), undefined);
    assert.deepEqual(unsynced(), []);
  });

  test(`a kind that ${sentence} is waited for where any rule needs it`, async (t) => {
    const fake = await fakeApiServer(t);
    instead(fake, answer);
    const { unsynced } = await looking(t, fake);
    await listed(fake, 3);
    assert.match(unsynced().join(), /have not been listed yet: .*40[34]/);
  });
}

const failures: [sentence: string, answer: Answer, said: RegExp][] = [
  ['who asks is not known', (response) => refuse(response, 401, { message: 'who?' }), /401/],
  ['the API server is too busy', (response) => refuse(response, 429, { message: 'busy' }), /429/],
  ['the API server has failed', (response) => refuse(response, 500, { message: 'etcd' }), /500/],
  ['the API server is starting', (response) => refuse(response, 503, { message: 'starting' }), /503/],
  ['what comes is no list', (response) => json(response, 200, {}), /GET \/apis/],
  ['the connection breaks', (response) => response.socket?.destroy(), /cannot be reached/],
];
for (const [sentence, answer, said] of failures) {
  test(`an optional kind is waited for while ${sentence}: whether it is there is not known`, async (t) => {
    const fake = await fakeApiServer(t);
    const relent = instead(fake, answer);
    const { unsynced, is } = await looking(t, fake, { isOptional });
    await listed(fake, 3);
    assert.match(unsynced().join(), said);
    relent();
    await is(true);
    assert.deepEqual(unsynced(), []);
  });
}

test('an outage after the refusal does not make anybody wait for an optional kind', async (t) => {
  const fake = await fakeApiServer(t);
  const relent = instead(fake, (response) => refuse(response, 404, {}));
  const { find, unsynced } = await looking(t, fake, { isOptional });
  await eventually('nobody waits', async () => unsynced().length === 0 || undefined, soon);
  relent();
  instead(fake, (response) => response.socket?.destroy());
  await listed(fake, 3);
  assert.deepEqual(unsynced(), []);
  await assert.rejects(find('a'), /not synced yet: .*cannot be reached/);
});

test('what was listed and may not be listed any more is not answered from what was there', async (t) => {
  const fake = await fakeApiServer(t);
  fake.put('a');
  const { find, is, unsynced } = await looking(t, fake, { isOptional });
  await is(true);
  fake.instead('watch', (_, response) => refuse(response, 403, { message: 'not you' }), Infinity);
  fake.instead('get', (_, response) => refuse(response, 403, { message: 'not you' }), Infinity);
  fake.endWatches('cut');
  await is(false);
  await assert.rejects(find('a'), /not you/);
  assert.deepEqual(unsynced(), []);
});
