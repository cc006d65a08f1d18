import type { Tally } from './load.ts';
import { percentileOf } from './percentile.ts';

/** What one generator told, and when, by `performance.now()`. */
export interface Told {
  readonly at: number;
  readonly tally: Tally;
}

/** How the load went for a second. */
interface Second {
  readonly perSecond: number;
  readonly p99: number;
  readonly isRefused: boolean;
}

const SECOND_MS = 1000;

/**
 * How many ms after `end` the first second begins that is as good as those before the overload: nothing refused, nine
 * tenths of their rate, and a p99 of no more than twice that of the worst of them. Undefined while there is none.
 */
export function recovery(before: readonly Told[], after: readonly Told[], end: number): number | undefined {
  const usual = seconds(before);
  const perSecond = usual.reduce((total, [, second]) => total + second.perSecond, 0) / usual.length;
  const worst = Math.max(...usual.map(([, { p99 }]) => p99));
  const good = seconds(after).find(
    ([from, second]) =>
      from >= end && !second.isRefused && second.perSecond >= 0.9 * perSecond && second.p99 <= 2 * worst,
  );
  return good === undefined ? undefined : Math.max(0, good[0] - end);
}

/** The seconds that begin where a tally does, as far as they are told whole, and when each begins. */
function seconds(told: readonly Told[]): (readonly [from: number, second: Second])[] {
  const last = Math.max(...told.map(({ at }) => at));
  return told.flatMap(({ at, tally }) => {
    const from = at - tally.ms;
    if (from + SECOND_MS > last) return [];
    const within = told.filter((other) => other.at - other.tally.ms >= from && other.at <= from + SECOND_MS + SLACK_MS);
    return [[from, secondOf(within.map((other) => other.tally))] as const];
  });
}

/** Tallies come four times a second, and not to the millisecond. */
const SLACK_MS = 100;

function secondOf(tallies: readonly Tally[]): Second {
  const latencies = tallies.flatMap((tally) => tally.latencies).sort((a, b) => a - b);
  const ms = tallies.reduce((total, tally) => total + tally.ms, 0);
  return {
    perSecond: latencies.length / (ms / 1000),
    p99: percentileOf(latencies, 0.99) ?? Number.POSITIVE_INFINITY,
    isRefused: tallies.some(({ refused, heldBack }) => refused + heldBack > 0),
  };
}
