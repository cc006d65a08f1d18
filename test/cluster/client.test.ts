import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { ApiError, type ConnectOptions, connect } from '../../cluster/client.ts';
import { serverVersion } from '../../cluster/version.ts';
import { eventually } from '../e2e/eventually.ts';
import { type FakeApiServer, fakeApiServer, json, refuse, TOKEN } from './fake-api-server.ts';

const THING = '/apis/test.example.com/v1/namespaces/default/things/a';
const soon = { everyMs: 5, timeoutMs: 10_000 };

async function connected(t: TestContext, fake: FakeApiServer, options: Partial<ConnectOptions> = {}) {
  const client = await connect({ kubeconfig: fake.kubeconfig, environment: {}, ...options });
  t.after(() => client.close());
  return client;
}

test('an object arrives as it was sent: unknown fields, times as text, odd keys', async (t) => {
  const fake = await fakeApiServer(t);
  const client = await connected(t, fake);
  const text =
    '{"metadata":{"creationTimestamp":"2026-01-02T03:04:05Z","name":"a"},"spec":{"from":1,"_from":null,"__proto__":{"x":1}}}';
  fake.instead('get', (_, response) => response.end(text));
  assert.equal(JSON.stringify(await client.request('GET', THING)), text);
  assert.equal(client.server, fake.url);
});

test('a request carries its query, its body, its type and the credentials', async (t) => {
  const fake = await fakeApiServer(t);
  const client = await connected(t, fake);
  let body = '';
  fake.instead('get', (_, response, request) => {
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => json(response, 200, {}));
  });
  await client.request('PATCH', THING, {
    query: { fieldManager: 'a & b', dryRun: 'All' },
    body: [{ op: 'test', path: '', value: 'ü' }],
    contentType: 'application/json-patch+json',
  });
  const [asked] = fake.asked;
  assert.equal(asked?.method, 'PATCH');
  assert.deepEqual(asked?.query, { fieldManager: 'a & b', dryRun: 'All' });
  assert.equal(asked?.headers['content-type'], 'application/json-patch+json');
  assert.equal(asked?.headers.authorization, `Bearer ${TOKEN}`);
  assert.deepEqual(JSON.parse(body), [{ op: 'test', path: '', value: 'ü' }]);
});

test('a refusal has the code, the reason and the words of the API server', async (t) => {
  const fake = await fakeApiServer(t);
  const client = await connected(t, fake);
  const status = { reason: 'Conflict', message: 'the object has been modified', details: { name: 'a' } };
  fake.instead('get', (_, response) => refuse(response, 409, status));
  await assert.rejects(client.request('PUT', THING, { body: {} }), (error) => {
    assert.ok(error instanceof ApiError);
    assert.deepEqual([error.code, error.reason, error.details], [409, 'Conflict', { name: 'a' }]);
    assert.equal(error.message, `PUT ${THING}: the object has been modified (409)`);
    return true;
  });
});

const hostile: [what: string, act: (response: ServerResponse) => void][] = [
  ['a very long Status', (response) => refuse(response, 500, { reason: 'x'.repeat(9e5), message: 'y'.repeat(9e5) })],
  [
    'a Status that repeats the token',
    (response) => refuse(response, 500, { reason: 'No', message: `it was ${TOKEN}` }),
  ],
  ['a page that repeats the token', (response) => response.writeHead(502).end(`Authorization: Bearer ${TOKEN}`)],
  ['a Status with line breaks', (response) => refuse(response, 500, { message: 'one\ntwo\u001b[31m' })],
  ['a redirection', (response) => response.writeHead(302, { location: 'https://127.0.0.1:1/' }).end()],
  ['a Secret that is no JSON', (response) => void response.end(`{"data": ${TOKEN}}`)],
];
for (const [what, act] of hostile) {
  test(`${what} becomes a short message on one line, without the token`, async (t) => {
    const fake = await fakeApiServer(t);
    const client = await connected(t, fake);
    fake.instead('get', (_, response) => act(response));
    await assert.rejects(client.request('GET', THING), (error: Error) => {
      assert.ok(error.message.startsWith(`GET ${THING}: `), error.message);
      assert.ok(error.message.length < 800);
      assert.doesNotMatch(`${error.message}${JSON.stringify(error)}`, new RegExp(`${TOKEN}|[\\n\\u001b]`));
      return true;
    });
    assert.equal(fake.asked.length, 1);
  });
}

test('a request ends after its time, and the next one is not sent over a connection that went silent with it', async (t) => {
  const fake = await fakeApiServer(t);
  const client = await connected(t, fake);
  fake.put('a');
  const silent = new Set<unknown>();
  fake.instead(
    'get',
    (_, response, request) => {
      silent.add(request.socket);
      json(response, 200, {});
    },
    2,
  );
  await Promise.all([client.request('GET', THING), client.request('GET', THING)]);
  assert.equal(silent.size, 2);
  fake.instead('get', (_, __, request) => (silent.has(request.socket) ? undefined : false), Infinity);
  await assert.rejects(client.request('GET', THING, { timeoutMs: 50 }), /no answer from https:.* within 50 ms/);
  assert.ok(await client.request('GET', THING, { timeoutMs: 5000 }));
});

