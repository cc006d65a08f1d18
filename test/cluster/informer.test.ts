import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { eventually } from '../e2e/eventually.ts';
import { type Asked, type FakeApiServer, fakeApiServer, refuse } from './fake-api-server.ts';
import { informed, soon } from './informed.ts';

const EXPIRED = { reason: 'Expired', message: 'too old resource version' };

test('all pages of a list are kept, without managedFields and with what a list leaves out', async (t) => {
  const fake = await fakeApiServer(t);
  for (const name of ['a', 'b', 'c', 'd', 'e']) fake.put(name, { spec: { of: name } });
  const { informer, has } = await informed(t, fake);
  await has('a', 'b', 'c', 'd', 'e');
  assert.equal(fake.count('list'), 3);
  assert.deepEqual(informer.get('default', 'e'), {
    apiVersion: 'test.example.com/v1',
    kind: 'Thing',
    metadata: { name: 'e', namespace: 'default', resourceVersion: '105' },
    spec: { of: 'e' },
  });
});

test('a list whose token expires between two pages begins anew, and after the second time without pages', async (t) => {
  const fake = await fakeApiServer(t);
  for (const name of ['a', 'b', 'c', 'd', 'e']) fake.put(name);
  const gone = ['a', 'b'];
  const expire = ({ query }: Asked, response: ServerResponse) => {
    if (query.continue === undefined) return false;
    fake.remove(gone.shift() ?? '', 'quietly');
    return refuse(response, 410, EXPIRED);
  };
  const end = fake.instead('list', expire, Number.POSITIVE_INFINITY);
  const { informer, has } = await informed(t, fake);
  await has('c', 'd', 'e');
  end();
  assert.deepEqual(
    ['a', 'b'].map((name) => informer.get('default', name)),
    [undefined, undefined],
  );
  const lists = fake.asked.filter(({ verb }) => verb === 'list').map(({ query }) => query);
  const pages = [{ limit: '500' }, { limit: '500', continue: '2' }];
  assert.deepEqual(lists, [...pages, ...pages, {}]);
});

test('what is made, changed and deleted arrives', async (t) => {
  const fake = await fakeApiServer(t);
  const { informer, has, lacks, watching } = await informed(t, fake);
  await watching();
  fake.put('a', { spec: 1 });
  await has('a');
  fake.put('a', { spec: 2 });
  fake.put('b');
  await has('b');
  assert.equal(informer.get('default', 'a')?.spec, 2);
  fake.remove('a');
  await lacks('a');
  assert.equal(fake.count('list'), 1);
});

for (const how of ['in order', 'cut', 'reset'] as const) {
  test(`a stream that ends (${how}) is taken up where it was, without a list`, async (t) => {
    const fake = await fakeApiServer(t);
    const { has, watching } = await informed(t, fake);
    await watching();
    fake.put('a');
    await has('a');
    // Half a line is no news.
    if (how !== 'in order') fake.write('{"type":"ADDED","object":{"metadata":{"name":"half"');
    fake.put('b', {}, 'quietly');
    fake.endWatches(how);
    await has('a', 'b');
    const versions = fake.asked.filter(({ verb }) => verb === 'watch').map(({ query }) => query.resourceVersion);
    assert.deepEqual(versions.slice(0, 2), ['100', '101']);
    assert.equal(fake.count('list'), 1);
  });
}

test('a connection that went silent is given up, and the watch taken up where it was', async (t) => {
  const fake = await fakeApiServer(t);
  // Accepts, and says nothing any more: not even the end that it was asked for.
  fake.instead('watch', (_, response) => response.writeHead(200).flushHeaders());
  const { has, log } = await informed(t, fake, {}, 0.2);
  await eventually('the silent watch', async () => fake.count('watch') > 0 || undefined, soon);
  fake.put('a');
  await has('a');
  assert.ok(
    log.lines.some((line) => line.includes('nothing from')),
    log.lines.join('\n'),
  );
  assert.equal(fake.count('list'), 1);
});

