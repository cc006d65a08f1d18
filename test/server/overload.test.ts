import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { Limits } from '../../webhook/limits.ts';
import { overload } from '../../webhook/overload.ts';
import { eventually } from '../e2e/eventually.ts';
import { connected, post } from './client.ts';
import { reviewWith, statusMessage } from './hostile.ts';
import { looksUp } from './looking-up.ts';
import { type Serving, serving } from './serving.ts';

const good = reviewWith();
const BUSY = 'too many reviews are on their way; ask again';

describe('beyond what there is room for, a review is answered 429 at once, and asked again by the API server', () => {
  for (const [sentence, limits] of [
    ['reviews', { reviews: 2 }],
    ['bytes', { bytes: 2 * good.length }],
  ] as const) {
    test(`room for two, in ${sentence}`, async (t) => {
      const { server, found, waiting } = await busy(t, limits);
      const held = [posted(server), posted(server)];
      await waiting(2);
      const refused = await posted(server);
      assert.equal(statusMessage(refused, 429), BUSY);
      assert.equal(refused.headers['retry-after'], '1');
      found.resolve(undefined);
      for (const { status } of await Promise.all(held)) assert.equal(status, 200, 'what was taken in is decided');
      await roomAgain(server);
    });
  }

  test('a line a second at most, which says how many were passed over, and each is counted', async (t) => {
    let now = 5000;
    const { server, found, waiting } = await busy(t, { reviews: 1 }, () => now);
    const held = posted(server);
    await waiting(1);
    for (let i = 0; i < 3; i++) assert.equal((await posted(server)).status, 429);
    now += 1000;
    assert.equal((await posted(server)).status, 429);
    const lines = server.log.map(({ time: _, ...line }) => line);
    const line = { level: 40, msg: 'request refused', code: 429, reason: BUSY };
    assert.deepEqual(lines, [line, { ...line, passedOver: 2 }]);
    assert.match((await server.metrics.text()).body, /^portcullis_requests_refused_total\{code="429"\} 4$/m);
    found.resolve(undefined);
    assert.equal((await held).status, 200);
  });

  test('and so is one that was taken in, and that nobody could begin in time', async (t) => {
    const server = await serving(t, [looksUp], {
      deciding: async () => ({ status: 429, body: '{}', summary: { verdict: 'failed', rules: [] } }),
    });
    const { status, headers } = await posted(server);
    assert.deepEqual([status, headers['retry-after']], [429, '1']);
  });

  test('its connection is kept, and carries the next review', async (t) => {
    const { server, found, waiting } = await busy(t, { reviews: 1 });
    const held = posted(server);
    await waiting(1);
    const { send, answer } = await connected(t, server);
    const head = `POST /validate/policy HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${good.length}\r\n\r\n`;
    const review = Buffer.concat([Buffer.from(head), good]);
    send(review);
    assert.equal((await answer()).status, 429);
    found.resolve(undefined);
    assert.equal((await held).status, 200);
    await roomAgain(server);
    send(review);
    assert.equal((await answer()).status, 200);
  });
});

test('whoever hangs up makes no room: their review is still being decided', async (t) => {
  const { server, found, waiting } = await busy(t, { reviews: 1 });
  const { socket, send } = await connected(t, server);
  const head = `POST /validate/policy HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${good.length}\r\n\r\n`;
  send(Buffer.concat([Buffer.from(head), good]));
  await waiting(1);
  socket.destroy();
  const samples = async () => (await server.metrics.text()).body;
  await eventually('no request', async () => (await samples()).includes('portcullis_reviews_in_flight 0') || undefined);
  assert.equal((await posted(server)).status, 429);
  found.resolve(undefined);
  await roomAgain(server);
});

test('whoever hangs up in the middle of a body makes room', async (t) => {
  const { server, found } = await busy(t, { reviews: 1 });
  found.resolve(undefined);
  const { socket, send } = await connected(t, server);
  send(`POST /validate/policy HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{`);
  while ((await posted(server)).status !== 429);
  socket.destroy();
  await roomAgain(server);
});

const rooms: readonly [
  sentence: string,
  taken: readonly (number | undefined)[],
  asked: number | undefined,
  isIn: boolean,
][] = [
  ['the last byte of room', [60], 40, true],
  ['one byte more', [60], 41, false],
  ['one that says to be larger than the largest counts as that', [11], 1000, false],
  ['and has room where that has', [10], 1000, true],
  ['one whose length is not told counts as the largest', [11], undefined, false],
  ['and has room where that has', [10], undefined, true],
  ['an empty one, though nothing is left', [100], 0, true],
  ['as many as there may be', [1, 1, 1], 1, true],
  ['one more', [1, 1, 1, 1], 1, false],
];
describe('room for 100 bytes and four reviews, of 90 bytes at the most', () => {
  const lengthOf = (length: number | undefined) => ({
    headers: length === undefined ? {} : { 'content-length': String(length) },
  });
  for (const [sentence, taken, asked, isIn] of rooms) {
    test(`${isIn ? 'taken in' : 'refused'}: ${sentence}`, () => {
      const room = overload({ reviews: 4, bytes: 100 }, 90);
      for (const length of taken) assert.ok(room.admit(lengthOf(length)));
      assert.equal(room.admit(lengthOf(asked)) !== undefined, isIn);
    });
  }

  test('a body larger than all the room is taken in where nothing else is, and nothing beside it', () => {
    const room = overload({ reviews: 4, bytes: 100 }, 200);
    const leave = room.admit(lengthOf(150));
    assert.ok(leave);
    assert.equal(room.admit(lengthOf(0)), undefined);
    leave();
    assert.ok(room.admit(lengthOf(1)));
    assert.equal(room.admit(lengthOf(150)), undefined);
  });

  test('one that leaves twice makes room once', () => {
    const room = overload({ reviews: 1, bytes: 100 }, 90);
    const leave = room.admit(lengthOf(10));
    leave?.();
    assert.ok(room.admit(lengthOf(10)));
    leave?.();
    assert.equal(room.admit(lengthOf(10)), undefined);
  });
});

/** A server whose reviews all wait until `found` is settled; `waiting` resolves once so many do. */
async function busy(t: TestContext, limits: Partial<Limits>, now?: () => number) {
  const found = Promise.withResolvers<unknown>();
  let count = 0;
  let heard = Promise.withResolvers<void>();
  const lookups = {
    find() {
      count += 1;
      heard.resolve();
      heard = Promise.withResolvers();
      return found.promise;
    },
  };
  const server = await serving(t, [looksUp], { lookups, limits, ...(now === undefined ? {} : { now }) });
  const waiting = async (wanted: number) => {
    while (count < wanted) await heard.promise;
  };
  return { server, found, waiting };
}

/** An answer makes room once it is on its way, which its reader may know sooner. */
async function roomAgain(server: Serving): Promise<void> {
  await eventually('room', async () => ((await posted(server)).status === 200 ? true : undefined), { everyMs: 5 });
}

function posted(server: Serving) {
  return post(server, '/validate/policy', good);
}
