import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brokenBounds } from '../../bench/soak/bounds.ts';
import { recovery, type Told } from '../../bench/soak/recovery.ts';
import { slopeOf } from '../../bench/soak/slope.ts';
import type { SoakResults } from '../../bench/soak/soak-results.ts';
import type { Sample } from '../../bench/soak/watch.ts';

/** What V8 takes in and gives back, in MB. */
const wandering = (second: number) => (second * 1.7) % 9;
/** One kilobyte of each review, at 200 a second, in MB. */
const leaking = (second: number) => second * 0.2;

const soaks: readonly [what: string, results: Partial<Fault>, broken: RegExp | undefined][] = [
  ['memory that wanders', {}, undefined],
  [
    'one kilobyte that the server keeps of each review',
    { server: leaking },
    /^at half .*, the server grew by 1[0-9]\./,
  ],
  ['one kilobyte that a worker keeps', { workers: leaking }, /^at half .*, its workers grew by 1[0-9]\./],
  ['a worker that comes and goes', { helper: (second) => second > 200 && second < 250 }, undefined],
  ['memory that is more than a pod has', { server: () => 800 }, /took 1084 MB; a pod has 1074/],
  ['a descriptor that is left', { descriptors: 27 }, /^27 descriptors are left, and 26 were there before$/],
  ['a worker that is left', { workersLeft: 3 }, /^3 workers are left/],
  ['a wrong answer', { fault: 'a Website: denied' }, /^at half of capacity, 1 ×: a Website: denied$/],
  ['refusals at half of capacity', { refused: 1 }, /^at half of capacity, 1 reviews were refused$/],
  ['answers nobody hears', { late: 2 }, /^under overload, 2 answers came after their time$/],
  ['an overload that refuses nothing', { overloadRefused: 0 }, /^nothing was refused/],
  ['a health port that is slow', { healthP99: 5500 }, /the health port's p99 was 5500 ms/],
  ['a recovery that takes too long', { recoveredMs: 2100 }, /only 2100 ms after the overload/],
  ['no recovery', { recoveredMs: undefined }, /never was as good as before/],
];

for (const [what, fault, broken] of soaks) {
  test(`${broken === undefined ? 'nothing is said of' : 'a soak tells of'} ${what}`, () => {
    const said = brokenBounds(resultsWith(fault));
    assert.equal(said.length, broken === undefined ? 0 : 1, said.join('\n'));
    if (broken !== undefined) assert.match(said[0] ?? '', broken);
  });
}

test('a slope is stated with what it is uncertain by', () => {
  const exact = slopeOf(Array.from({ length: 60 }, (_, seconds) => ({ seconds, value: 5 + seconds / 30 })));
  assert.ok(Math.abs((exact?.perMinute ?? 0) - 2) < 1e-9);
  assert.ok((exact?.error ?? 1) < 1e-6);
  const wanders = slopeOf(Array.from({ length: 60 }, (_, seconds) => ({ seconds, value: wandering(seconds) })));
  assert.ok((wanders?.error ?? 0) > Math.abs(wanders?.perMinute ?? 0));
  assert.equal(slopeOf([{ seconds: 1, value: 1 }]), undefined);
});

test('a server has recovered with the first second that is as good as those before', () => {
  const before = Array.from({ length: 20 }, (_, i) => toldAt(250 * (i + 1), 50, 2));
  const slow = [toldAt(10_250, 10, 900), toldAt(10_500, 100, 700), toldAt(10_750, 70, 300)];
  const good = Array.from({ length: 6 }, (_, i) => toldAt(11_000 + 250 * i, 50, 3));
  assert.equal(recovery(before, [...slow, ...good], 10_000), 750);
  assert.equal(recovery(before, slow, 10_000), undefined);
  assert.equal(
    recovery(
      before,
      good.map(({ at }) => toldAt(at, 40, 3)),
      10_000,
    ),
    undefined,
    'too few are decided',
  );
  assert.equal(
    recovery(
      before,
      good.map(({ at }) => toldAt(at, 50, 5)),
      10_000,
    ),
    undefined,
    'each takes too long',
  );
});

interface Fault {
  readonly server: (second: number) => number;
  readonly workers: (second: number) => number;
  readonly helper: (second: number) => boolean;
  readonly descriptors: number;
  readonly workersLeft: number;
  readonly fault: string;
  readonly refused: number;
  readonly late: number;
  readonly overloadRefused: number;
  readonly healthP99: number;
  readonly recoveredMs: number | undefined;
}

function resultsWith(given: Partial<Fault>): SoakResults {
  const { server = () => 0, workers = () => 0, helper = () => false, descriptors = 26, workersLeft = 2, fault } = given;
  const { refused = 0, late = 0, overloadRefused = 9, healthP99 = 300 } = given;
  const samples: Sample[] = Array.from({ length: 300 }, (_, i) => ({
    seconds: 300 + i,
    serverMB: 120 + wandering(i) + server(i),
    workersMB: { 1: 75 + wandering(i + 3) + workers(i), 2: 75, ...(helper(i) ? { 3: 100 } : {}) },
    workersStarted: 2,
    descriptors: 90,
    p99: 1,
    decided: 200,
  }));
  const tally = { sent: 9, decided: 9, refused: 0, heldBack: 0, late: 0, faults: {}, p50: 1, p99: 2, longest: 3 };
  const held = { serverMB: 120, workersMB: { 1: 75, 2: 75 }, descriptors: 26 };
  return {
    capacity: 400,
    steady: {
      tally: { ...tally, refused, faults: fault === undefined ? {} : { [fault]: 1 } },
      samples,
      workersEnded: 1,
      oddClients: 1,
      oddFaults: {},
    },
    overload: {
      seconds: 60,
      tally: { ...tally, refused: overloadRefused, late },
      samples: samples.slice(-60).map((sample) => ({ ...sample, serverMB: 150, workersMB: { 1: 75, 2: 75 } })),
      health: { answered: 9, faults: {}, p99: healthP99, longest: 3000 },
    },
    recovery: { ms: 'recoveredMs' in given ? given.recoveredMs : 300, tally },
    before: held,
    after: {
      ...held,
      descriptors,
      workersMB: Object.fromEntries(Array.from({ length: workersLeft }, (_, i) => [i + 1, 75])),
    },
    samples,
  };
}

/** So many decided in the quarter of a second before, each in so many ms. */
function toldAt(at: number, decided: number, ms: number): Told {
  const latencies = Array.from({ length: decided }, () => ms);
  return { at, tally: { ms: 250, sent: decided, heldBack: 0, refused: 0, late: 0, faults: {}, latencies } };
}
