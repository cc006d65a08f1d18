import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { connect } from '../../cluster/client.ts';
import { type LookupObserver, startLookups } from '../../cluster/lookups.ts';
import { eventually } from '../e2e/eventually.ts';
import { type FakeApiServer, fakeApiServer, json, refuse, Thing } from './fake-api-server.ts';
import { keptLog } from './log.ts';

const soon = { everyMs: 5, timeoutMs: 10_000 };

async function looking(t: TestContext, fake: FakeApiServer, { atOnce = 64, observe = {} as LookupObserver } = {}) {
  const client = await connect({ kubeconfig: fake.kubeconfig, environment: {} });
  t.after(() => client.close());
  const log = keptLog();
  const watching: boolean[] = [];
  const running = startLookups({
    client,
    kinds: [Thing, { ...Thing }],
    log,
    backoff: { firstMs: 10, mostMs: 20 },
    liveReadsAtOnce: atOnce,
    liveReadMs: 200,
    observe: { ...observe, watching: (_, is) => watching.push(is) },
  });
  t.after(() => running.stop());
  const find = (name: string, namespace = 'default') => running.lookups.find(Thing, namespace, name);
  const is = (state: boolean) =>
    eventually(`watching: ${state}`, async () => watching.at(-1) === state || undefined, soon);
  return { ...running, find, is, log };
}

/** From here on no watch is open, and none is accepted. */
async function withoutWatch(fake: FakeApiServer, is: (state: boolean) => Promise<unknown>) {
  const relent = fake.instead('watch', (_, response) => refuse(response, 503, {}), Infinity);
  fake.endWatches('cut');
  await is(false);
  return relent;
}

test('what the cache has is handed over as a copy, and nobody is asked', async (t) => {
  const fake = await fakeApiServer(t);
  fake.put('a', { spec: { list: [1] } });
  const { find, is } = await looking(t, fake);
  await is(true);
  const first = (await find('a')) as { spec: { list: number[] }; metadata: object };
  first.spec.list.push(2);
  Object.assign(first.metadata, { name: 'other' });
  const second = (await find('a')) as typeof first;
  assert.deepEqual(second.spec, { list: [1] });
  assert.equal((second.metadata as { name?: string }).name, 'a');
  assert.equal(fake.count('get'), 0);
});

test('a kind that is declared twice is listed and watched once', async (t) => {
  const fake = await fakeApiServer(t);
  const { is } = await looking(t, fake);
  await is(true);
  assert.deepEqual([fake.count('list'), fake.count('watch')], [1, 1]);
});

test('a miss is confirmed by one live read', async (t) => {
  const fake = await fakeApiServer(t);
  const results: string[] = [];
  const { find, is } = await looking(t, fake, { observe: { liveRead: (_, result) => results.push(result) } });
  await is(true);
  assert.equal(await find('nobody'), undefined);
  assert.deepEqual(
    fake.asked.filter(({ verb }) => verb === 'get').map(({ path }) => path),
    ['/apis/test.example.com/v1/namespaces/default/things/nobody'],
  );
  assert.deepEqual(results, ['not_found']);
});

test('an object that is younger than the news of it is found, as a rule sees it, and not put into the cache', async (t) => {
  const fake = await fakeApiServer(t);
  const { find, is } = await looking(t, fake);
  await is(true);
  fake.put('young', { spec: 1 }, 'quietly');
  assert.deepEqual(await find('young'), {
    apiVersion: 'test.example.com/v1',
    kind: 'Thing',
    metadata: { name: 'young', namespace: 'default', resourceVersion: '101' },
    spec: 1,
  });
  fake.remove('young', 'quietly');
  assert.equal(await find('young'), undefined);
  assert.equal(fake.count('get'), 2);
});

test('an object of another namespace is not found', async (t) => {
  const fake = await fakeApiServer(t);
  fake.put('a');
  const { find, is } = await looking(t, fake);
  await is(true);
  assert.equal(await find('a', 'other'), undefined);
});

