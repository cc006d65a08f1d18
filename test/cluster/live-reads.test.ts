import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { eventually } from '../e2e/eventually.ts';
import { fakeApiServer, refuse } from './fake-api-server.ts';
import { soon } from './informed.ts';
import { looking } from './looking.ts';

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
