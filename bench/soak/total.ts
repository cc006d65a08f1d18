import type { Tally } from './load.ts';
import { percentileOf } from './percentile.ts';

/** What a load came to in all. Times in ms. */
export interface Total {
  readonly sent: number;
  readonly decided: number;
  readonly refused: number;
  readonly heldBack: number;
  readonly late: number;
  readonly faults: { readonly [fault: string]: number };
  /** Undefined where nothing was decided. */
  readonly p50: number | undefined;
  readonly p99: number | undefined;
  readonly longest: number | undefined;
}

/** Sums up tallies. */
export function total(tallies: readonly Tally[]): Total {
  const latencies = Float64Array.from(tallies.flatMap((tally) => tally.latencies)).sort();
  const faults: { [fault: string]: number } = {};
  for (const tally of tallies)
    for (const [fault, times] of Object.entries(tally.faults)) faults[fault] = (faults[fault] ?? 0) + times;
  const sum = (of: (tally: Tally) => number) => tallies.reduce((all, tally) => all + of(tally), 0);
  return {
    sent: sum(({ sent }) => sent),
    decided: latencies.length,
    refused: sum(({ refused }) => refused),
    heldBack: sum(({ heldBack }) => heldBack),
    late: sum(({ late }) => late),
    faults,
    p50: percentileOf(latencies, 0.5),
    p99: percentileOf(latencies, 0.99),
    longest: latencies.at(-1),
  };
}
