import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FieldError } from '../../author.ts';
import { gitSync } from '../../rules/git-sync/git-sync.ts';
import { periodProblem } from '../../rules/website/period.ts';
import { websiteSource } from '../../rules/website/website-source.ts';
import { gitSyncIn } from '../git-sync/git-sync-in.ts';
import { webPod, websitePod } from '../git-sync/pods.ts';
import { filledIn, outcomeOf } from '../pod/outcome-of.ts';
import { decisionOf, website } from './decision-of.ts';

const periods: { least: number; period: string; problem: string | undefined }[] = [
  { least: 10, period: '10s', problem: undefined },
  { least: 300, period: '5m', problem: undefined },
  { least: 300, period: '299.999999999s', problem: 'must be at least 300s' },
  { least: 300, period: '60s', problem: 'must be at least 300s' },
  { least: 300, period: '-5m', problem: 'must be at least 10s' },
  { least: 300, period: '9s', problem: 'must be at least 10s' },
  { least: 300, period: '25h', problem: 'must be at most 24h' },
  { least: 300, period: '300', problem: 'must have a unit, as in "60s"' },
  { least: 86_400, period: '24h', problem: undefined },
  { least: 86_400, period: '23h59m59.9s', problem: 'must be at least 86400s' },
];
for (const { least, period, problem } of periods) {
  const settings = { minimumPeriodSeconds: least };
  test(`at least ${least} s: ${period} ${problem ?? 'is long enough'}, for a Website and for a pod alike`, () => {
    assert.equal(periodProblem(period, settings), problem);
    const message = problem === undefined ? [] : [`Invalid value: "${period}": ${problem}`];
    const ofWebsite = sourceProblems(website({ period }), undefined, settings);
    assert.deepEqual(
      ofWebsite,
      message.map((text) => `spec.period: ${text}`),
    );
    const ofPod = podProblems(webPod({}, { 'git-period': period }), settings);
    assert.deepEqual(
      ofPod.map(({ field, message }) => `${field}: ${message}`),
      message.map((text) => `metadata.annotations[extensions.example.com/git-period]: ${text}`),
    );
    const served = podProblems(websitePod(), settings, website({ period }));
    const unserved = 'Invalid value: "kubia": the Website of that name cannot be served: spec.period: ';
    assert.deepEqual(
      served.map(({ field, message }) => `${field}: ${message}`),
      message.map((text) => `metadata.labels[extensions.example.com/website]: ${unserved}${text}`),
    );
  });
}

test('a Website that was admitted at a shorter period is not refused for it until its period changes', () => {
  const settings = { minimumPeriodSeconds: 300 };
  const old = website({ period: '60s' });
  assert.deepEqual(sourceProblems(website({ period: '60s', ref: 'v2' }), old, settings), []);
  assert.deepEqual(sourceProblems(website({ period: '61s' }), old, settings), [
    'spec.period: Invalid value: "61s": must be at least 300s',
  ]);
});

test('who says nothing of a period gets the shortest that there may be, where a minute is too short', () => {
  for (const [least, period] of [
    [10, '60s'],
    [60, '60s'],
    [61, '61s'],
    [86_400, '86400s'],
  ] as const) {
    const { pod } = outcomeOf(gitSync, webPod(), { settings: { minimumPeriodSeconds: least } });
    assert.ok(gitSyncIn(pod).container.args.includes(`--period=${period}`), `${least}: ${period}`);
  }
});

test('a least period of less than ten seconds, of more than a day or of none is refused when the server starts', () => {
  for (const rule of [gitSync, websiteSource]) {
    for (const minimumPeriodSeconds of [9, 86_401, 10.5, '10s', null]) {
      assert.throws(() => filledIn(rule, { minimumPeriodSeconds }), /minimumPeriodSeconds/);
    }
    assert.deepEqual((filledIn(rule, {}) as { minimumPeriodSeconds: number }).minimumPeriodSeconds, 10);
  }
});

function sourceProblems(object: unknown, old: unknown, settings: object): readonly string[] {
  return decisionOf(websiteSource, object, old, filledIn(websiteSource, settings)).problems;
}

function podProblems(pod: object, settings: object, found?: unknown): FieldError[] {
  const { outcome } = outcomeOf(gitSync, pod, { settings, found: { website: found } });
  return outcome.decision === 'deny' ? (outcome.problems as FieldError[]) : [];
}
