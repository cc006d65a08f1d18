import { type Growth, overloadGrowth, steadyGrowth } from './growth.ts';
import type { SoakResults } from './soak-results.ts';
import { type Sample, totalMB, workersIn } from './watch.ts';

/** What a soak came to, in lines. */
export function toldResults(results: SoakResults): string[] {
  const { capacity, steady, overload, before, after, recovery } = results;
  const { tally } = steady;
  const sent = overload.tally.sent / overload.seconds;
  const offered = (overload.tally.sent + overload.tally.heldBack) / overload.seconds;
  const factor = (rate: number) => `${(rate / capacity).toFixed(1)} × capacity`;
  const connections = Math.max(0, ...overload.samples.map(({ descriptors }) => descriptors)) - before.descriptors;
  return [
    `capacity: ${count(capacity)} reviews a second`,
    '',
    `at half of that: ${count(tally.decided)} decided, p50 ${ms(tally.p50)}, p99 ${ms(tally.p99)}, longest ${ms(tally.longest)}`,
    `  besides: ${count(steady.oddClients)} odd clients; ${steady.workersEnded} reviews that met a rule without an end`,
    ...steadyGrowth(results).map(grew),
    `  descriptors: ${before.descriptors} before, ${after.descriptors} after; workers: ${workersIn(before)} and ${workersIn(after)}`,
    '',
    `overload: ${count(offered)} a second were due (${factor(offered)}), over ${count(connections)} connections at the most`,
    `  ${count(sent)} a second were sent (${factor(sent)}); for the others every connection was waiting for its answer`,
    `  ${count(overload.tally.decided)} decided, ${count(overload.tally.refused)} refused with 429, p99 ${ms(overload.tally.p99)}`,
    ...overloadGrowth(results).map(grew),
    `  workers started: ${startedDuring(overload.samples)}, though no rule is at fault`,
    `  health port: ${overload.health.answered} answers, p99 ${ms(overload.health.p99)}, longest ${ms(overload.health.longest)}`,
    `recovered: ${recovery.ms === undefined ? 'never' : `${ms(recovery.ms)} after the overload's end`}`,
  ];
}

/** One sample, in a line. */
export function toldSample(sample: Sample): string {
  const { seconds, serverMB, descriptors, p99, decided } = sample;
  const memory = `server ${Math.round(serverMB)} MB, ${workersIn(sample)} workers ${Math.round(totalMB(sample) - serverMB)} MB`;
  return `${seconds.toFixed(0).padStart(5)} s  ${memory}, ${descriptors} descriptors, ${decided} decided, p99 ${ms(p99)}`;
}

function startedDuring(samples: readonly Sample[]): number {
  return (samples.at(-1)?.workersStarted ?? 0) - (samples[0]?.workersStarted ?? 0);
}

function grew({ what, slope: { perMinute, error }, most }: Growth): string {
  const day = `${((perMinute * 24 * 60) / 1000).toFixed(1)} GB a day if it went on`;
  const minute = `${perMinute.toFixed(2)} ± ${error.toFixed(2)} MB a minute`;
  return `  memory of ${what}: ${minute} in the second half (${day}), at the most ${most.toFixed(1)}`;
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function ms(value: number | undefined): string {
  return value === undefined ? 'unknown' : `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}
