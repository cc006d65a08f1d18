import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Isolation, isolate } from '../../isolation/isolation.ts';
import type { Engine } from '../../webhook/engine.ts';
import { type Random, randomOf, seed } from '../patch/random.ts';
import { madeUpWorker, type Plan, RULE, type Start } from './made-up-worker.ts';

const INNOCENT: readonly Plan[] = ['answers', 'answers', 'answers', 'takes long', 'waits', 'waits', 'waits twice'];
const GUILTY: readonly Plan[] = [
  'answers and ends',
  'answers and stays busy',
  'ends',
  'ends and hands its channel on',
  'runs out of memory',
  'loops',
  'forges',
  'says that it is unable',
  'waits and loops',
];
const SIZE = 2;
const MOST = 4;
const LIVES = 8;

test('whatever workers do, each review has one answer, its own, within its time, and all workers come back', async (t) => {
  t.diagnostic(`SEED=${seed} repeats this run`);
  for (let i = 0; i < LIVES; i++) await live(t, seed + i);
});

test('that one could not start is no answer while those that could are replaced', async (t) => {
  const { pass, isolation, begins } = world(t, 1);
  await pass(1500);
  begins.as = () => 'unable';
  const large = isolation.decide(ZEROS, route('answers', 0), '/x?timeout=2s');
  await pass(1000);
  begins.as = () => 'well';
  const forged = [1, 2].map((id) => isolation.decide(ZEROS.subarray(0, 9), route('forges', id), '/x?timeout=10s'));
  const innocent: Promise<{ readonly body: string }>[] = [];
  for (let id = 3; id < 20; id++) {
    innocent.push(isolation.decide(ZEROS.subarray(0, 9), route('answers', id), '/x?timeout=10s'));
    await pass(1);
  }
  await pass(8000);
  for (const [i, { body }] of (await Promise.race([Promise.all(innocent), overdue(1)])).entries())
    assert.equal(body, `${i + 3}`);
  assert.equal((await Promise.race([large, overdue(1)])).status, 429);
  // Without the rule that forges they are decided.
  for (const { status } of await Promise.race([Promise.all(forged), overdue(1)])) assert.equal(status, 200);
});

async function live(t: TestContext, from: number): Promise<void> {
  const { random, later, pass, alive, isolation, begins } = world(t, from);
  await pass(1500);
  const asked: Promise<void>[] = [];
  const trouble = random.below(4) * 0.05;
  for (let n = 0; n < 150; n++) {
    const isGuilty = random.chance(trouble);
    const plan = random.pick(isGuilty ? GUILTY : INNOCENT);
    later(random.below(8000), () => asked.push(answered(isolation, { plan, id: n, random, from })));
  }
  begins.as = () => (random.chance(trouble) ? random.pick(['unable', 'ends', 'never']) : 'well');
  for (let ms = 0; ms < 20_000; ms += 500) {
    await pass(500);
    assert.ok(alive() <= MOST, `${alive()} workers (SEED=${from})`);
  }
  // In the end all start well, but for those that have begun to.
  begins.as = () => 'well';
  await pass(65_000);
  assert.equal(asked.length, 150);
  await Promise.race([Promise.all(asked), overdue(from)]);
  for (let n = 0; n < 20; n++) {
    const probe = isolation.decide(Buffer.alloc(n % 2 === 0 ? 10 : 2 * 2 ** 20), route('answers', n), '/x?timeout=5s');
    await pass(30);
    assert.equal((await Promise.race([probe, overdue(from)])).body, `${n}`, `SEED=${from}`);
  }
  await pass(5000);
  assert.deepEqual([isolation.state().waiting, isolation.state().workers, alive()], [0, SIZE, SIZE], `SEED=${from}`);
  const last = Array.from({ length: 5 }, (_, n) => isolation.decide(Buffer.alloc(10), route('loops', n), '/x'));
  await pass(random.below(60));
  isolation.close();
  for (const { status } of await Promise.race([Promise.all(last), overdue(from)])) assert.equal(status, 500);
  await pass(100);
  assert.equal(alive(), 0);
}

