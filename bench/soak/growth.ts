import { type Slope, slopeOf } from './slope.ts';
import type { SoakResults } from './soak-results.ts';
import type { Sample } from './watch.ts';

/** How memory grew during a part of the soak, in MB, and how it may. */
export interface Growth {
  readonly what: 'the server' | 'its workers';
  readonly slope: Slope;
  /** For each minute. */
  readonly most: number;
}

/** What memory may grow by during a part, however short, in MB: V8 takes in and gives back that much as it collects. */
const WANDERING_MB = 10;
/** Besides, for each minute. One kilobyte left of each review comes to 12 MB at 200 reviews a second. */
const FLAT_MB = 1;
/** What webhook/limits.ts lets in of bodies at once: under overload, memory wanders by as much. */
const ROOM_MB = 67;

/**
 * Of the second half at half of capacity: the server and, apart from it, those workers that were there from its first
 * second to its last, where there are any.
 */
export function steadyGrowth({ steady: { samples } }: SoakResults): Growth[] {
  return growthOf(samples, WANDERING_MB);
}

/** Of the second half of the overload: in the first the connections were opened. */
export function overloadGrowth({ overload: { samples } }: SoakResults): Growth[] {
  return growthOf(samples.slice(Math.floor(samples.length / 2)), ROOM_MB);
}

function growthOf(samples: readonly Sample[], wandering: number): Growth[] {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) return [];
  const most = FLAT_MB + (wandering * 60) / (last.seconds - first.seconds);
  const growth = (what: Growth['what'], value: (sample: Sample) => number) => {
    const slope = slopeOf(samples.map((sample) => ({ seconds: sample.seconds, value: value(sample) })));
    return slope === undefined ? [] : [{ what, slope, most }];
  };
  // One that came or went says nothing of growth.
  const old = Object.keys(first.workersMB).filter((pid) => samples.every(({ workersMB }) => pid in workersMB));
  const inOld = ({ workersMB }: Sample) => old.reduce((sum, pid) => sum + (workersMB[pid] ?? 0), 0);
  return [
    ...growth('the server', ({ serverMB }) => serverMB),
    ...(old.length === 0 ? [] : growth('its workers', inOld)),
  ];
}
