import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { type Logger, pino } from 'pino';

/** The server's log, and the end of it. */
export interface Log {
  readonly log: Logger;
  /** Resolves once all that was logged is written, or after a second, when nobody seems to read it. */
  written(): Promise<void>;
}

const STANDARD_OUTPUT = 1;
/** What nobody has read yet, in bytes: some twenty thousand reviews' lines. */
const MOST_UNREAD = 8 * 2 ** 20;
/** What an end waits for its last lines: a pod has better things to do with its grace period. */
const PATIENCE_MS = 1000;

/**
 * Makes the log: a line of JSON an event, on standard output. Nothing waits for whoever reads it, since it is written
 * off the main thread: a reader that has stopped or gone, or a disk that is full, costs lines and no review. `onLost` is
 * told how many lines are lost because those before them, 8 MiB, have not been read, or because nobody reads any more.
 * What was logged before a process ends is written where somebody reads it, but for SIGKILL.
 */
export function createLog(level: string, onLost: (lines: number) => void): Log {
  let lines = '';
  let isStuck = false;
  let isGone = false;
  let until = Number.POSITIVE_INFINITY;
  // Before the destination's own, which would write what it still has, again and again, to whoever does not take it.
  process.on('exit', () => {
    until = performance.now() + PATIENCE_MS;
    if (isStuck) output.destroy();
  });
  const output = pino.destination({
    dest: STANDARD_OUTPUT,
    sync: false,
    maxLength: MOST_UNREAD,
    retryEAGAIN() {
      isStuck = true;
      return performance.now() < until;
    },
  });
  const flushSync = output.flushSync.bind(output);
  output.flushSync = () => attempt(flushSync);
  output.on('write', () => {
    isStuck = false;
  });
  output.on('drop', (text: string) => onLost(linesIn(text)));
  // Listened to, so that it is no uncaught exception, which would be logged, and fail, and so on. It is tried again.
  output.on('error', ({ code }: NodeJS.ErrnoException) => {
    isStuck = true;
    isGone ||= code === 'EPIPE';
  });
  // After it.
  process.on('exit', () => {
    if (lines !== '') attempt(() => writeSync(STANDARD_OUTPUT, lines));
  });
  const log = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, { write });
  return {
    log,
    async written() {
      if (lines === '' || isGone) return;
      const drained = once(output, 'drain').catch(() => {});
      handOver();
      await Promise.race([drained, pause(PATIENCE_MS)]);
    },
  };

  /** Many reviews are answered in one turn of the event loop, under load: one write for all costs what one for each does. */
  function write(line: string): void {
    if (lines === '') setImmediate(handOver);
    lines += line;
  }

  function handOver(): void {
    if (isGone) onLost(linesIn(lines));
    else if (lines !== '') output.write(lines);
    lines = '';
  }
}

function linesIn(text: string): number {
  return text.split('\n').length - 1;
}

/** What fails at the very end, nobody can be told. */
function attempt(action: () => void): void {
  try {
    action();
  } catch {}
}
