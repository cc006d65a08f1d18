import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Lookups } from '../../webhook/lookup.ts';
import { eventually } from '../e2e/eventually.ts';
import { about, asking, isolated, looksUp } from './isolated.ts';

const patient = { ...looksUp, seconds: 30 };

/** Lookups that are answered when the test says so, but for one. */
function held() {
  const answer = Promise.withResolvers<void>();
  const asked: string[] = [];
  const lookups: Lookups = {
    async find(_, __, name) {
      asked.push(name);
      await (name === 'never' ? new Promise(() => {}) : answer.promise);
      return { metadata: { name }, data: { value: name } };
    },
  };
  return { lookups, asked, answer: answer.resolve };
}

test('reviews that wait for what they look up hold up nobody: a worker begins others, and each gets what is its own', async (t) => {
  const { lookups, asked, answer } = held();
  const workers = await isolated(t, { size: 1, most: 1, lookups });
  const waiting = Array.from({ length: 200 }, (_, i) => workers.review(about({ first: `n${i}` }), patient));
  await eventually('all of them asked', async () => asked.length === 200 || undefined);
  assert.equal(workers.state().waiting, 0);
  assert.equal((await workers.review()).allowed, true);
  answer();
  for (const [i, review] of waiting.entries()) assert.equal((await review).warnings?.[0], `[looks-up] first: n${i}`);
  assert.deepEqual([workers.pids.length, workers.log], [1, []]);
});

test('as many large ones as one worker can hold wait there; the next begin when those are over', async (t) => {
  const { lookups, asked, answer } = held();
  const workers = await isolated(t, { size: 1, most: 1, lookups });
  const padding = 'x'.repeat(500_000);
  const waiting = Array.from({ length: 6 }, (_, i) => workers.review(about({ first: `n${i}`, padding }), looksUp));
  await eventually('four of them asked', async () => asked.length === 4 || undefined);
  assert.equal((await workers.review()).allowed, true, 'a small one still has room');
  assert.equal(workers.state().waiting, 2);
  answer();
  for (const review of waiting) assert.equal((await review).allowed, true);
});

for (const fault of ['exit', 'loop']) {
  test(`a rule that ends a worker (${fault}) in which others wait is found; those are decided elsewhere, ask nothing again, and are blamed for nothing`, async (t) => {
    const { lookups, asked, answer } = held();
    const workers = await isolated(t, { size: 2, lookups, ruleMs: 300 });
    const waiting = Array.from({ length: 20 }, (_, i) => workers.review(about({ first: `n${i}` }), patient));
    await eventually('all of them asked', async () => asked.length === 20 || undefined);
    for (let round = 0; round < 2; round++) {
      const { message = '' } = await workers.review(asking({ fault }), { seconds: 30 });
      assert.match(message, /^rule faulty failed: it (ended its process with code 3|did not end within 0\.3 s)$/);
    }
    answer();
    for (const [i, review] of waiting.entries()) {
      const { warnings, message } = await review;
      assert.equal(warnings?.[0], `[looks-up] first: n${i}`, message);
    }
    assert.equal(asked.length, 20);
    assert.deepEqual([...new Set(workers.log.map(([, rule]) => rule))], [undefined, 'faulty']);
  });
}

test('a rule that ends its worker while its own review waits there, beside others, is the failure of that review alone', async (t) => {
  const { lookups, asked, answer } = held();
  const workers = await isolated(t, { size: 2, lookups });
  const waiting = Array.from({ length: 10 }, (_, i) => workers.review(about({ first: `n${i}` }), patient));
  await eventually('all of them asked', async () => asked.length === 10 || undefined);
  const guilty = workers.review(about({ first: 'never', second: 'exit later' }), patient);
  await eventually('two ends', async () => workers.pids[3]);
  answer();
  for (const review of waiting) assert.equal((await review).allowed, true, (await review).message);
  assert.equal((await guilty).message, 'the review could not be decided: it ended its process with code 0');
});

test('a review that has to leave a worker after half of its time is decided elsewhere: it has begun', async (t) => {
  const { lookups, asked, answer } = held();
  const workers = await isolated(t, { size: 2, lookups });
  const waiting = workers.review(about({ first: 'n' }), { ...looksUp, seconds: 15 });
  await eventually('it has asked', async () => asked.length === 1 || undefined);
  await pause(7000);
  for (const pid of workers.pids) process.kill(pid, 'SIGKILL');
  answer();
  const { allowed, message } = await waiting;
  assert.equal(allowed, true, message);
});

test('reviews that wait in a worker that another holds up are decided elsewhere, long before that has its answer', async (t) => {
  const { lookups, asked, answer } = held();
  const workers = await isolated(t, { size: 2, lookups, ruleMs: 20_000 });
  const waiting = Array.from({ length: 10 }, (_, i) => workers.review(about({ first: `n${i}` }), patient));
  await eventually('all of them asked', async () => asked.length === 10 || undefined);
  const stuck = workers.review(asking({ fault: 'loop' }), { seconds: 30 });
  answer();
  for (const review of waiting) assert.equal((await review).allowed, true);
  assert.deepEqual(workers.log, [], 'it is still at it');
  workers.close();
  assert.equal((await stuck).message, 'the server is ending');
});
