import type { Logger } from 'pino';
import { problemText } from './denial.ts';
import { decisionOf, type RuleReport } from './report.ts';
import type { Reviewed } from './review.ts';
import { isSecret } from './secret-words.ts';
import { shown } from './shown.ts';

/** Writes the one line of a review: what was asked, what each rule decided and why, what came of it. */
export function logReview(log: Logger, reviewed: Reviewed, path: string, seconds: number): void {
  const { review, verdict, message, reports } = reviewed;
  const milliseconds = Math.round(seconds * 1e6) / 1e3;
  if (review === undefined) {
    log.warn({ path, verdict, reason: message, milliseconds }, 'review');
    return;
  }
  const line = {
    path,
    uid: shown(review.uid, 100),
    operation: review.operation,
    kind: shown(review.kind.kind, 253),
    resource: shown([review.resource.resource, review.subResource].filter((part) => part !== '').join('/'), 253),
    namespace: review.namespace === undefined ? undefined : shown(review.namespace, 253),
    name: review.name === undefined ? undefined : shown(review.name, 253),
    user: review.userInfo.username === undefined ? undefined : shown(review.userInfo.username, 253),
    dryRun: review.dryRun || undefined,
    verdict,
    // A denial's text is with the rule that gave it; this is what no rule could say.
    reason: reports.length === 0 ? message : undefined,
    rules: reports.map((report) => ruleLine(report, isSecret(review))),
    milliseconds,
  };
  if (verdict === 'failed') log.error(line, 'review');
  else log.info(line, 'review');
}

function ruleLine(report: RuleReport, isWithoutWords: boolean): object {
  const { entry, patch } = report;
  const { mode, rule } = entry;
  const reason = reasonOf(report);
  return {
    rule: rule.name,
    decision: decisionOf(report),
    ...(mode === 'enforce' ? {} : { mode }),
    // A rule's words about a Secret may hold what is in it.
    ...(reason === undefined ? {} : { reason: isWithoutWords ? '(not logged for a Secret)' : reason }),
    ...(patch === undefined || patch.length === 0 ? {} : { operations: patch.length }),
  };
}

function reasonOf({ outcome }: RuleReport): string | undefined {
  switch (outcome.decision) {
    case 'allow':
      return outcome.warnings.length === 0 ? undefined : shown(outcome.warnings.join('; '), 1000);
    case 'deny':
      return shown(outcome.problems.map(problemText).join('; '), 2000);
    case 'skip':
      return shown(`${outcome.reason}: ${outcome.sentence}`, 1000);
    case 'failure':
      return shown(outcome.message, 1000);
  }
}
