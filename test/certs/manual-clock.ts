import assert from 'node:assert/strict';
import type { Clock } from '../../certs/clock.ts';
import type { Time } from '../../certs/keep-renewed.ts';
import { manualPause } from './manual-pause.ts';

/** Time that passes when a test says so. */
export interface ManualClock extends Time, Clock {
  /** How many timers are set. */
  readonly waiting: number;
  /** The longest timer that was ever set, in ms. */
  readonly longest: number;
  /** Sets the clock, in ms from where it is; no timer notices. */
  jump(milliseconds: number): void;
  /** Lets this many ms pass: timers fire in their order, each when all is done that the one before led to. */
  advance(milliseconds: number): Promise<void>;
}

/** A clock that stands still at `start`, in ms since 1970. */
export function manualClock(start = 0): ManualClock {
  let wall = start;
  let longest = 0;
  let elapsed = 0;
  let timers: { left: number; run: () => void }[] = [];
  const clock: ManualClock = {
    get longest() {
      return longest;
    },
    get waiting() {
      return timers.length;
    },
    now: () => new Date(wall),
    elapsedMs: () => elapsed,
    pause: (milliseconds, signal) => manualPause(clock)(milliseconds, signal),
    after(milliseconds, run) {
      const timer = { left: milliseconds, run };
      longest = Math.max(longest, milliseconds);
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    jump(milliseconds) {
      wall += milliseconds;
    },
    async advance(milliseconds) {
      await nothingIsRead();
      let left = milliseconds;
      for (let fired = 0; ; fired++) {
        assert.ok(fired < 10_000, 'timers fire without end');
        const next = timers.toSorted((a, b) => a.left - b.left)[0];
        const step = next === undefined || next.left > left ? left : next.left;
        wall += step;
        elapsed += step;
        left -= step;
        for (const timer of timers) timer.left -= step;
        if (next === undefined || next.left > 0) return;
        timers = timers.filter((other) => other !== next);
        next.run();
        await nothingIsRead();
      }
    },
  };
  return clock;
}

/** Resolves when promises have done what they can, and the files that they wait for are read. */
export async function nothingIsRead(): Promise<void> {
  do {
    await new Promise((resolve) => setImmediate(resolve));
  } while (process.getActiveResourcesInfo().some((kind) => kind === 'FSReqPromise' || kind === 'CloseReq'));
}
