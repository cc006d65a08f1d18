import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../e2e/eventually.ts';
import { type FakeApiServer, fakeApiServer, json, refuse, Thing } from './fake-api-server.ts';
import { soon } from './informed.ts';
import { looking } from './looking.ts';

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

test('after an outage, the cache is not trusted before the watch could tell what happened meanwhile', async (t) => {
  const fake = await fakeApiServer(t);
  fake.put('a', { spec: 'old' });
  const { find, is } = await looking(t, fake, { firstMs: 300 });
  await is(true);
  const relent = await withoutWatch(fake, is);
  fake.put('a', { spec: 'new' });
  relent();
  // An API server accepts the watch first. What happened, or that it knows no more, comes behind that.
  const expired = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' };
  let isAccepted = false;
  fake.instead('watch', (_, response) => {
    response.writeHead(200).flushHeaders();
    isAccepted = true;
    setTimeout(() => response.end(`${JSON.stringify({ type: 'ERROR', object: expired })}\n`), 100);
  });
  await eventually('the watch', async () => isAccepted || undefined, soon);
  for (const lists = fake.count('list'); fake.count('list') === lists; ) {
    assert.equal(((await find('a')) as { spec: string }).spec, 'new');
  }
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

test('how it stands with a kind is told: not listed, watched, and cut off', async (t) => {
  const fake = await fakeApiServer(t);
  const permitted = fake.instead('list', (_, response) => refuse(response, 403, { message: 'forbidden' }), Infinity);
  const { states, is } = await looking(t, fake, { isOptional: true });
  const kind = { resource: 'things.test.example.com', isOptional: true };
  const refused = await eventually('why', async () => states().find(({ problem }) => problem?.includes('403')), soon);
  assert.deepEqual({ ...refused, problem: '' }, { ...kind, isSynced: false, isWatched: false, problem: '' });
  permitted();
  await is(true);
  assert.deepEqual(states(), [{ ...kind, isSynced: true, isWatched: true }]);
  await fake.shut();
  await is(false);
  const [cut] = states();
  assert.deepEqual({ ...cut, problem: '' }, { ...kind, isSynced: true, isWatched: false, problem: '' });
});
