import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { connect } from '../../cluster/client.ts';
import { type InformerObserver, startInformer } from '../../cluster/informer.ts';
import { eventually } from '../e2e/eventually.ts';
import { type FakeApiServer, fakeApiServer, json, refuse, Thing } from './fake-api-server.ts';
import { keptLog } from './log.ts';

const soon = { everyMs: 5, timeoutMs: 10_000 };
const EXPIRED = { reason: 'Expired', message: 'too old resource version' };

/** An informer of the fake's things, with pauses of milliseconds. */
async function informed(t: TestContext, fake: FakeApiServer, observe: InformerObserver = {}, watchSeconds = 5) {
  const log = keptLog();
  const client = await connect({ kubeconfig: fake.kubeconfig, environment: {}, watchSeconds, graceMs: 300 });
  t.after(() => client.close());
  const backoff = { firstMs: 10, mostMs: 80 };
  const informer = startInformer({ client, kind: Thing, log, observe, backoff, random: () => 1 });
  t.after(() => informer.stop());
  const has = (...names: string[]) =>
    eventually(
      `the cache has ${names}`,
      async () => names.every((name) => informer.get('default', name)) || undefined,
      soon,
    );
  const lacks = (name: string) =>
    eventually(`the cache lacks ${name}`, async () => !informer.get('default', name) || undefined, soon);
  const watching = () => eventually('it is watching', async () => informer.isWatching() || undefined, soon);
  return { informer, client, log, has, lacks, watching };
}

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

