import assert from 'node:assert/strict';
import { test } from 'node:test';
import { progressOf } from '../../cli/replay-progress.ts';
import type { Replayed } from '../../replay/replay-case.ts';

const broken: Replayed = { outcome: 'broken', folder: '/a', fault: 'a: it is empty' };
const passed = { outcome: 'passed' } as Replayed;

/** What is told of cases that take so many milliseconds each. */
function told(isLive: boolean, took: readonly number[], outcome = passed): string[] {
  const written: string[] = [];
  let time = 5000;
  const progress = progressOf(took.length, { write: (text) => written.push(text), isLive, now: () => time });
  for (const [at, milliseconds] of took.entries()) {
    time += milliseconds;
    progress.onCase(at + 1, outcome);
  }
  progress.end();
  return written;
}

for (const isLive of [true, false]) {
  test(`less than a second's work is not told of ${isLive ? 'on a terminal' : 'in a log'}`, () => {
    assert.deepEqual(
      told(
        isLive,
        Array.from({ length: 99 }, () => 10),
      ),
      [],
    );
  });
}

test('in a log, a line after a second, and then one every five', () => {
  const lines = told(
    false,
    Array.from({ length: 12 }, () => 1000),
  );
  assert.deepEqual(lines, ['1 of 12 cases\n', '6 of 12 cases\n', '11 of 12 cases\n']);
});

test('on a terminal one line is written over and over, ten times a second, and nothing is left of it', () => {
  const cleared = '\r\u001b[2K';
  assert.deepEqual(told(true, [1000, 50, 50, 100]), [
    `${cleared}1 of 4 cases`,
    `${cleared}3 of 4 cases`,
    `${cleared}4 of 4 cases`,
    cleared,
  ]);
});

test('it says how many are not as expected', () => {
  assert.deepEqual(told(false, [1000], broken), ['1 of 1 cases, 1 not as expected\n']);
});
