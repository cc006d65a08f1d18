import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { machine } from '../../bench/machine.ts';
import { compared, resultsOf } from '../../bench/results.ts';
import { bench } from './bench.ts';
import { fileOf, madeUp, servedLine } from './made-up.ts';

const OLD = madeUp({ 'serving: a Pod: portcullis': 2, 'serving: a Website: portcullis': 3, 'start: from a build': 4 });

describe('a run is compared with an earlier one', () => {
  const cases: [sentence: string, costs: { [line: string]: number }, told: { slower?: string[]; gone?: string[] }][] = [
    ['a run with itself is no regression, whatever the threshold', OLD.costs, {}],
    [
      'a line that costs more than the threshold allows is one',
      { ...OLD.costs, 'serving: a Pod: portcullis': 3.1 },
      { slower: ['serving: a Pod: portcullis: 1.55 × what it cost'] },
    ],
    ['what is within the threshold is none', { ...OLD.costs, 'serving: a Pod: portcullis': 2.9 }, {}],
    ['what costs less is none', { ...OLD.costs, 'start: from a build': 1 }, {}],
    ['a line that is new is none', { ...OLD.costs, 'serving: a Node: portcullis': 90 }, {}],
    [
      'a line that has vanished is told',
      { 'serving: a Pod: portcullis': 2, 'start: from a build': 4 },
      { gone: ['serving: a Website: portcullis'] },
    ],
    [
      'the lines of a part that was left out have not vanished',
      { 'serving: a Pod: portcullis': 2, 'serving: a Website: portcullis': 3 },
      {},
    ],
  ];
  for (const [sentence, costs, { slower = [], gone = [] }] of cases) {
    test(sentence, () => {
      const threshold = costs === OLD.costs ? 1 : 1.5;
      assert.deepEqual(compared(OLD, madeUp(costs), threshold), { slower, gone });
    });
  }

  test('the command exits with 4 for a regression, and names each line', async (t) => {
    const old = await fileOf(t, OLD);
    const now = await fileOf(t, madeUp({ 'serving: a Pod: portcullis': 4, 'start: from a build': 5 }));
    const { code, stderr } = await bench('--results', now, '--compare', old, '--threshold', '1.5');
    assert.equal(code, 4);
    assert.equal(
      stderr,
      'gone: serving: a Website: portcullis\nslower: serving: a Pod: portcullis: 2.00 × what it cost\n',
    );
  });
});

describe('what a line costs is beside something else of the same run', () => {
  const cases: [sentence: string, cpuMs: number | undefined, costs: { [line: string]: number }][] = [
    [
      'a server costs the CPU time that it takes, and the time between two answers',
      0.3,
      { 'serving: a Pod: portcullis': 3, 'serving: a Pod: portcullis, in time': 4 },
    ],
    [
      'where nobody knows its CPU time, it costs that time alone',
      undefined,
      { 'serving: a Pod: portcullis, in time': 4 },
    ],
  ];
  for (const [sentence, cpuMs, expected] of cases) {
    test(sentence, () => {
      const served = [
        servedLine('a Pod', 'bare', 8000, cpuMs && 0.1),
        servedLine('a Pod', 'portcullis', 2000, cpuMs),
        servedLine('a Pod', 'peer', 100, undefined),
      ];
      const { costs } = resultsOf([{ name: 'serving', served }], machine());
      const rounded = Object.entries(costs).map(([line, cost]) => [line, Number(cost.toFixed(6))]);
      assert.deepEqual(Object.fromEntries(rounded), expected, 'neither the bare one nor a peer is judged');
    });
  }

  test('a start costs its time and its memory, workers included', () => {
    const starts = [
      { what: 'bare', readyMs: 100, ofBare: 1, afterReviews: { own: 50e6, workers: 0 } },
      { what: 'ours', readyMs: 450, ofBare: 4.5, afterReviews: { own: 100e6, workers: 25e6 } },
    ];
    const { costs } = resultsOf([{ name: 'start', starts, reviews: 1000, leftOut: [] }], machine());
    assert.deepEqual(costs, { 'start: ours, until ready': 4.5, 'start: ours, resident': 2.5 });
  });
});
