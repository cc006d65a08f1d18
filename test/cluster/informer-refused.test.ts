import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../e2e/eventually.ts';
import { type FakeApiServer, fakeApiServer, json, refuse } from './fake-api-server.ts';
import { informed, soon } from './informed.ts';

for (const code of [429, 500, 503]) {
  test(`an API server that answers ${code} is asked with growing pauses, and the first success ends them`, async (t) => {
    const fake = await fakeApiServer(t);
    fake.put('a');
    fake.instead('list', (_, response) => refuse(response, code, { reason: 'Some', message: 'not now' }), 8);
    const { has, watching } = await informed(t, fake, {}, 5, { firstMs: 10, mostMs: 60_000 });
    await has('a');
    const gaps = gapsBetween(fake, 'list').slice(0, 8);
    for (const [i, least] of [10, 20, 40, 80, 160, 320, 640, 1280].entries()) {
      assert.ok((gaps[i] ?? 0) >= least - 2, `${gaps}`);
    }
    await watching();
    fake.put('b');
    await has('b');
    fake.instead('watch', (_, response) => refuse(response, code, { reason: 'Some', message: 'not now' }));
    fake.endWatches();
    await eventually('a third watch', async () => fake.count('watch') >= 3 || undefined, soon);
    // From the beginning again, with 10 ms, and not 2560.
    const [, pause = 0] = gapsBetween(fake, 'watch');
    assert.ok(pause < 2500, `${pause}`);
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
  await watching();
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

function gapsBetween(fake: FakeApiServer, verb: 'list' | 'watch'): number[] {
  const times = fake.asked.filter((one) => one.verb === verb).map(({ at }) => at);
  return times.slice(1).map((at, i) => at - (times[i] ?? at));
}
