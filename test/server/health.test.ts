import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createHealthServer } from '../../webhook/health.ts';
import { createMetrics, type Metrics } from '../../webhook/metrics.ts';
import type { Answer } from './client.ts';
import { policy, statusMessage } from './hostile.ts';
import { serving } from './serving.ts';

interface Health {
  readonly port: number;
  get(path: string, options?: RequestInit): Promise<Answer>;
}

async function healthOf(
  t: TestContext,
  unready: () => readonly string[],
  metrics: Metrics,
  status: () => object = () => ({}),
): Promise<Health> {
  const server = createHealthServer(unready, metrics, status);
  const port = await server.listen('127.0.0.1', 0);
  t.after(() => server.close());
  return {
    port,
    async get(path, options = {}) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, options);
      const headers = Object.fromEntries(response.headers);
      return { status: response.status, headers, body: await response.text(), isReused: false };
    },
  };
}

test('a server that lacks something lives and is not ready, and says what it lacks', async (t) => {
  let missing: readonly string[] = [];
  const health = await healthOf(t, () => missing, createMetrics());
  const ready = await health.get('/readyz');
  assert.deepEqual([ready.status, ready.body], [200, 'ok']);

  missing = ['the server is ending', 'Websites are not synced'];
  const message = statusMessage(await health.get('/readyz'), 503);
  assert.equal(message, 'not ready: the server is ending; Websites are not synced');
  const live = await health.get('/livez');
  assert.deepEqual([live.status, live.body], [200, 'ok']);

  missing = [];
  assert.equal((await health.get('/readyz')).status, 200);
});

test('while the server drains, readiness fails and the metrics can still be read', async (t) => {
  let isDraining = false;
  const server = await serving(t, policy);
  const health = await healthOf(t, () => (isDraining ? ['the server is ending'] : []), server.metrics);
  isDraining = true;
  const draining = server.server.drain({ delay: 100, deadline: 1000 });
  assert.equal(statusMessage(await health.get('/readyz'), 503), 'not ready: the server is ending');
  assert.equal((await health.get('/livez')).status, 200);
  await draining;
  assert.equal((await health.get('/metrics')).status, 200);
});

test('an error of a check is no readiness, and is not told to strangers', async (t) => {
  const unready = (): never => {
    throw new Error('password');
  };
  const health = await healthOf(t, unready, createMetrics(), unready);
  for (const path of ['/readyz', '/status']) {
    assert.equal(statusMessage(await health.get(path), 500), 'internal error');
  }
});

test('the status is told as JSON, as it is when it is asked for, and whether it is ready or not', async (t) => {
  let problems = ['nothing is registered: nobody is asked'];
  const health = await healthOf(
    t,
    () => problems,
    createMetrics(),
    () => ({ version: 1, problems }),
  );
  const first = await health.get('/status');
  assert.deepEqual([first.status, first.headers['content-type']], [200, 'application/json; charset=utf-8']);
  assert.deepEqual(JSON.parse(first.body), { version: 1, problems });
  problems = [];
  assert.deepEqual(JSON.parse((await health.get('/status')).body), { version: 1, problems: [] });
});

test('there is nothing else on the port of health', async (t) => {
  const health = await healthOf(t, () => [], createMetrics());
  const nothing = 'there is nothing here but /livez, /readyz, /status and /metrics';
  for (const path of ['/', '/livez/', '/mutate/policy', '/readyz/more', '/%41', '/__proto__']) {
    assert.equal(statusMessage(await health.get(path), 404), nothing, path);
  }
  for (const method of ['POST', 'PUT', 'DELETE']) {
    assert.equal(statusMessage(await health.get('/livez', { method }), 404), nothing, method);
  }
});

test('bytes that are no HTTP get a Status there too', async (t) => {
  const { port, get } = await healthOf(t, () => [], createMetrics());
  const socket = connect(port, '127.0.0.1');
  t.after(() => socket.destroy());
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.write('GARBAGE\r\n\r\n');
  await once(socket, 'end');
  assert.match(text, /^HTTP\/1\.1 400 Bad Request\r\n.*"kind":"Status".*"message":"this is not an HTTP\/1.1 request"/s);
  assert.equal((await get('/livez')).status, 200);
});
