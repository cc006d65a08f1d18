import type { Review } from './decode.ts';
import { denialStatus, type Problem, problemText } from './denial.ts';
import type { PatchOperation } from './patch.ts';
import { decisionOf, type RuleReport } from './report.ts';
import { isSecret, withoutSecretWords } from './secret-words.ts';
import { shown, shownOnOneLine } from './shown.ts';
import { type Status, statusOf } from './status.ts';

/** What a review came to: the verdict, the HTTP status and body that say it, and what each rule had to do with it. */
export interface Answer {
  readonly verdict: 'allowed' | 'patched' | 'denied' | 'failed' | 'malformed';
  readonly status: number;
  readonly body: string;
  readonly reports: readonly RuleReport[];
  /** Why, where it is not allowed, in the words that the user gets. */
  readonly message?: string;
}

/** What documentation asks of warnings (protocol.md §1.3): longer ones may be cut in the middle of the word. */
export const MAX_WARNING_LENGTH = 120;
/** 30 of 120 stay under the 4,096 characters beyond which the API server cuts or drops all of them. */
export const MAX_WARNINGS = 30;
/** Audit annotations are for people who search logs; the decision's whole text is in ours. */
export const MAX_ANNOTATION_LENGTH = 500;

/**
 * Says what the rules decided, as an AdmissionReview v1. A denial stands whatever else failed; a failure without one
 * is a 500, so that the cluster's failurePolicy decides, unless the rule's own is Ignore.
 */
export function respond(review: Review, reports: readonly RuleReport[], patch: readonly PatchOperation[]): Answer {
  const told = withoutSecretWords(review, reports);
  const enforced = told.filter(({ entry }) => entry.mode === 'enforce');
  const problems = enforced.flatMap(problemsOf);
  if (problems.length > 0) {
    const status = denialStatus(review, problems);
    const body = envelope(review, told, { allowed: false, status });
    return { verdict: 'denied', status: 200, body, reports, message: status.message };
  }
  const fatal = enforced.filter(
    ({ entry, outcome }) => outcome.decision === 'failure' && !isIgnored(entry.rule.routing),
  );
  if (fatal.length > 0) {
    return failedAnswer(fatal.map((report) => failureText(report, isSecret(review))).join('\n'), reports);
  }
  if (patch.length === 0)
    return { verdict: 'allowed', status: 200, body: envelope(review, told, { allowed: true }), reports };
  const encoded = Buffer.from(JSON.stringify(patch)).toString('base64');
  const body = envelope(review, told, { allowed: true, patchType: 'JSONPatch', patch: encoded });
  return { verdict: 'patched', status: 200, body, reports };
}

/** The answer when nobody could decide: the message names who and why. */
export function failedAnswer(message: string, reports: readonly RuleReport[] = []): Answer {
  return { verdict: 'failed', status: 500, body: JSON.stringify(statusOf(500, message)), reports, message };
}

/** The answer to a body that is no review. */
export function malformedAnswer(message: string): Answer {
  return { verdict: 'malformed', status: 400, body: JSON.stringify(statusOf(400, message)), reports: [], message };
}

interface Response {
  readonly allowed: boolean;
  readonly status?: Status;
  readonly patchType?: 'JSONPatch';
  readonly patch?: string;
}

function envelope(review: Review, reports: readonly RuleReport[], response: Response): string {
  const warnings = warningsOf(reports);
  const auditAnnotations = annotationsOf(reports, isSecret(review));
  return JSON.stringify({
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1',
    response: {
      uid: review.uid,
      ...response,
      ...(warnings.length > 0 ? { warnings } : {}),
      ...(auditAnnotations === undefined ? {} : { auditAnnotations }),
    },
  });
}

function problemsOf({ entry, outcome }: RuleReport): Problem[] {
  if (outcome.decision !== 'deny') return [];
  return outcome.problems.map((problem) => ({ rule: entry.rule.name, problem }));
}

function warningsOf(reports: readonly RuleReport[]): string[] {
  const warnings = new Set<string>();
  for (const report of reports) {
    if (report.entry.mode === 'audit') continue;
    for (const text of textsOf(report)) {
      if (text !== '') warnings.add(shownOnOneLine(`[${report.entry.rule.name}] ${text}`, MAX_WARNING_LENGTH));
    }
  }
  if (warnings.size <= MAX_WARNINGS) return [...warnings];
  const more = warnings.size - MAX_WARNINGS + 1;
  return [...[...warnings].slice(0, MAX_WARNINGS - 1), `… and ${more} more warnings`];
}

function textsOf(report: RuleReport): readonly string[] {
  const { outcome } = report;
  if (outcome.decision === 'allow' && decisionOf(report) === 'allow') return outcome.warnings;
  if (outcome.decision === 'deny') return [...notActedOn(report), ...(outcome.warnings ?? [])];
  return notActedOn(report);
}

/**
 * An annotation for each rule whose decision was computed and not acted on; its name is a valid key. Annotations are a
 * log, and so is why a call failed: a rule's words about a Secret are in neither.
 */
function annotationsOf(
  reports: readonly RuleReport[],
  isWithoutWords: boolean,
): { [rule: string]: string } | undefined {
  let annotations: { [rule: string]: string } | undefined;
  for (const report of reports) {
    const texts = notActedOn(report);
    if (texts.length === 0) continue;
    annotations ??= {};
    const told = isWithoutWords ? new Set(texts.map((text) => text.split(':', 1)[0])) : texts;
    annotations[report.entry.rule.name] = shown([...told].join('; '), MAX_ANNOTATION_LENGTH);
  }
  return annotations;
}

function notActedOn(report: RuleReport): readonly string[] {
  const { entry, outcome, patch } = report;
  if (outcome.decision === 'failure') {
    return entry.mode !== 'enforce' || isIgnored(entry.rule.routing) ? [`failed: ${outcome.message}`] : [];
  }
  if (entry.mode === 'enforce') return [];
  if (outcome.decision === 'deny') return outcome.problems.map((problem) => `would deny: ${problemText(problem)}`);
  const edits = patch?.length ?? 0;
  return edits > 0 ? [`would change the object, in ${edits} ${edits === 1 ? 'place' : 'places'}`] : [];
}

function failureText({ entry, outcome }: RuleReport, isWithoutWords: boolean): string {
  if (isWithoutWords) return `rule ${entry.rule.name} failed (what it said is not shown for a Secret)`;
  return `rule ${entry.rule.name} failed: ${outcome.decision === 'failure' ? shown(outcome.message, 1000) : ''}`;
}

function isIgnored({ failurePolicy }: { readonly failurePolicy?: string }): boolean {
  return failurePolicy === 'Ignore';
}
