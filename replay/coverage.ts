import { decisionOf, type RuleReport } from '../webhook/report.ts';
import type { Operation } from '../webhook/rule.ts';
import type { Gate } from './chain.ts';
import type { Replayed } from './replay-case.ts';

/** What the cases of a run show of one rule. */
export interface RuleCoverage {
  readonly rule: string;
  readonly phase: 'mutating' | 'validating';
  /** How many cases of the rule's own folder, or of others, came to each outcome, by operation. */
  readonly outcomes: readonly OutcomeCount[];
  /** What is missing: a case that it lets pass, a case in which it does something; empty where nothing is. */
  readonly missing: readonly string[];
}

/** One outcome: `allow`, `warn`, `deny`, `mutate`, `skip: <reason>`, `failure`. */
export interface OutcomeCount {
  readonly outcome: string;
  readonly operation: Operation;
  readonly cases: number;
}

/** The coverage of every rule in force, in their order (lessons.md §2.4, 7). */
export function coverageOf(cases: readonly Replayed[], { engine }: Gate): RuleCoverage[] {
  const counts = new Map<string, Map<string, OutcomeCount>>();
  for (const replayed of cases) {
    if (replayed.outcome === 'broken') continue;
    for (const { rule, outcome, operation } of outcomesOf(replayed)) {
      const ofRule = counts.get(rule) ?? new Map<string, OutcomeCount>();
      const key = `${operation} ${outcome}`;
      ofRule.set(key, { outcome, operation, cases: (ofRule.get(key)?.cases ?? 0) + 1 });
      counts.set(rule, ofRule);
    }
  }
  return engine.rules.rules.map(({ rule }) => {
    const outcomes = [...(counts.get(rule.name)?.values() ?? [])];
    return { rule: rule.name, phase: rule.phase, outcomes, missing: missingOf(outcomes, rule.phase) };
  });
}

/** Of rules in force, how many in a hundred lack nothing. */
export function coveredPercent(coverage: readonly RuleCoverage[]): number {
  const covered = coverage.filter(({ missing }) => missing.length === 0).length;
  return coverage.length === 0 ? 100 : Math.floor((covered / coverage.length) * 100);
}

/** A case counts once for an outcome, however often the rule came to it in its chain. */
function outcomesOf({ chain }: Exclude<Replayed, { outcome: 'broken' }>) {
  const found = new Map<string, { rule: string; outcome: string; operation: Operation }>();
  for (const { reviewed, request } of chain.calls) {
    for (const report of reviewed.reports) {
      const one = { rule: report.entry.rule.name, outcome: outcomeOf(report), operation: request.operation };
      found.set(Object.values(one).join(' '), one);
    }
  }
  return found.values();
}

function outcomeOf(report: RuleReport): string {
  const { outcome } = report;
  if (outcome.decision === 'skip') return `skip: ${outcome.reason}`;
  if (outcome.decision === 'allow' && outcome.warnings.length > 0) return 'warn';
  return decisionOf(report);
}

function missingOf(outcomes: readonly OutcomeCount[], phase: 'mutating' | 'validating'): string[] {
  const has = (...wanted: string[]) => outcomes.some(({ outcome }) => wanted.includes(outcome.split(':')[0] ?? ''));
  return phase === 'mutating'
    ? [
        ...(has('mutate') ? [] : ['a case that it changes']),
        ...(has('skip', 'deny', 'allow') ? [] : ['a case that it leaves alone']),
      ]
    : [
        ...(has('allow') ? [] : ['a case that it admits']),
        ...(has('deny', 'warn') ? [] : ['a case that it refuses, or warns of']),
      ];
}
