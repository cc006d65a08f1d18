import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { type Logger, pino } from 'pino';

/** The server's log, and the end of it. */
export interface Log {
  readonly log: Logger;
  /** Resolves once all that was logged is written. */
  written(): Promise<void>;
}

const STANDARD_OUTPUT = 1;
/** What nobody has read yet, in bytes: some twenty thousand reviews' lines. */
const MOST_UNREAD = 8 * 2 ** 20;

/**
 * Makes the log: a line of JSON an event, on standard output. Nothing waits for whoever reads it, since it is written
 * off the main thread: a reader that has stopped costs lines and no review. `onLost` is called whenever lines are lost
 * because those before them, 8 MiB, have not been read. What was logged before a process ends is written, but for SIGKILL.
 */
export function createLog(level: string, onLost: () => void): Log {
  const output = pino.destination({ dest: STANDARD_OUTPUT, sync: false, maxLength: MOST_UNREAD });
  output.on('drop', onLost);
  let lines = '';
  // After the destination's own, which writes what it still has.
  process.on('exit', () => {
    if (lines !== '') writeSync(STANDARD_OUTPUT, lines);
  });
  const log = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, { write });
  return {
    log,
    async written() {
      if (lines === '') return;
      handOver();
      await once(output, 'drain');
    },
  };

  /** Many reviews are answered in one turn of the event loop, under load: one write for all costs what one for each does. */
  function write(line: string): void {
    if (lines === '') setImmediate(handOver);
    lines += line;
  }

  function handOver(): void {
    if (lines !== '') output.write(lines);
    lines = '';
  }
}
