import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually } from '../e2e/eventually.ts';
import { asking, type Isolated, isolated } from './isolated.ts';

/** What a rule does, and what its failure is called. */
const endsItsWorker: readonly [fault: string, failure: RegExp][] = [
  ['loop', /^it did not end within 0\.3 s$/],
  ['pattern', /^it did not end within 0\.3 s$/],
  ['logs', /^it did not end within 0\.3 s$/],
  ['microtask', /^it did not end within 0\.3 s$/],
  ['exit', /^it ended its process with code 3$/],
  ['kill', /^it ended its process with SIGKILL$/],
  ['stops', /^it did not end within 0\.3 s$/],
  ['a getter that loops', /^it did not end within 0\.3 s$/],
  ['answers for another', /^it sent what no worker sends$/],
  ['says that another failed', /^it sent what no worker sends$/],
  ['writes nonsense', /^it sent more than a worker has to say$/],
  ['floods', /^it did not end within 0\.3 s$/],
  ['closes the channel', /^it (closed the channel to the server|ended its process with .*)$/],
  ['abort', /^it ran out of memory, or aborted \(SIGABRT\)$/],
];

// How much memory is too much is known sooner or later than that it takes too long.
const eatsMemory = ['heap', 'map', 'array', 'buffers', '2 GB'];
const TOO_MUCH =
  /^it (did not end within 1 s|ran out of memory, or aborted \(SIG\w+\)|took more than 288 MiB of memory)$/;

const failsAlone: readonly [fault: string, failure: RegExp][] = [
  ['throws undefined', /^it threw undefined$/],
  ['throws a trap', /^it threw an object$/],
  ['promise', /^it returned a promise; rules are synchronous$/],
  ['sends a message', /^TypeError: process\.send is not a function/],
  ['disconnects', /^TypeError: process\.disconnect is not a function/],
  ['recursion', /^RangeError: Maximum call stack/],
  ['garbage', /^it returned an object; a validating rule/],
  ['Object.prototype', /^TypeError: Cannot add property allowed/],
  ['Object.prototype.toString', /^TypeError: toString is the language's own/],
  ['Array.prototype.map', /^TypeError: Cannot assign to read only property 'map'/],
  ['the iterator of lists', /^TypeError: Cannot assign to read only property 'next'/],
  ['the iterator of matches', /^TypeError: Cannot assign to read only property 'next'/],
  ['the iterator of generators', /^TypeError: Cannot assign to read only property 'next'/],
  ['JSON', /^TypeError: Cannot assign to read only property 'JSON'/],
  ['Buffer', /^TypeError: Cannot assign to read only property 'Buffer'/],
  ['JSON.stringify', /^TypeError: Cannot assign to read only property 'stringify'/],
];

describe('a rule that ends its worker is named as the one that failed, and the next review is decided', () => {
  let quick: Isolated;
  let usual: Isolated;
  const ends: (() => void)[] = [];
  const suite = { after: (end: () => void) => void ends.push(end) };
  before(async () => {
    quick = await isolated(suite, { ruleMs: 300 });
    usual = await isolated(suite);
  });
  after(() => {
    for (const end of ends) end();
  });
  for (const [fault, failure] of endsItsWorker) {
    test(fault, async () => {
      const before = quick.log.length;
      await assertFails(quick, fault, failure);
      const said = quick.log.slice(before).flatMap(([reason, rule]) => (reason === 'flooded' ? [] : [rule]));
      assert.deepEqual(said, [undefined, 'faulty'], 'once it was not known which rule it is');
    });
  }
  for (const fault of eatsMemory) test(`memory: ${fault}`, () => assertFails(usual, fault, TOO_MUCH));
});

test('a rule that does what a worker survives costs no worker, and the next review is decided as if nothing had been', async (t) => {
  const workers = await isolated(t, { size: 1 });
  for (const [fault, failure] of failsAlone) await assertFails(workers, fault, failure);
  assert.equal(workers.pids.length, 1);
  assert.deepEqual(workers.log, []);
});

test('what a rule leaves behind fails outside of any review, and is logged', async (t) => {
  const workers = await isolated(t, { size: 1 });
  for (const [fault, said] of [
    ['rejection later', 'unhandledRejection: Error: late'],
    ['error later', 'uncaughtException: Error: later'],
  ] as const) {
    // A line a second at the most.
    await eventually(said, async () => {
      assert.equal((await workers.review(asking({ fault }))).allowed, true);
      return workers.log.some(([reason]) => String(reason).split('\n')[0] === said) || undefined;
    });
  }
  assert.equal(workers.pids.length, 1);
});

test('a rule that changes its process (folder, exit code, listeners, console) changes nothing for the next review, and what is left behind then still costs no review', async (t) => {
  const workers = await isolated(t, { size: 1 });
  assert.equal((await workers.review(asking({ fault: 'changes its process' }))).allowed, true);
  for (const fault of ['throws undefined', 'garbage']) await assertFails(workers, fault, /^it (threw|returned)/);
  assert.deepEqual([workers.pids.length, workers.log], [1, []]);
  assert.equal((await workers.review(asking({ fault: 'error later' }))).allowed, true);
  await eventually('another worker', async () => {
    assert.equal((await workers.review()).allowed, true);
    return workers.pids[1];
  });
});

test('a worker that is kept busy by what a rule left behind is replaced, and no review is lost', async (t) => {
  const workers = await isolated(t, { size: 2 });
  assert.equal((await workers.review(asking({ fault: 'timers' }))).allowed, true);
  const replaced = async () => {
    const { allowed, message } = await workers.review({}, { seconds: 30 });
    assert.equal(allowed, true, message);
    return workers.log[0];
  };
  assert.deepEqual(await eventually('its end', replaced, { everyMs: 1 }), ['what a rule left behind held up reviews']);
  await eventually('another', async () => workers.state().workers === 2 || undefined);
  assert.equal(workers.log.length, 1, 'and no rule is blamed');
});

for (const fault of ['timer', 'exit later']) {
  test(`what a rule leaves behind ends its worker (${fault}): others' reviews are decided elsewhere, and no rule is blamed`, async (t) => {
    const workers = await isolated(t, { size: 1, ruleMs: 300 });
    assert.equal((await workers.review(asking({ fault }))).allowed, true);
    while (workers.pids.length < 2) {
      const { status, allowed, ms } = await workers.review();
      assert.deepEqual([status, allowed], [200, true]);
      assert.ok(ms < 8000, `${ms} ms`);
    }
    assert.deepEqual(
      workers.log.map(([, rule]) => rule).filter((rule) => rule !== undefined),
      [],
    );
  });
}

test('rules may still have errors of their own kinds, and objects with members of any name', async (t) => {
  const workers = await isolated(t, { size: 1 });
  const { message } = await workers.review(asking({ fault: 'own error' }));
  assert.equal(message, 'rule faulty failed: Own: it is own');
});

async function assertFails(workers: Isolated, fault: string, failure: RegExp): Promise<void> {
  const { status, message = '' } = await workers.review(asking({ fault }), { seconds: 30 });
  const [, said = ''] = /^rule faulty failed: (.*)$/s.exec(message) ?? [];
  assert.equal(status, 500, message);
  assert.match(said, failure);
  const next = await workers.review();
  assert.deepEqual([next.status, next.allowed], [200, true], next.message);
}
