import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { connected, post } from './client.ts';
import { MARKER, policy } from './hostile.ts';
import { type Serving, serving } from './serving.ts';

// What is refused before it is a review: nobody but the log and the metrics would tell an operator of it.
const NOWHERE = 'there is no webhook of this path; the webhook configuration and the rules differ';
const text = { 'content-type': 'text/plain' };
const refusals: { [sentence: string]: [path: string, given: Parameters<typeof post>[3], code: number, line: object] } =
  {
    'a path of no webhook': ['/validate/nowhere', {}, 404, { path: '/validate/nowhere', reason: NOWHERE }],
    'a path of 300 characters is cut': [
      `/${'a'.repeat(299)}`,
      {},
      404,
      { path: `/${'a'.repeat(198)}…`, reason: NOWHERE },
    ],
    'a query is left out': [`/nowhere?token=${MARKER}`, {}, 404, { path: '/nowhere', reason: NOWHERE }],
    'a password in a path is hidden': ['//u:hunter2@h', {}, 404, { path: '//***@h', reason: NOWHERE }],
    'another method': [
      '/validate/policy',
      { method: 'PUT' },
      405,
      { path: '/validate/policy', reason: 'PUT is not for this path; an API server uses POST' },
    ],
    'a path that is no URL': ['/%', {}, 400, { path: '/%', reason: 'the path is not a valid URL' }],
    'another content type': [
      '/validate/policy?timeout=5s',
      { headers: text },
      415,
      { path: '/validate/policy', reason: 'Unsupported Media Type' },
    ],
  };

describe('a request that is refused is counted by its code, and a line of the log, without its body', () => {
  for (const [sentence, [path, given, code, line]] of Object.entries(refusals)) {
    test(sentence, async (t) => {
      const server = await serving(t, policy);
      assert.equal((await post(server, path, MARKER, given)).status, code);
      assert.deepEqual(linesOf(server), [{ level: 40, msg: 'request refused', code, ...line }]);
      assert.deepEqual(await refused(server), { [code]: 1 });
    });
  }

  test('a body that is too large', async (t) => {
    const server = await serving(t, policy, { limits: { body: 8 } });
    assert.equal((await post(server, '/validate/policy', MARKER)).status, 413);
    const [line] = linesOf(server);
    assert.deepEqual([line?.code, line?.path], [413, '/validate/policy']);
    assert.deepEqual(await refused(server), { 413: 1 });
  });

  test('a review is none of them, whatever comes of it', async (t) => {
    const server = await serving(t, policy);
    assert.equal((await post(server, '/validate/policy', '{}')).status, 400);
    assert.deepEqual(
      linesOf(server).map(({ msg }) => msg),
      ['review'],
    );
    assert.deepEqual(await refused(server), {});
  });
});

describe('what never became a request is counted each time, and logged once a second at most', () => {
  test('no HTTP, and headers that are too large', async (t) => {
    let now = 5000;
    const server = await serving(t, policy, { now: () => now });
    const send = (bytes: string) => sent(t, server, bytes);
    for (let i = 0; i < 5; i++) assert.equal(await send(`${MARKER}\r\n\r\n`), 400);
    const [first, ...more] = linesOf(server);
    const garbage = { level: 40, msg: 'request refused', code: 400, reason: 'this is not an HTTP/1.1 request' };
    assert.deepEqual(first, garbage);
    assert.deepEqual(more, []);
    now += 999;
    assert.equal(await send(`GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}`), 431);
    assert.equal(linesOf(server).length, 1);
    now += 1;
    await send('x\r\n\r\n');
    now += 1000;
    await send('x\r\n\r\n');
    assert.deepEqual(linesOf(server).slice(1), [{ ...garbage, passedOver: 5 }, garbage]);
    assert.deepEqual(await refused(server), { 400: 7, 431: 1 });
  });

  test('headers that do not come', async (t) => {
    const server = await serving(t, policy, { limits: { headers: 200, request: 400 } });
    assert.equal(await sent(t, server, 'GET / HTTP/1.1\r\n'), 408);
    const reason = 'the request did not arrive in time';
    assert.deepEqual(linesOf(server), [{ level: 40, msg: 'request refused', code: 408, reason }]);
    assert.deepEqual(await refused(server), { 408: 1 });
  });

  test('a body that does not come, and what follows from that is not told as well', async (t) => {
    const server = await serving(t, policy, { limits: { headers: 200, request: 400 } });
    const head =
      'POST /validate/policy HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n';
    const { socket, send, answer } = await connected(t, server);
    send(head);
    assert.equal((await answer()).status, 408);
    socket.destroy();
    const samples = async () => (await server.metrics.text()).body;
    while (!/^portcullis_reviews_in_flight 0$/m.test(await samples())) await post(server, '/nowhere', '{}');
    const lines = linesOf(server).filter(({ code }) => code !== 404);
    const reason = 'the request did not arrive in time';
    assert.deepEqual(lines, [{ level: 40, msg: 'request refused', code: 408, reason }]);
    const { 404: _, ...counted } = await refused(server);
    assert.deepEqual(counted, { 408: 1 });
  });

  test('they keep no line about a request from the log', async (t) => {
    const server = await serving(t, policy, { now: () => 0 });
    for (let i = 0; i < 3; i++) {
      await sent(t, server, 'x\r\n\r\n');
      await post(server, '/nowhere', '{}');
    }
    assert.deepEqual(
      linesOf(server).map(({ code }) => code),
      [400, 404, 404, 404],
    );
  });
});

/** The code of the answer to these bytes. */
async function sent(t: TestContext, server: Serving, bytes: string): Promise<number> {
  const connection = await connected(t, server);
  connection.send(bytes);
  const { status } = await connection.answer();
  connection.socket.destroy();
  return status;
}

function linesOf({ log }: Serving) {
  return log.map(({ time: _, ...line }) => line);
}

async function refused({ metrics }: Serving): Promise<{ [code: string]: number }> {
  const { body } = await metrics.text();
  const samples = body.matchAll(/^portcullis_requests_refused_total\{code="(\d+)"\} (\d+)$/gm);
  return Object.fromEntries([...samples].map(([, code, count]) => [code, Number(count)]));
}
