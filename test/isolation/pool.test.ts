import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../e2e/eventually.ts';
import { asking, type Isolated, isolated } from './isolated.ts';

const OFTEN = { everyMs: 5 };

test('reviews are decided in their order, as many at once as there are workers', async (t) => {
  const workers = await isolated(t, { size: 1 });
  const order: number[] = [];
  const all = Array.from({ length: 20 }, async (_, i) => {
    const { allowed } = await workers.review();
    assert.equal(allowed, true);
    order.push(i);
  });
  assert.deepEqual(workers.state(), { workers: 1, waiting: 19, fault: undefined });
  await Promise.all(all);
  assert.deepEqual(
    order,
    Array.from({ length: 20 }, (_, i) => i),
  );
  assert.equal(workers.state().waiting, 0);
});

test('a stuck worker holds up nobody: the others decide meanwhile, and then there are as many as before', async (t) => {
  const workers = await isolated(t, { ruleMs: 3000 });
  const stuck = workers.review(asking({ fault: 'loop' }), { seconds: 30 });
  let longest = 0;
  let decided = 0;
  let isOver = false;
  void stuck.then(() => {
    isOver = true;
  });
  while (!isOver) {
    const { allowed, ms } = await workers.review();
    assert.equal(allowed, true);
    longest = Math.max(longest, ms);
    decided += 1;
    await pause(1);
  }
  assert.ok(decided > 100, `${decided}`);
  assert.ok(longest < 1500, `${longest} ms: half of what the stuck one takes`);
  assert.equal((await stuck).message, 'rule faulty failed: it did not end within 3 s');
  await eventually('two workers', async () => (workers.state().workers === 2 ? true : undefined), OFTEN);
});

test('while all workers are stuck, others help out and go again when nobody waits', async (t) => {
  const workers = await isolated(t, { size: 1, most: 2, ruleMs: 8000 });
  const stuck = workers.review(asking({ fault: 'loop' }), { seconds: 30 });
  const { allowed, ms } = await workers.review({}, { seconds: 30 });
  assert.equal(allowed, true);
  assert.ok(ms < 7000, `${ms} ms: it did not wait for the end of the stuck one`);
  assert.equal(workers.pids.length, 2);
  workers.close();
  assert.equal((await stuck).message, 'the server is ending');
});

test('there are never more workers than the most, however many reviews are stuck', async (t) => {
  const workers = await isolated(t, { size: 1, most: 2, ruleMs: 600 });
  const stuck = Array.from({ length: 3 }, () =>
    workers.review(asking({ ignored: 'loop' }), { webhook: 'ignored', seconds: 30 }),
  );
  let most = 0;
  while (workers.state().waiting > 0) {
    most = Math.max(most, living(workers).length);
    await pause(20);
  }
  for (const { allowed, warnings } of await Promise.all(stuck)) {
    assert.equal(allowed, true);
    assert.deepEqual(warnings, ['[faulty-ignored] failed: it did not end within 0.6 s']);
  }
  assert.ok(most <= 2, `${most}`);
  // One that is not needed goes with its next review.
  await eventually('one worker', async () => {
    assert.equal((await workers.review({}, { seconds: 30 })).allowed, true);
    return living(workers).length === 1 || undefined;
  });
});

test('reviews that no worker can begin within half of their time are told to ask again, in time', async (t) => {
  const workers = await isolated(t, { size: 1, most: 1, ruleMs: 8000 });
  const stuck = workers.review(asking({ fault: 'loop' }), { seconds: 30 });
  const { status, message, ms } = await workers.review({}, { seconds: 1 });
  assert.deepEqual([status, message], [429, 'no worker was free within half of the time of this review; ask again']);
  assert.ok(ms >= 440 && ms < 1050, `${ms} ms`);
  assert.equal(workers.state().waiting, 0);
  workers.close();
  await stuck;
});

test('a review that has no time is told to ask again, and costs no worker', async (t) => {
  const workers = await isolated(t, { size: 1, most: 1 });
  const { status, message = '', ms } = await workers.review(asking({ fault: 'loop' }), { seconds: 0 });
  assert.equal(status, 429);
  assert.match(message, /the time of this review/);
  assert.ok(ms < 500, `${ms} ms`);
  assert.equal((await workers.review()).allowed, true);
  assert.equal(workers.pids.length, 1);
});

test('a review whose own time ends while a rule runs is told so within it, and its worker is replaced', async (t) => {
  const workers = await isolated(t, { size: 1, most: 1 });
  // What is large may go on for longer than this review has.
  const asked = asking({ fault: 'loop', text: 'x'.repeat(8 * 2 ** 20) });
  // As an API server does, while its worker starts.
  const { message, ms } = await eventually('it has begun', async () => {
    const answered = await workers.review(asked, { seconds: 4 });
    return answered.status === 429 ? undefined : answered;
  });
  assert.equal(message, 'rule faulty failed: the time of this review is over');
  assert.ok(ms < 4000, `${ms} ms`);
  assert.equal((await workers.review()).allowed, true);
});

test('what is undecided when it closes has an answer, what comes later too, and no process is left', async (t) => {
  const workers = await isolated(t, { size: 1, most: 1 });
  const asked = [workers.review(asking({ fault: 'loop' })), workers.review(), workers.review()];
  workers.close();
  const later = workers.review();
  for (const { status, message } of await Promise.all([...asked, later])) {
    assert.deepEqual([status, message], [500, 'the server is ending']);
  }
  await eventually('their ends', async () => (living(workers).length === 0 ? true : undefined), OFTEN);
  assert.deepEqual(workers.log, []);
});

test('a worker that is killed while it is idle is replaced, and no review is lost', async (t) => {
  const workers = await isolated(t, { size: 1, most: 1 });
  const [first = 0] = workers.pids;
  process.kill(first, 'SIGKILL');
  const { allowed } = await workers.review();
  assert.equal(allowed, true);
  assert.equal(workers.pids.length, 2);
});

test('workers that are killed all at once, one before it had begun, lose no review', async (t) => {
  const workers = await isolated(t);
  for (const pid of workers.pids) process.kill(pid, 'SIGKILL');
  await eventually('another is starting', async () => workers.pids[2], OFTEN);
  process.kill(workers.pids[2] ?? 0, 'SIGKILL');
  const { allowed, message } = await workers.review();
  assert.deepEqual([allowed, message], [true, undefined]);
});

test('a review that ends one worker after the other leaves one to the others', async (t) => {
  const workers = await isolated(t);
  let least = 2;
  const counting = setInterval(() => {
    least = Math.min(least, workers.state().workers);
  }, 1);
  t.after(() => clearInterval(counting));
  const { message } = await workers.review(asking({ fault: 'exit' }), { seconds: 30 });
  assert.equal(message, 'rule faulty failed: it ended its process with code 3');
  assert.equal(least, 1);
});

test('a worker in which a rule keeps more and more memory is replaced between reviews, and no review is lost', async (t) => {
  const workers = await isolated(t, { size: 1, most: 1 });
  for (let i = 0; i < 22; i++) {
    const { allowed, message } = await workers.review(asking({ fault: 'keeps' }));
    assert.equal(allowed, true, message);
  }
  await eventually('another worker', async () => workers.pids[1], OFTEN);
});

function living({ pids }: Isolated): number[] {
  return pids.filter((pid) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  });
}
