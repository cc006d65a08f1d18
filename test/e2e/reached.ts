import { eventually, type Patience } from './eventually.ts';
import { endOfLog, type Program } from './program.ts';

/**
 * Waits, as `eventually` does, for something that this program is to bring about; the error then carries the end of
 * the program's log. Over at once when the program ends, or when `unless` says so.
 */
export async function reached<T>(
  program: Program,
  what: string,
  probe: () => Promise<T | undefined>,
  { unless, ...patience }: Patience = {},
): Promise<T> {
  const over = AbortSignal.any(unless === undefined ? [program.failed] : [program.failed, unless]);
  try {
    return await eventually(what, probe, { ...patience, unless: over });
  } catch (error) {
    // A program that has ended has said so itself, with its log.
    if (over.aborted) throw error;
    const message = error instanceof Error ? error.message : error;
    throw new Error(`${message}\n${endOfLog(program.name, program.log())}`, { cause: error });
  }
}
