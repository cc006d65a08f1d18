import { decisionOf, type RuleReport } from '../../webhook/report.ts';
import type { Replayed } from '../replay-case.ts';

/**
 * What each rule decided in a case and why, webhook by webhook; then which webhooks were not called, and why; and what was looked
 * up in vain.
 */
export function decisionLines(replayed: Replayed): string[] {
  if (replayed.outcome === 'broken') return [];
  const { calls, notCalled } = replayed.chain;
  return [
    ...calls.flatMap(({ webhook, reviewed, isReinvocation }) =>
      reviewed.reports.map((report) => {
        const { rule, mode } = report.entry;
        const again = isReinvocation ? ', called again' : '';
        return `${webhook.name}${again}: ${rule.name}${mode === 'enforce' ? '' : ` (${mode})`}: ${decisionText(report)}`;
      }),
    ),
    ...notCalled.map(({ route, reason }) => `not called (${route.phase}): ${reason}`),
    ...replayed.missed.map((text) => `looked up, and taken not to exist: ${text}`),
  ];
}

function decisionText(report: RuleReport): string {
  const { outcome, patch = [] } = report;
  const decision = decisionOf(report);
  const why = [...reasonsOf(outcome), ...(decision === 'mutate' ? patch.map(({ op, path }) => `${op} ${path}`) : [])];
  return [decision, ...(why.length === 0 ? [] : [why.join('; ')])].join(': ');
}

function reasonsOf(outcome: RuleReport['outcome']): string[] {
  if (outcome.decision === 'skip') return [`${outcome.reason}, ${outcome.sentence}`];
  if (outcome.decision === 'failure') return [outcome.message];
  const warnings = (outcome.warnings ?? []).map((warning) => `warns: ${warning}`);
  if (outcome.decision === 'allow') return warnings;
  const problems = outcome.problems.map((problem) =>
    typeof problem === 'string' ? problem : `${problem.field}: ${problem.message}`,
  );
  return [...problems, ...warnings];
}