test('a list whose token expires between two pages is listed again without pages', async (t) => {
  const fake = await fakeApiServer(t);
  for (const name of ['a', 'b', 'c']) fake.put(name);
  fake.instead('list', ({ query }, response) => (query.continue ? refuse(response, 410, EXPIRED) : false), 2);
  const { has } = await informed(t, fake);
  await has('a', 'b', 'c');
  const lists = fake.asked.filter(({ verb }) => verb === 'list').map(({ query }) => query);
  assert.deepEqual(lists, [{ limit: '500' }, { limit: '500', continue: '2' }, {}]);
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

for (const how of ['in order', 'cut'] as const) {
  test(`a stream that ends (${how}) is taken up where it was, without a list`, async (t) => {
    const fake = await fakeApiServer(t);
    const { has, watching } = await informed(t, fake);
    await watching();
    fake.put('a');
    await has('a');
    // Half a line is no news.
    if (how === 'cut') fake.write('{"type":"ADDED","object":{"metadata":{"name":"half"');
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

for (const code of [429, 500, 503]) {
  test(`an API server that answers ${code} is asked with growing pauses, and the first success ends them`, async (t) => {
    const fake = await fakeApiServer(t);
    fake.put('a');
    fake.instead('list', (_, response) => refuse(response, code, { reason: 'Some', message: 'not now' }), 5);
    const { has, watching } = await informed(t, fake);
    await has('a');
    const gaps = gapsBetween(fake, 'list').slice(0, 5);
    for (const [i, least] of [10, 20, 40, 80, 80].entries()) assert.ok((gaps[i] ?? 0) >= least - 2, `${gaps}`);
    await watching();
    fake.put('b');
    await has('b');
    fake.instead('watch', (_, response) => refuse(response, code, { reason: 'Some', message: 'not now' }));
    fake.endWatches();
    await eventually('a third watch', async () => fake.count('watch') >= 3 || undefined, soon);
    // From the beginning again, and not 80 ms.
    const [, pause = 0] = gapsBetween(fake, 'watch');
    assert.ok(pause < 60, `${pause}`);
  });
}

test('an API server that says how long to wait is left alone for so long, within bounds', async (t) => {
  const fake = await fakeApiServer(t);
  const busy = { reason: 'TooManyRequests', message: 'busy', details: { retryAfterSeconds: 3600 } };
  fake.instead('list', (_, response) => refuse(response, 429, busy));
  fake.put('a');
  const { has } = await informed(t, fake);
  await has('a');
  assert.ok((gapsBetween(fake, 'list')[0] ?? 0) >= 78);
});

test('an API server that is gone for a while is found again', async (t) => {
  const fake = await fakeApiServer(t);
  const { informer, has, watching } = await informed(t, fake);
  await watching();
  await fake.shut();
  await eventually('the loss is noticed', async () => !informer.isWatching() || undefined, soon);
  await eventually('why', async () => informer.problem()?.includes('cannot be reached') || undefined, soon);
  fake.put('a');
  await fake.reopen();
  await has('a');
  assert.equal(fake.count('list'), 1);
  assert.equal(informer.problem(), undefined);
});

for (const [code, reason, words] of [
  [403, 'Forbidden', 'things is forbidden: no RBAC'],
  [404, 'NotFound', 'the server could not find the requested resource'],
] as const) {
  test(`${code} is said once, and tried on until it changes`, async (t) => {
    const fake = await fakeApiServer(t);
    fake.put('a');
    const relent = fake.instead('list', (_, response) => refuse(response, code, { reason, message: words }), Infinity);
    const { informer, has, watching, log } = await informed(t, fake);
    await eventually('it is tried on', async () => fake.count('list') > 4 || undefined, soon);
    assert.deepEqual([informer.isSynced(), informer.isWatching()], [false, false]);
    assert.ok(informer.problem()?.includes(words), informer.problem());
    relent();
    await has('a');
    await watching();
    assert.deepEqual(log.lines, [
      `things.test.example.com are not watched: GET /apis/test.example.com/v1/things: ${words} (${code})`,
      'things.test.example.com are watched again',
    ]);
  });
}

test('an API server that ends each watch at once is not asked without pauses', async (t) => {
  const fake = await fakeApiServer(t);
  fake.instead('watch', (_, response) => response.writeHead(200).end(), 5);
  fake.put('a');
  const { has, watching } = await informed(t, fake);
  await has('a');
  await watching();
  await eventually('a sixth watch', async () => fake.count('watch') > 5 || undefined, soon);
  for (const [i, least] of [10, 20, 40, 80].entries()) {
    assert.ok((gapsBetween(fake, 'watch')[i] ?? 0) >= least - 2, `${gapsBetween(fake, 'watch')}`);
  }
  assert.equal(fake.count('list'), 1);
});

test('a list that is no list is a failure, and not an empty one', async (t) => {
  const fake = await fakeApiServer(t);
  fake.put('a');
  fake.instead('list', (_, response) => json(response, 200, { kind: 'ThingList', metadata: {}, items: [] }));
  fake.instead('list', (_, response) => json(response, 200, { metadata: { resourceVersion: '1' }, items: 'none' }));
  fake.instead('list', (_, response) => response.end('<html>'));
  const { has } = await informed(t, fake);
  await has('a');
  assert.equal(fake.count('list'), 4);
});

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

const states: [
  state: string,
  reach: (fake: FakeApiServer) => Promise<unknown>,
  prepare?: (fake: FakeApiServer) => void,
][] = [
  ['before anything was asked', async () => {}],
  [
    'while a list is not answered',
    (fake) => eventually('the list', async () => fake.count('list') > 0 || undefined, soon),
    (fake) => fake.instead('list', () => undefined, Infinity),
  ],
  [
    'while a watch is not answered',
    (fake) => eventually('the watch', async () => fake.count('watch') > 0 || undefined, soon),
    (fake) => fake.instead('watch', () => undefined, Infinity),
  ],
  ['while it watches', (fake) => eventually('the watch', async () => fake.watches() > 0 || undefined, soon)],
  [
    'while it waits to try again',
    (fake) => eventually('a refusal', async () => fake.count('list') > 1 || undefined, soon),
    (fake) => fake.instead('list', (_, response) => refuse(response, 500, {}), Infinity),
  ],
];
for (const [state, reach, prepare] of states) {
  test(`stopped ${state}, it leaves no timer, and the client's end no connection`, async (t) => {
    const fake = await fakeApiServer(t);
    prepare?.(fake);
    const before = timers();
    const { informer, client } = await informed(t, fake);
    await reach(fake);
    informer.stop();
    // `eventually` would bring timers of its own; the fake's end as its connections do.
    for (let turns = 0; timers() > before && turns < 10_000; turns++) await new Promise(setImmediate);
    assert.ok(timers() <= before, `${timers()} timers`);
    client.close();
    await eventually('no connection is left', async () => fake.connections() === 0 || undefined, soon);
    const count = fake.asked.length;
    await new Promise(setImmediate);
    assert.equal(fake.asked.length, count);
    assert.equal(informer.isWatching(), false);
  });
}

function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}

function gapsBetween(fake: FakeApiServer, verb: 'list' | 'watch'): number[] {
  const times = fake.asked.filter((one) => one.verb === verb).map(({ at }) => at);
  return times.slice(1).map((at, i) => at - (times[i] ?? at));
}
