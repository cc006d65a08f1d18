import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { type Connection, connected, keptAlive, post } from './client.ts';
import { policy, reviewWith, verdictOn } from './hostile.ts';
import { lookingUp } from './looking-up.ts';
import { type Serving, serving } from './serving.ts';

const good = reviewWith();
/** So much longer than a drain takes that nobody can mistake one for the other. */
const FAR = 30_000;

/** Whether the server's end took a fraction of that: nothing was waited for. */
async function assertQuick(draining: Promise<void>): Promise<void> {
  const started = performance.now();
  await draining;
  assert.ok(performance.now() - started < FAR / 5, `${performance.now() - started} ms`);
}

test('while draining, every review is answered, and each answer ends its connection', async (t) => {
  const server = await serving(t, policy);
  const agent = keptAlive(t, server);
  const before = await post(server, '/mutate/policy', good, { agent });
  assert.equal(before.headers.connection, 'keep-alive');

  const draining = server.server.drain({ delay: 1500, deadline: FAR });
  const kept = await post(server, '/mutate/policy', good, { agent });
  assert.ok(kept.isReused, 'the connection from before');
  const fresh = await post(server, '/mutate/policy', good);
  const unknown = await post(server, '/mutate/other', good);
  for (const answer of [kept, fresh]) assert.equal(verdictOn('/mutate/policy', good, answer).kind, 'patched');
  const { request } = JSON.parse(good.toString());
  const later = await post(
    server,
    '/mutate/policy',
    JSON.stringify({ ...JSON.parse(good.toString()), request: { ...request, operation: 'CONNECT' } }),
  );
  assert.deepEqual([unknown.status, later.status], [503, 500], 'of rules that came later, successors know');
  for (const { headers } of [kept, fresh, unknown, later]) assert.equal(headers.connection, 'close');
  for (const { headers } of [unknown, later]) assert.equal(headers['retry-after'], '1');
  for (const { headers } of [kept, fresh]) assert.equal(headers['retry-after'], undefined);
  await draining;
  await assert.rejects(post(server, '/mutate/policy', good), { code: 'ECONNREFUSED' });
});

test('a review that is being decided when the server closes gets its answer', async (t) => {
  const { server, asked, found } = await lookingUp(t);
  const answer = post(server, '/validate/policy', good, { agent: keptAlive(t, server) });
  await asked;
  const draining = server.server.drain({ delay: 0, deadline: FAR });
  await refused(server);
  found.resolve({ metadata: { name: 'b' } });
  const { status, headers, body } = await answer;
  assert.equal(status, 200, body);
  assert.equal(JSON.parse(body).response.allowed, true);
  assert.equal(headers.connection, 'close');
  await assertQuick(draining);
});

test('a review that begins to arrive before the server closes, on a connection kept alive, is decided', async (t) => {
  const server = await serving(t, policy);
  const connection = await connected(t, server);
  const request = Buffer.concat([
    Buffer.from(`POST /mutate/policy HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n`),
    Buffer.from(`Content-Length: ${good.length}\r\n\r\n`),
    good,
  ]);
  connection.send(request);
  await connection.answer();
  connection.send(request.subarray(0, 60));
  // What was sent before this answer has arrived.
  await post(server, '/mutate/policy', good);
  const draining = server.server.drain({ delay: 0, deadline: FAR });
  await refused(server);
  connection.send(request.subarray(60));
  const answer = await connection.answer();
  assert.equal(verdictOn('/mutate/policy', good, answer).kind, 'patched', answer.body);
  assert.equal(answer.headers.connection, 'close');
  await assertQuick(draining);
});

/** Resolves once the server takes no more connections. */
async function refused({ port }: Serving): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const error = await once(socket, 'connect').catch((error: NodeJS.ErrnoException) => error);
    socket.destroy();
    if (error instanceof Error) return;
  }
}

const idle: { [sentence: string]: (t: TestContext, server: Serving) => Promise<Pick<Connection, 'ended'>> } = {
  'without a connection': async () => ({ ended: Promise.resolve() }),
  'with a connection that is kept alive': async (t, server) => {
    const connection = await connected(t, server);
    connection.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await connection.answer();
    return connection;
  },
  'with a connection that was never used, as the API server opens them in advance': connected,
};
for (const [sentence, begin] of Object.entries(idle)) {
  test(`an idle server ends at once, ${sentence}`, async (t) => {
    const server = await serving(t, policy);
    const { ended } = await begin(t, server);
    await assertQuick(server.server.drain({ delay: 0, deadline: FAR }));
    await ended;
  });
}

const stuck: { [sentence: string]: (t: TestContext, server: Serving) => Promise<unknown> } = {
  'in the middle of its headers': async (t, server) => (await connected(t, server)).send('POST /mutate/pol'),
  'in the middle of its body': async (t, server) => {
    const head = `POST /mutate/policy HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{`;
    (await connected(t, server)).send(head);
  },
  'before it has shaken hands': async (t, { port }) => {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    t.after(() => socket.destroy());
    await once(socket, 'connect');
  },
};
for (const [sentence, begin] of Object.entries(stuck)) {
  test(`a client that is stuck ${sentence} cannot hold the server beyond its deadline`, async (t) => {
    const server = await serving(t, policy);
    await begin(t, server);
    // What was sent before this answer has arrived.
    await post(server, '/mutate/policy', good);
    await assertQuick(server.server.drain({ delay: 0, deadline: 200 }));
  });
}