interface Sent {
  readonly plan: Plan;
  readonly id: number;
  readonly random: Random;
  readonly from: number;
}

async function answered(isolation: Isolation, { plan, id, random, from }: Sent): Promise<void> {
  const seconds = random.pick([1, 2, 5, 10]);
  const size = random.chance(0.04) ? 3 * 2 ** 20 : random.pick([100, 100, 10_000, 1_500_000]);
  const arrived = performance.now();
  const decided = await isolation.decide(ZEROS.subarray(0, size), route(plan, id), `/x?timeout=${seconds}s`);
  const told = `${plan} ${id}, of ${seconds} s and ${size} bytes: ${decided.body} (SEED=${from})`;
  const took = performance.now() - arrived;
  assert.ok(took <= seconds * 1000, `after ${took} ms: ${told}`);
  if (decided.status === 200) assert.equal(decided.body, `${id}`, told);
  else if (decided.status !== 429) assert.equal(decided.status, 500, told);
  if (INNOCENT.includes(plan)) assert.doesNotMatch(decided.body, new RegExp(`rule ${RULE}`), told);
}

const ZEROS = Buffer.alloc(3 * 2 ** 20);

function route(plan: Plan, id: number) {
  return { phase: 'validating', webhook: `${plan} ${id}` } as const;
}

/** All that is to come has come by now. */
async function overdue(from: number): Promise<never> {
  await turns();
  assert.fail(`a review has no answer (SEED=${from})`);
}

async function turns(): Promise<void> {
  for (let i = 0; i < 2; i++) await new Promise((resolve) => setImmediate(resolve));
}

interface Event {
  at: number;
  readonly happens: () => void;
  readonly everyMs: number | undefined;
  unref(): unknown;
}

/** Workers that no process is behind, in a time of their own. */
function world(t: TestContext, from: number) {
  const random = randomOf(from);
  let now = 1000;
  let events: Event[] = [];
  const later = (ms: number, happens: () => void, everyMs?: number) => {
    const event = { at: now + ms, happens, everyMs, unref: () => event };
    events.push(event);
    return event;
  };
  const cancel = (event: unknown) => {
    events = events.filter((other) => other !== event);
  };
  t.mock.restoreAll();
  t.mock.method(performance, 'now', () => now);
  t.mock.method(globalThis, 'setTimeout', (happens: () => void, ms: number) => later(ms, happens) as never);
  t.mock.method(globalThis, 'setInterval', (happens: () => void, ms: number) => later(ms, happens, ms) as never);
  t.mock.method(globalThis, 'clearTimeout', cancel);
  t.mock.method(globalThis, 'clearInterval', cancel);
  const begins: { as: () => Start } = { as: () => 'well' };
  const workers: ReturnType<typeof madeUpWorker>[] = [];
  const kind = { group: '', version: 'v1', kind: 'ConfigMap', resource: 'configmaps', scope: 'Namespaced' };
  const rules = [{ rule: { name: RULE, lookups: { a: { kind } } } }];
  const engine = { rules: { rules }, lookups: { find }, now: () => now } as unknown as Engine;
  const isolation = isolate({
    start() {
      const worker = madeUpWorker({ random, later }, begins.as());
      workers.push(worker);

      return worker;
    },
    engine,
    log: { info() {}, warn() {}, error() {} },
    size: SIZE,
    most: MOST,
  });
  return { random, later, pass, begins, isolation, alive: () => workers.filter(({ isAlive }) => isAlive).length };

  function find(): Promise<unknown> {
    const kindOf = random.below(10);
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    if (kindOf > 0) later(random.below(300), () => (kindOf === 1 ? reject(new Error('gone')) : resolve({})));
    return promise;
  }

  async function pass(ms: number): Promise<void> {
    for (const end = now + ms; now < end; ) {
      now = Math.min(end, ...events.map(({ at }) => at));
      const event = events.filter(({ at }) => at <= now)[0];
      if (event === undefined) continue;
      if (event.everyMs === undefined) cancel(event);
      else event.at += event.everyMs;
      event.happens();
      await turns();
    }
    await turns();
  }
}
