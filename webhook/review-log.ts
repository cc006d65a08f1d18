import type { Logger } from 'pino';
import { shown } from './shown.ts';
import type { RuleSummary, Summary } from './summary.ts';

/** Writes the one line of a review: what was asked, what each rule decided and why, what came of it. */
export function logReview(
  log: Logger,
  { verdict, reason, asked, rules }: Summary,
  path: string,
  seconds: number,
): void {
  const milliseconds = Math.round(seconds * 1e6) / 1e3;
  if (asked === undefined) {
    log.warn({ path, verdict, reason, milliseconds }, 'review');
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
  };
  if (verdict === 'failed') log.error(line, 'review');
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
