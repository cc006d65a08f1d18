import type { Replayed } from '../replay/replay-case.ts';

/** Where progress is told. */
export interface Told {
  readonly write: (text: string) => void;
  /** A terminal, whose last line can be written again. */
  readonly isLive: boolean;
  /** Milliseconds, from whenever. */
  readonly now: () => number;
}

/** What tells of progress: after each case, and at the end. */
export interface Progress {
  readonly onCase: (done: number, replayed: Replayed) => void;
  /** Leaves no half line behind. */
  readonly end: () => void;
}

/** Nobody is told of a second's work. */
const QUIET_MS = 1000;
/** Between two of the same line on a terminal, and between two lines in a log. */
const EVERY_MS = { live: 100, log: 5000 };

/** Tells how many of so many cases are done, once it takes longer than a second: one live line, or now and then a line. */
export function progressOf(total: number, { write, isLive, now }: Told): Progress {
  const begun = now();
  let told = begun + QUIET_MS - (isLive ? EVERY_MS.live : EVERY_MS.log);
  let bad = 0;
  let isWritten = false;
  return {
    onCase: (done, { outcome }) => {
      if (outcome !== 'passed') bad += 1;
      if (now() - told < (isLive ? EVERY_MS.live : EVERY_MS.log)) return;
      told = now();
      isWritten = true;
      const text = `${done} of ${total} cases${bad === 0 ? '' : `, ${bad} not as expected`}`;
      write(isLive ? `${CLEARED}${text}` : `${text}\n`);
    },
    end: () => {
      if (isLive && isWritten) write(CLEARED);
    },
  };
}

/** To the beginning of the line, which is emptied (ECMA-48: EL). */
const CLEARED = '\r\u001b[2K';