test('a request ends with its signal', async (t) => {
  const fake = await fakeApiServer(t);
  const client = await connected(t, fake);
  fake.instead('get', () => undefined);
  const ending = new AbortController();
  const waiting = client.request('GET', THING, { signal: ending.signal });
  await eventually('the request', async () => fake.asked.length > 0 || undefined, soon);
  ending.abort(new Error('enough'));
  await assert.rejects(waiting, /^Error: enough$/);
  await assert.rejects(client.request('GET', THING, { signal: ending.signal }), /^Error: enough$/);
  assert.equal(fake.asked.length, 1);
});

test('a kept connection that the API server closed meanwhile costs no read', async (t) => {
  const fake = await fakeApiServer(t);
  const client = await connected(t, fake);
  fake.put('a');
  await client.request('GET', THING);
  fake.instead('get', (_, response) => response.socket?.destroy());
  assert.ok(await client.request('GET', THING));
  assert.equal(fake.count('get'), 3);
});

test('a connection that is reset while a body is still being sent is a failure, and not the end of the process', async (t) => {
  const fake = await fakeApiServer(t);
  const client = await connected(t, fake);
  fake.instead('get', (_, response, request) => {
    request.pause();
    response.writeHead(413, { 'content-length': 10 }).flushHeaders();
    setTimeout(() => fake.endWatches('reset'), 50);
  });
  await assert.rejects(
    client.request('PUT', THING, { body: { data: 'x'.repeat(20_000_000) } }),
    /aborted|reset|EPIPE/i,
  );
});

test('at most 32 requests are in flight, and all are answered', async (t) => {
  const fake = await fakeApiServer(t);
  const client = await connected(t, fake);
  const other = await connected(t, fake);
  const held: ServerResponse[] = [];
  const relent = fake.instead('get', (_, response) => held.push(response), Infinity);
  const all = Promise.all(Array.from({ length: 100 }, () => client.request('GET', THING)));
  await eventually('32 requests', async () => held.length >= 32 || undefined, soon);
  // Time for a 33rd to arrive.
  for (let i = 0; i < 10; i++) await other.request('GET', '/version');
  assert.equal(held.length, 32);
  relent();
  fake.put('a');
  for (const response of held) json(response, 200, {});
  assert.equal((await all).length, 100);
});

test('the end of the client ends what is under way, and what comes after it', async (t) => {
  const fake = await fakeApiServer(t);
  const client = await connected(t, fake);
  fake.put('a');
  await Promise.all(Array.from({ length: 4 }, () => client.request('GET', THING)));
  const before = fake.asked.length;
  fake.instead('get', () => undefined);
  const waiting = assert.rejects(client.request('GET', THING), /was closed/);
  const watching = assert.rejects(
    client.watch('/apis/test.example.com/v1/things', {}, () => {}, new AbortController().signal),
    /was closed/,
  );
  await eventually('both', async () => fake.asked.length === before + 2 || undefined, soon);
  client.close();
  await Promise.all([waiting, watching]);
  await assert.rejects(client.request('GET', THING), /was closed/);
  await eventually('no connection is left', async () => fake.connections() === 0 || undefined, soon);
});

test('a server whose certificate is not of the CA is not asked', async (t) => {
  const fake = await fakeApiServer(t);
  const other = await fakeApiServer(t);
  const client = await connected(t, fake);
  await fake.shut();
  await assert.rejects(client.request('GET', THING), /127\.0\.0\.1:\d+ cannot be reached: connect ECONNREFUSED/);
  await fake.reopen();
  const config = JSON.parse(await readFile(fake.kubeconfig, 'utf8'));
  config.clusters[0].cluster.server = other.url;
  await writeFile(fake.kubeconfig, JSON.stringify(config));
  const misled = await connected(t, fake);
  await assert.rejects(misled.request('GET', THING), /cannot be reached: .*(verify|certificate)/);
  assert.equal(other.asked.length, 0);
});

for (const [minor, version] of [
  ['20', { major: 1, minor: 20 }],
  ['28+', { major: 1, minor: 28 }],
] as const) {
  test(`an API server that calls its minor version ${minor} is ${version.major}.${version.minor}`, async (t) => {
    const fake = await fakeApiServer(t);
    fake.instead('other', (_, response) => json(response, 200, { major: '1', minor }));
    assert.deepEqual(await serverVersion(await connected(t, fake)), version);
    assert.equal(fake.asked[0]?.path, '/version');
  });
}

for (const answer of [{}, { major: '1', minor: '' }, { major: '', minor: '20' }, { major: 1, minor: 20 }]) {
  test(`${JSON.stringify(answer)} is no version`, async (t) => {
    const fake = await fakeApiServer(t);
    fake.instead('other', (_, response) => json(response, 200, answer));
    assert.equal(await serverVersion(await connected(t, fake)), undefined);
  });
}
