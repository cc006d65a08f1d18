import assert from 'node:assert/strict';
import { createHook } from 'node:async_hooks';
import type { ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { connect } from '../../cluster/client.ts';
import { type KeptVersion, keepVersion } from '../../cluster/kept-version.ts';
import { eventually } from '../e2e/eventually.ts';
import { type FakeApiServer, fakeApiServer, json, refuse } from './fake-api-server.ts';
import { soon } from './informed.ts';

const HOUR = 3600_000;

/** The version of the fake's, asked again after 10 ms, and what was logged of it. */
async function keeping(t: TestContext, fake: FakeApiServer, { againMs = 10, firstMs = 10 } = {}) {
  const client = await connect({ kubeconfig: fake.kubeconfig, environment: {} });
  t.after(() => client.close());
  const lines: string[] = [];
  const line =
    (level: string) =>
    ({ kubernetes, reason }: { kubernetes?: string; reason?: string }, message: string) =>
      void lines.push(`${level}: ${message}: ${kubernetes ?? reason}`);
  const log = { info: line('info'), warn: line('warn') } as Parameters<typeof keepVersion>[1];
  const kept = keepVersion(client, log, { againMs, backoff: { firstMs, mostMs: 2 * firstMs } });
  t.after(() => kept.stop());
  return { ...kept, client, lines };
}

const says = (minor: string) => (_: unknown, response: ServerResponse) => json(response, 200, { major: '1', minor });
const known = ({ current }: KeptVersion, minor: number) =>
  eventually(`1.${minor}`, async () => current()?.minor === minor || undefined, soon);
/** Waits until the API server was asked so many times more. */
async function asked(fake: FakeApiServer, times: number): Promise<void> {
  const before = fake.count('other');
  await eventually(`${times} times`, async () => fake.count('other') >= before + times || undefined, soon);
}

test('the version is known once the API server has said it, and until then there is a reason why not', async (t) => {
  const fake = await fakeApiServer(t);
  const answer = Promise.withResolvers<ServerResponse>();
  fake.instead('other', (_, response) => answer.resolve(response));
  const kept = await keeping(t, fake);
  const response = await answer.promise;
  assert.deepEqual([kept.current(), kept.problem()], [undefined, 'it is being asked for the first time']);
  json(response, 200, { major: '1', minor: '31' });
  await eventually('the version', async () => kept.current(), soon);
  assert.deepEqual([kept.current(), kept.problem()], [{ major: 1, minor: 31 }, undefined]);
  assert.deepEqual(kept.lines, ['info: the API server: 1.31']);
});

test('it is asked again, an upgrade is known from then on, and each change is logged once', async (t) => {
  const fake = await fakeApiServer(t);
  fake.instead('other', says('31+'), 3);
  const upgraded = fake.instead('other', says('32'), Infinity);
  const kept = await keeping(t, fake);
  await known(kept, 32);
  await asked(fake, 3);
  upgraded();
  fake.instead('other', says('33'), Infinity);
  await known(kept, 33);
  assert.deepEqual(kept.lines, [
    'info: the API server: 1.31',
    'info: the API server: 1.32',
    'info: the API server: 1.33',
  ]);
});

test('once it is known, nobody asks again before the time', async (t) => {
  const [fake, clock] = [await fakeApiServer(t), await fakeApiServer(t)];
  const kept = await keeping(t, fake, { againMs: HOUR });
  await known(kept, 28);
  await keeping(t, clock);
  await asked(clock, 5);
  assert.equal(fake.count('other'), 1);
});

test('an API server that is older than any that is supported is told of, and its version is known all the same', async (t) => {
  const fake = await fakeApiServer(t);
  fake.instead('other', says('19'), Infinity);
  const kept = await keeping(t, fake);
  await known(kept, 19);
  assert.deepEqual(kept.lines, ['warn: this API server is older than any that Portcullis is made for: 1.19']);
});

const outages: [sentence: string, answer: (response: ServerResponse) => unknown][] = [
  ['connections that break', (response) => response.socket?.destroy()],
  ['refusals', (response) => refuse(response, 403, { message: 'not any more' })],
  ['answers that are no version', (response) => json(response, 200, { major: '1', minor: 'latest' })],
];
for (const [sentence, answer] of outages) {
  test(`what was known stays known through ${sentence}, without a word, until the next answer`, async (t) => {
    const fake = await fakeApiServer(t);
    fake.instead('other', says('31'));
    const outage = fake.instead('other', (_, response) => answer(response), Infinity);
    const kept = await keeping(t, fake);
    await known(kept, 31);
    await asked(fake, 4);
    assert.deepEqual([kept.current()?.minor, kept.problem()], [31, undefined]);
    outage();
    fake.instead('other', says('32'), Infinity);
    await known(kept, 32);
    assert.deepEqual(kept.lines, ['info: the API server: 1.31', 'info: the API server: 1.32']);
  });
}

const NOT_SAID = 'warn: the API server does not say its version: ';
const answers: [sentence: string, answer: (response: ServerResponse) => unknown, said: RegExp][] = [
  ['401', (response) => refuse(response, 401, { message: 'who?' }), /who\? \(401\)$/],
  ['403', (response) => refuse(response, 403, { message: 'not you' }), /not you \(403\)$/],
  ['404 in the words of something in between', (response) => response.writeHead(404).end('<html>'), /404, and not/],
  ['an object without a version', (response) => json(response, 200, {}), /names none$/],
  ['an empty minor version', (response) => json(response, 200, { major: '1', minor: '' }), /names none$/],
  ['numbers', (response) => json(response, 200, { major: 1, minor: 32 }), /names none$/],
  ['a minor version beyond all bounds', (response) => says('9'.repeat(40))(0, response), /names none$/],
];
for (const [sentence, answer, said] of answers) {
  test(`an API server that answers with ${sentence} is not waited for, and asked on`, async (t) => {
    const fake = await fakeApiServer(t);
    const relent = fake.instead('other', (_, response) => answer(response), Infinity);
    const kept = await keeping(t, fake);
    await asked(fake, 4);
    assert.deepEqual([kept.current(), kept.problem()], [undefined, undefined]);
    assert.equal(kept.lines.length, 1);
    assert.match(kept.lines[0] ?? '', said);
    assert.ok(kept.lines[0]?.startsWith(NOT_SAID));
    relent();
    await known(kept, 28);
    assert.equal(kept.lines.at(-1), 'info: the API server: 1.28');
  });
}

const silences: [sentence: string, answer: (response: ServerResponse) => unknown, problem: RegExp][] = [
  ['breaks the connection', (response) => response.socket?.destroy(), /cannot be reached/],
  ['sends a web page', (response) => response.end('<html>'), /no JSON object/],
  ['sends a list', (response) => response.end('[]'), /no JSON object/],
  ['sends nothing', (response) => response.end(), /no JSON object/],
  ['sends half an object', (response) => response.end('{"major": "1", "min'), /no JSON object/],
];
for (const [sentence, answer, problem] of silences) {
  test(`what ${sentence} has not answered: it is waited for, and the reason is told`, async (t) => {
    const fake = await fakeApiServer(t);
    const relent = fake.instead('other', (_, response) => answer(response), Infinity);
    const kept = await keeping(t, fake);
    await asked(fake, 4);
    assert.equal(kept.current(), undefined);
    assert.match(kept.problem() ?? '', problem);
    assert.equal(kept.lines.length, 1);
    relent();
    await known(kept, 28);
    assert.equal(kept.problem(), undefined);
  });
}

test('an API server that does not answer is asked again sooner than one that did', async (t) => {
  const fake = await fakeApiServer(t);
  fake.instead('other', (_, response) => refuse(response, 503, { message: 'starting' }), 3);
  await known(await keeping(t, fake, { againMs: HOUR }), 28);
});

const waits: [sentence: string, prepare: (fake: FakeApiServer) => unknown][] = [
  ['between two questions', () => undefined],
  ['while it waits to try again', (fake) => fake.instead('other', (_, response) => refuse(response, 500, {}))],
];
for (const [sentence, prepare] of waits) {
  test(`stopped ${sentence}, it leaves no timer`, async (t) => {
    const timers = longTimers(t);
    const fake = await fakeApiServer(t);
    prepare(fake);
    const kept = await keeping(t, fake, { againMs: HOUR, firstMs: HOUR });
    await eventually('it waits', async () => timers.size === 1 || undefined, soon);
    kept.stop();
    await eventually('no timer is left', async () => timers.size === 0 || undefined, soon);
    assert.equal(fake.count('other'), 1);
  });
}

test('stopped before it is answered, it leaves no request, and says nothing', async (t) => {
  const fake = await fakeApiServer(t);
  const [arrived, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  fake.instead('other', (_, response) => {
    response.on('close', ended.resolve);
    arrived.resolve();
  });
  const kept = await keeping(t, fake);
  await arrived.promise;
  kept.stop();
  // An answer that does not come ends by itself only after 10 s.
  await eventually('the request has ended', () => ended.promise.then(() => true), { timeoutMs: 5000 });
  assert.deepEqual([kept.lines, fake.count('other')], [[], 1]);
});

/** The timers that are set for half an hour and more from now on, those that keep no process alive among them. */
function longTimers(t: TestContext): ReadonlySet<number> {
  const timers = new Set<number>();
  const hook = createHook({
    init(id, type, _, timer) {
      const { _idleTimeout: ms = 0 } = timer as { _idleTimeout?: number };
      if (type === 'Timeout' && ms >= HOUR / 2) timers.add(id);
    },
    destroy: (id) => void timers.delete(id),
  }).enable();
  t.after(() => hook.disable());
  return timers;
}