test('before the first list, a lookup fails at once and says why, as readiness does', async (t) => {
  const fake = await fakeApiServer(t);
  fake.put('a');
  const forbidden = { reason: 'Forbidden', message: 'things is forbidden' };
  const relent = fake.instead('list', (_, response) => refuse(response, 403, forbidden), Infinity);
  const { find, unsynced, is } = await looking(t, fake);
  await assert.rejects(find('a'), /^Error: things\.test\.example\.com are not synced yet: they are being listed/);
  await eventually('why', async () => unsynced()[0]?.includes('forbidden') || undefined, soon);
  await assert.rejects(find('a'), /not synced yet: .*things is forbidden \(403\)/);
  assert.equal(fake.count('get'), 0);
  assert.deepEqual(unsynced(), [
    'things.test.example.com have not been listed yet: GET /apis/test.example.com/v1/things: things is forbidden (403)',
  ]);
  relent();
  await is(true);
  assert.deepEqual(unsynced(), []);
  assert.ok(await find('a'));
});

test('while the watch is broken the cache is not trusted, and it still counts as listed', async (t) => {
  const fake = await fakeApiServer(t);
  fake.put('a', { spec: 'old' });
  fake.put('b');
  const { find, is, unsynced } = await looking(t, fake);
  await is(true);
  const relent = await withoutWatch(fake, is);
  fake.put('a', { spec: 'new' });
  fake.remove('b');
  assert.equal(((await find('a')) as { spec: string }).spec, 'new');
  assert.equal(await find('b'), undefined);
  assert.deepEqual(unsynced(), []);
  relent();
  await is(true);
  await eventually('the cache again', async () => {
    const before = fake.count('get');
    assert.ok(await find('a'));
    return fake.count('get') === before || undefined;
  });
});

const refusals: [what: string, act: (response: ServerResponse) => unknown, words: RegExp][] = [
  [
    'a 404 of a resource that is not served',
    (response) =>
      refuse(response, 404, {
        reason: 'NotFound',
        message: 'the server could not find the requested resource',
        details: {},
      }),
    /could not find the requested resource/,
  ],
  [
    'a 404 about another object',
    (response) =>
      refuse(response, 404, { reason: 'NotFound', message: 'namespaces "x" not found', details: { name: 'x' } }),
    /namespaces "x" not found/,
  ],
  [
    'a 404 with another reason',
    (response) => refuse(response, 404, { reason: 'Gone', message: 'gone', details: { name: 'nobody' } }),
    /gone/,
  ],
  [
    'a 404 of something in between',
    (response) => response.writeHead(404).end('404 page not found'),
    /answered with 404/,
  ],
  [
    'a 403',
    (response) => refuse(response, 403, { reason: 'Forbidden', message: 'no', details: { name: 'nobody' } }),
    /no \(403\)/,
  ],
  ['a 500', (response) => refuse(response, 500, {}), /\(500\)/],
  ['a 200 that is no JSON', (response) => response.end('<html>'), /no JSON object/],
  ['an empty 200', (response) => response.end(), /no JSON object/],
  ['an answer that breaks off', (response) => response.writeHead(200, { 'content-length': 99 }).write('{'), /./],
  ['no answer within its time', () => undefined, /no answer from .* within 200 ms/],
];
for (const [what, act, words] of refusals) {
  test(`${what} is a failure, and never "not found"`, async (t) => {
    const fake = await fakeApiServer(t);
    const { find, is } = await looking(t, fake);
    await is(true);
    fake.instead('get', (_, response) => {
      act(response);
      if (what.includes('breaks off')) setImmediate(() => response.destroy());
    });
    await assert.rejects(find('nobody'), words);
    assert.equal(fake.count('get'), 1);
    assert.equal(await find('nobody'), undefined);
  });
}

test('those who ask for the same object at once share one read, and none gets the copy of another', async (t) => {
  const fake = await fakeApiServer(t);
  const { find, is } = await looking(t, fake);
  await is(true);
  fake.put('young', {}, 'quietly');
  const found = await Promise.all([find('young'), find('young'), find('young')]);
  assert.equal(fake.count('get'), 1);
  assert.equal(new Set(found).size, 3);
  assert.deepEqual(found[0], found[2]);
});

