import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnyTable } from '../../bench/table.ts';
import { printedTargets, targets } from '../../bench/targets.ts';
import { servedLine } from './made-up.ts';

const MUTATE = '/mutate of a Pod that gets both, 3 reviews';
const INJECTED = 'a Pod that gets git-sync, 5 kB';

const TABLES: readonly AnyTable[] = [
  {
    name: 'serving',
    served: [
      { ...servedLine(MUTATE, 'portcullis', 4000, 0.125), ofBare: 0.88 },
      { ...servedLine(MUTATE, 'isolated', 1500, 0.27), ofBare: 0.3 },
      servedLine(INJECTED, 'portcullis', 6000, 0.1),
      servedLine(INJECTED, 'peer', 500, undefined),
    ],
  },
  {
    name: 'rules',
    served: [
      { ...servedLine('a Pod that one rule is for, isolated', '1,000 rules', 1000, 0.3), ofOneRule: 1.21 },
      { ...servedLine('a Pod that one rule is for, in the process', '1,000 rules', 1000, 0.3), ofOneRule: 0.99 },
    ],
  },
  {
    name: 'start',
    starts: [
      { what: 'from a build', readyMs: 750, ofBare: 5, atFirst: { own: 60e6, workers: 20e6 } },
      { what: 'from a build, with a cluster', readyMs: 1500, ofBare: 9, atFirst: { own: 270e6, workers: 0 } },
    ],
    reviews: 1000,
    leftOut: [],
  },
  { name: 'replay', lines: [{ what: 'the whole way of a request', microseconds: 160, beside: '' }] },
];

test('each promised figure that was measured is reached or missed, and by how much', () => {
  const rows = printedTargets(targets(TABLES)).trimEnd().split('\n').slice(1);
  assert.deepEqual(
    rows.map((row) => row.split(/ {2,}/)),
    [
      ['/mutate of a Pod that gets both', '≥ 0.8 of bare', '0.880', 'reached, 10 % to spare'],
      ['/mutate of a Pod that gets both', '≤ 0.1 CPU-ms a review', '0.125', 'missed, by 25 %'],
      ['/mutate of a Pod that gets both, isolated', '≥ 0.4 of bare', '0.300', 'missed, by 25 %'],
      ['/mutate of a Pod that gets both, isolated', '≤ 0.3 CPU-ms a review', '0.270', 'reached, 10 % to spare'],
      [INJECTED, '≥ 10 × the peer', '12.0', 'reached, 20 % to spare'],
      ['1,000 loaded rules, isolated', '≤ 1.1 × one rule', '1.21', 'missed, by 10 %'],
      ['1,000 loaded rules, in the process', '≤ 1.1 × one rule', '0.990', 'reached, 10 % to spare'],
      ['replay, the whole way of a request', '≥ 5,000 reviews a second', '6,250', 'reached, 25 % to spare'],
      ['from a build', '≤ 500 ms until ready', '750', 'missed, by 50 %'],
      ['from a build', '≤ 100 MB resident', '80.0', 'reached, 20 % to spare'],
      ['from a build, with a cluster', '≤ 1,500 ms until ready', '1,500', 'reached, 0 % to spare'],
      ['from a build, with a cluster', '≤ 180 MB resident', '270', 'missed, by 50 %'],
    ],
  );
});

test('what was not measured is neither reached nor missed', () => {
  assert.equal(printedTargets(targets([])), '');
});
