import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { Deciding } from '../../webhook/deciding.ts';
import type { Limits } from '../../webhook/limits.ts';
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
    const review = Buffer.concat([headOf(good.length), good]);
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
  send(Buffer.concat([headOf(good.length), good]));
  await waiting(1);
  socket.destroy();
  await inFlight(server, 0);
  assert.equal((await posted(server)).status, 429);
  found.resolve(undefined);
  await roomAgain(server);
});

test('whoever hangs up in the middle of a body makes room', async (t) => {
  const { server, found } = await busy(t, { bytes: good.length });
  found.resolve(undefined);
  const { socket, send } = await connected(t, server);
  send(Buffer.concat([headOf(good.length), good.subarray(0, 1)]));
  while ((await posted(server)).status !== 429);
  socket.destroy();
  await roomAgain(server);
});

describe('clients that say to send much, and do not', () => {
  test('hold no room by their words', async (t) => {
    const { server, found } = await busy(t, { bytes: 4 * good.length, reviews: 2 });
    found.resolve(undefined);
    for (let i = 0; i < 10; i++) {
      const { send } = await connected(t, server);
      send(Buffer.concat([headOf(3 * good.length), good.subarray(0, 1)]));
    }
    await inFlight(server, 10);
    for (let i = 0; i < 10; i++) assert.equal((await posted(server)).status, 200);
  });

  test('give way after a second, with an answer, and their connection is kept', async (t) => {
    let now = 5000;
    const { server, found } = await busy(t, { bytes: 2 * good.length }, () => now);
    found.resolve(undefined);
    const slow = await connected(t, server);
    slow.send(Buffer.concat([headOf(2 * good.length), good, good.subarray(1)]));
    while ((await posted(server)).status !== 429);
    now += 999;
    assert.equal((await posted(server)).status, 429, 'not sooner');
    now += 1;
    assert.equal((await posted(server)).status, 200);
    const refused = await slow.answer();
    assert.equal(statusMessage(refused, 429), BUSY);
    assert.equal(refused.headers['retry-after'], '1');
    // What was still to come of it is no review, and what follows is.
    slow.send(Buffer.concat([good.subarray(0, 1), headOf(good.length), good]));
    assert.equal((await slow.answer()).status, 200);
    await roomAgain(server);
  });
});

test('whoever does not take the answer makes room in the end', async (t) => {
  // More than the buffers of a connection on one machine hold.
  const long = JSON.stringify('x'.repeat(24e6));
  const bodies = [long];
  const deciding: Deciding = async () => {
    return { status: 200, body: bodies.shift() ?? '{}', summary: { verdict: 'allowed', rules: [] } };
  };
  const server = await serving(t, [looksUp], { deciding, limits: { reviews: 1, request: 250 } });
  const { socket, send } = await connected(t, server);
  socket.pause();
  send(Buffer.concat([headOf(good.length), good]));
  while ((await posted(server)).status !== 429);
  await roomAgain(server);
});

test('whoever decides may have no room either, and is asked again just so', async (t) => {
  const deciding: Deciding = async () => ({ status: 429, body: '{}', summary: { verdict: 'failed', rules: [] } });
  const { status, headers } = await posted(await serving(t, [looksUp], { deciding }));
  assert.deepEqual([status, headers['retry-after']], [429, '1']);
});

test('a review whose decision fails makes room', async (t) => {
  const deciding: Deciding = () => Promise.reject(new Error('a mistake'));
  const server = await serving(t, [looksUp], { deciding, limits: { reviews: 1 } });
  for (let i = 0; i < 3; i++) assert.equal((await posted(server)).status, 500);
});

test('a body whose length is not told is refused where it exceeds the room, and no sooner', async (t) => {
  const { server, found } = await busy(t, { bytes: 2 * good.length });
  found.resolve(undefined);
  const chunked = (body: Buffer) => post(server, '/validate/policy', body, { isChunked: true });
  const padding = Buffer.alloc(good.length, ' ');
  assert.equal((await chunked(Buffer.concat([good, padding]))).status, 200);
  await roomAgain(server);
  assert.equal(statusMessage(await chunked(Buffer.concat([good, padding, padding.subarray(1)])), 429), BUSY);
  await roomAgain(server);
});

test('a body for a path that is none takes no room, and its connection ends with a server that drains', async (t) => {
  const { server } = await busy(t, { bytes: good.length });
  const { send, answer, ended } = await connected(t, server);
  const head = Buffer.from(
    headOf(2 * good.length)
      .toString()
      .replace('/policy', '/nowhere'),
  );
  const whole = Buffer.concat([head, good, good]);
  send(whole);
  assert.equal((await answer()).status, 404);
  const drained = server.server.drain({ delay: 100, deadline: 100 });
  send(whole);
  const { status, headers } = await answer();
  assert.deepEqual([status, headers['retry-after'], headers.connection], [503, '1', 'close']);
  await Promise.all([ended, drained]);
});

test('an answer to a body that is still coming closes no connection, however old: the reset would overtake it', async (t) => {
  const { server, found } = await busy(t, { bytes: good.length, connection: 0 });
  found.resolve(undefined);
  const { send, answer, ended } = await connected(t, server);
  const whole = Buffer.concat([headOf(good.length), good]);
  send(whole);
  assert.deepEqual((await answer()).headers.connection, 'keep-alive');
  send(headOf(good.length + 1));
  assert.equal((await answer()).status, 429);
  send(Buffer.concat([good, Buffer.from(' '), whole]));
  const last = await answer();
  assert.deepEqual([last.status, last.headers.connection], [200, 'close']);
  await ended;
});

test('a connection that is one too many is closed without a word, once a second in words of the log, until another goes', async (t) => {
  const { server } = await busy(t, { connections: 2 });
  const first = await connected(t, server);
  await connected(t, server);
  for (const _ of [1, 2]) await assert.rejects(connected(t, server), { code: 'ECONNRESET' });
  assert.match((await server.metrics.text()).body, /^portcullis_connections_dropped_total 2$/m);
  const lines = server.log.map(({ time: _, ...line }) => line);
  assert.deepEqual(lines, [{ level: 40, reason: 'there are too many connections', msg: 'connection closed' }]);
  first.socket.destroy();
  await eventually('room', () => connected(t, server));
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

async function inFlight(server: Serving, count: number): Promise<void> {
  const line = `\nportcullis_reviews_in_flight ${count}\n`;
  await eventually('so many', async () => (await server.metrics.text()).body.includes(line) || undefined);
}

function headOf(length: number): Buffer {
  const head = 'POST /validate/policy HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';
  return Buffer.from(`${head}Content-Length: ${length}\r\n\r\n`);
}
