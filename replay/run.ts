import { coverageOf, type RuleCoverage } from './coverage.ts';
import { type ReplayContext, type Replayed, replayCase } from './replay-case.ts';

/** What came of many cases. */
export interface Run {
  readonly cases: readonly Replayed[];
  readonly coverage: readonly RuleCoverage[];
  /** How many times a webhook was asked, those of the invariants not counted. */
  readonly calls: number;
}

/** Replays the cases one after the other. `onCase` is told of each when it is done. */
export async function run(
  folders: readonly string[],
  context: ReplayContext,
  onCase: (done: number, replayed: Replayed) => void = () => {},
): Promise<Run> {
  const cases: Replayed[] = [];
  for (const folder of folders) {
    const replayed = await replayCase(folder, context);
    cases.push(replayed);
    onCase(cases.length, replayed);
  }
  const calls = cases.reduce((sum, one) => sum + (one.outcome === 'broken' ? 0 : one.chain.calls.length), 0);
  return { cases, coverage: coverageOf(cases, context.gate), calls };
}
