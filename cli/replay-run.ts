import { ownCoverage } from '../replay/coverage.ts';
import type { ReplayContext } from '../replay/replay-case.ts';
import type { Times } from '../replay/reports/junit.ts';
import { type Run, run } from '../replay/run.ts';
import { builtInRules } from '../rules/index.ts';
import { progressOf } from './replay-progress.ts';

/** A run, and how long what took. */
export interface TimedRun {
  readonly result: Run;
  readonly times: Times;
}

/**
 * Replays the cases, and tells of its progress on standard error. Of the built-in rules those alone count as covered or
 * not that a case is about.
 */
export async function timedRun(folders: readonly string[], context: ReplayContext): Promise<TimedRun> {
  const startedAt = new Date().toISOString().slice(0, 'YYYY-MM-DDTHH:MM:SS'.length);
  const seconds: number[] = [];
  const { stderr } = process;
  const now = () => performance.now();
  const progress = progressOf(folders.length, {
    write: (text) => stderr.write(text),
    isLive: stderr.isTTY === true,
    now,
  });
  let before = now();
  const result = await run(folders, context, (done, replayed) => {
    seconds.push((now() - before) / 1000);
    before = now();
    progress.onCase(done, replayed);
  });
  progress.end();
  const builtIn = builtInRules.map(({ name }) => name);
  return {
    result: { ...result, coverage: ownCoverage(result.coverage, result.cases, builtIn) },
    times: { startedAt, seconds },
  };
}