test('who asks while another is told "not found" is not told so of an object made meanwhile', async (t) => {
  const fake = await fakeApiServer(t);
  const { find, is } = await looking(t, fake);
  await is(true);
  const held: ServerResponse[] = [];
  fake.instead('get', (_, response) => held.push(response));
  const before = find('young');
  await eventually('the read', async () => held.length > 0 || undefined, soon);
  fake.put('young', {}, 'quietly');
  const after = [find('young'), find('young')];
  const [response] = held as [ServerResponse];
  refuse(response, 404, { reason: 'NotFound', message: 'not found', details: { name: 'young' } });
  assert.equal(await before, undefined);
  for (const found of await Promise.all(after)) assert.ok(found);
  assert.equal(fake.count('get'), 2);
});

test('one object too many at once is a failure, and the others are answered', async (t) => {
  const fake = await fakeApiServer(t);
  const { find, is } = await looking(t, fake, { atOnce: 2 });
  await is(true);
  const [first, second, third] = await Promise.allSettled([find('a'), find('b'), find('c')]);
  assert.deepEqual([first.status, second.status], ['fulfilled', 'fulfilled']);
  assert.match(
    String((third as PromiseRejectedResult).reason),
    /things\.test\.example\.com c: 2 objects are being looked up/,
  );
  assert.equal(await find('c'), undefined);
});

for (const name of ['', '.', '..', 'a/b', '../../../../api/v1/namespaces/default/secrets/x', 'a%2Fb', 'a\ud800']) {
  test(`nothing can be named ${JSON.stringify(name)}, so nobody is asked`, async (t) => {
    const fake = await fakeApiServer(t);
    const { find, is } = await looking(t, fake);
    await is(true);
    const before = fake.asked.length;
    assert.equal(await find(name), undefined);
    assert.equal(await find('a', name), undefined);
    assert.equal(fake.asked.length, before);
  });
}

for (const name of ['a?watch=true', 'a#b', 'a b', 'a\\b', 'ü', 'a\r\nx: y', 'x'.repeat(20_000)]) {
  test(`${JSON.stringify(name.slice(0, 20))} is asked for as one name`, async (t) => {
    const fake = await fakeApiServer(t);
    const { find, is } = await looking(t, fake);
    await is(true);
    let path = '';
    fake.instead('get', (asked, response) => {
      path = asked.path;
      json(response, 200, { metadata: { name } });
    });
    // A name that no server takes is a failure; all others arrive as they are.
    if (name.length > 10_000) await assert.rejects(find(name), (error: Error) => error.message.length < 1000);
    else assert.ok(await find(name));
    if (path !== '')
      assert.equal(decodeURIComponent(path), `/apis/test.example.com/v1/namespaces/default/things/${name}`);
  });
}

test('a kind that no rule declared is a failure', async (t) => {
  const fake = await fakeApiServer(t);
  const { lookups } = await looking(t, fake);
  const other = { ...Thing, resource: 'others' };
  await assert.rejects(
    lookups.find(other, 'default', 'a'),
    /others\.test\.example\.com are not among what this server looks up/,
  );
});

test('once stopped, whoever waits and whoever asks is rejected', async (t) => {
  const fake = await fakeApiServer(t);
  fake.put('a');
  const { find, is, stop } = await looking(t, fake);
  await is(true);
  fake.instead('get', () => undefined);
  const waiting = assert.rejects(find('nobody'), /the server is ending/);
  await eventually('the read', async () => fake.count('get') > 0 || undefined, soon);
  stop();
  await waiting;
  await assert.rejects(find('a'), /the server is ending/);
});

test('an observer that throws costs no answer', async (t) => {
  const fake = await fakeApiServer(t);
  const liveRead = () => {
    throw new Error('an observer of the test');
  };
  const { find, is, log } = await looking(t, fake, { observe: { liveRead } });
  await is(true);
  assert.equal(await find('nobody'), undefined);
  assert.ok(log.lines.includes('an observer of things.test.example.com failed'));
});
