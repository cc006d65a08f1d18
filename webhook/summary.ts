import { problemText } from './denial.ts';
import type { Mode } from './match.ts';
import { type Decision, decisionOf, type RuleReport } from './report.ts';
import type { Answer } from './respond.ts';
import type { Reviewed } from './review.ts';
import { isSecret } from './secret-words.ts';
import { shown } from './shown.ts';

/** What log and metrics tell of a review: texts and numbers alone, so that it may come from another process. */
export interface Summary {
  readonly verdict: Answer['verdict'];
  /** Why, where no rule could say it. */
  readonly reason?: string;
  /** Undefined where the review could not be read. */
  readonly asked?: Asked;
  readonly rules: readonly RuleSummary[];
}

/** What was asked. */
export interface Asked {
  readonly uid: string;
  readonly operation: string;
  readonly kind: string;
  /** `pods`, or `pods/status`. */
  readonly resource: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly user: string | undefined;
  readonly dryRun: boolean;
}

/** What one rule decided, and why. */
export interface RuleSummary {
  readonly rule: string;
  readonly mode: Mode;
  readonly decision: Decision;
  readonly reason?: string;
  /** Of its patch. */
  readonly operations: number;
  readonly seconds: number;
}

/** Sums up a review. A rule's words about a Secret may hold what is in it, and are left out. */
export function summaryOf({ verdict, message, reports, review }: Reviewed): Summary {
  if (review === undefined) return { verdict, ...(message === undefined ? {} : { reason: message }), rules: [] };
  const isWithoutWords = isSecret(review);
  const { uid, operation, kind, resource, subResource, namespace, name, userInfo, dryRun } = review;
  return {
    verdict,
    // A denial's text is with the rule that gave it; this is what no rule could say.
    ...(message === undefined || reports.length > 0 ? {} : { reason: message }),
    asked: {
      uid: shown(uid, 100),
      operation,
      kind: shown(kind.kind, 253),
      resource: shown([resource.resource, subResource].filter((part) => part !== '').join('/'), 253),
      namespace: namespace === undefined ? undefined : shown(namespace, 253),
      name: name === undefined ? undefined : shown(name, 253),
      user: userInfo.username === undefined ? undefined : shown(userInfo.username, 253),
      dryRun,
    },
    rules: reports.map((report) => ruleSummary(report, isWithoutWords)),
  };
}

function ruleSummary(report: RuleReport, isWithoutWords: boolean): RuleSummary {
  const { entry, patch, seconds } = report;
  const reason = reasonOf(report);
  return {
    rule: entry.rule.name,
    mode: entry.mode,
    decision: decisionOf(report),
    ...(reason === undefined ? {} : { reason: isWithoutWords ? '(not logged for a Secret)' : reason }),
    operations: patch?.length ?? 0,
    seconds,
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