test('a watch that is not even accepted is given up', async (t) => {
  const fake = await fakeApiServer(t);
  fake.put('a');
  fake.instead('watch', () => undefined);
  const { has, watching } = await informed(t, fake);
  await watching();
  await has('a');
  assert.equal(fake.count('watch'), 2);
});

test('a quiet resource is watched again and again from the bookmarks, and listed once', async (t) => {
  const fake = await fakeApiServer(t);
  const lost: boolean[] = [];
  const { informer } = await informed(t, fake, { watching: (_, is) => lost.push(is) }, 0.05);
  await eventually('ten watches', async () => fake.count('watch') >= 10 || undefined, soon);
  assert.equal(fake.count('list'), 1);
  assert.ok(informer.isWatching());
  assert.deepEqual(lost, [true]);
});

const expiries: [what: string, act: (fake: FakeApiServer) => void][] = [
  [
    'an HTTP status',
    (fake) => {
      fake.instead('watch', (_, response) => refuse(response, 410, EXPIRED));
      fake.endWatches();
    },
  ],
  [
    'an event',
    (fake) => fake.write(`${JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code: 410, ...EXPIRED } })}\n`),
  ],
];
for (const [what, act] of expiries) {
  test(`a version that expired (410 as ${what}) means a new list, which also tells what is gone`, async (t) => {
    const fake = await fakeApiServer(t);
    fake.put('a');
    fake.put('b');
    const restarts: string[] = [];
    const { informer, has, lacks, watching } = await informed(t, fake, { restarted: (_, why) => restarts.push(why) });
    await has('a', 'b');
    await watching();
    fake.remove('a', 'quietly');
    fake.put('c', {}, 'quietly');
    act(fake);
    await lacks('a');
    await has('b', 'c');
    await watching();
    assert.equal(fake.count('list'), 2);
    assert.equal(restarts.at(-1), 'expired');
    assert.ok(informer.isSynced());
  });
}

test('an ERROR event of another kind is a broken stream, told in its words, and not a reason to list', async (t) => {
  const fake = await fakeApiServer(t);
  const { has, watching, log } = await informed(t, fake);
  await watching();
  fake.put('a', {}, 'quietly');
  const object = { kind: 'Status', code: 500, reason: 'InternalError', message: 'etcd is away' };
  fake.write(`${JSON.stringify({ type: 'ERROR', object })}\n`);
  await has('a');
  assert.equal(fake.count('list'), 1);
  assert.ok(log.lines[0]?.endsWith('etcd is away (500)'), log.lines[0]);
});

const garbage: [what: string, line: string][] = [
  ['is not JSON', 'upstream connect error'],
  ['is JSON and no event', '[1, 2]'],
  ['has no object', '{"type":"ADDED"}'],
  ['has a type that nobody knows', '{"type":"RENAMED","object":{"metadata":{"name":"a","resourceVersion":"7"}}}'],
  ['has an object without a name', '{"type":"ADDED","object":{"metadata":{"resourceVersion":"7"}}}'],
  ['has no resourceVersion', '{"type":"ADDED","object":{"metadata":{"name":"a"}}}'],
];
for (const [what, line] of garbage) {
  test(`after a line that ${what}, nothing is trusted but a new list`, async (t) => {
    const fake = await fakeApiServer(t);
    fake.put('a', { spec: 'right' });
    const { informer, has, watching, log } = await informed(t, fake);
    await watching();
    fake.put('b', {}, 'quietly');
    fake.write(`${line}\n`);
    await has('b');
    assert.equal(informer.get('default', 'a')?.spec, 'right');
    assert.equal(fake.count('list'), 2);
    assert.equal(log.lines.filter((said) => said.includes('not watched')).length, 1);
  });
}

test('an observer that throws is logged, and nothing else happens', async (t) => {
  const fake = await fakeApiServer(t);
  const fail = () => {
    throw new Error('an observer of the test');
  };
  const { has, watching, log } = await informed(t, fake, { watching: fail, objects: fail, restarted: fail });
  await watching();
  fake.put('a');
  fake.endWatches();
  fake.put('b');
  await has('a', 'b');
  assert.ok(log.lines.includes('an observer of things.test.example.com failed'), log.lines.join('\n'));
  assert.equal(fake.count('list'), 1);
});
