import { type Pause, wallPause } from './patiently.ts';

/** The time of day, how much of it has passed, and a wait. */
export interface Clock {
  now(): Date;
  /** Milliseconds since some moment, which no setting of the clock makes more or less. */
  elapsedMs(): number;
  readonly pause: Pause;
}

/** The machine's own. While it sleeps, nothing elapses. */
export const wallClock: Clock = { now: () => new Date(), elapsedMs: () => performance.now(), pause: wallPause };
