import type { Logger } from 'pino';
import type { NearMiss } from './in-time.ts';
import { shown } from './shown.ts';
import type { RuleSummary, Summary } from './summary.ts';

/** How long a review took. */
export interface Took {
  /** From when it was read. */
  readonly seconds: number;
  readonly nearMiss: NearMiss | undefined;
}

/**
 * Writes the one line of a review: what was asked, what each rule decided and why, what came of it. Where the answer was
 * nearly late, or late, it warns of that and says how much time there was.
 */
export function logReview(
  log: Logger,
  { verdict, reason, asked, rules }: Summary,
  path: string,
  { seconds, nearMiss }: Took,
): void {
  const milliseconds = Math.round(seconds * 1e6) / 1e3;
  const late = nearMiss && { ofSeconds: nearMiss.of, inTime: nearMiss.isInTime };
  if (asked === undefined) {
    log.warn({ path, verdict, reason, milliseconds, ...late }, 'review');
    return;
  }
  const { kind, dryRun, ...others } = asked;
  const line = {
    path,
    ...others,
    kind: shown(kind, 253),
    dryRun: dryRun || undefined,
    verdict,
    reason,
    rules: rules.map(ruleLine),
    milliseconds,
    ...late,
  };
  if (verdict === 'failed') log.error(line, 'review');
  else if (nearMiss !== undefined) log.warn(line, 'review');
  else log.info(line, 'review');
}

function ruleLine({ rule, decision, mode, reason, operations }: RuleSummary): object {
  return {
    rule,
    decision,
    ...(mode === 'enforce' ? {} : { mode }),
    ...(reason === undefined ? {} : { reason }),
    ...(operations === 0 ? {} : { operations }),
  };
}
