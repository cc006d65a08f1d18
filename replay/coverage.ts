import type { RuleInForce } from '../webhook/match.ts';
import { decisionOf, type RuleReport } from '../webhook/report.ts';
import type { Operation, Rule } from '../webhook/rule.ts';
import type { Gate } from './chain.ts';
import type { Replayed } from './replay-case.ts';

/** What the cases of a run show of one rule. */
export interface RuleCoverage {
  readonly rule: string;
  readonly phase: 'mutating' | 'validating';
  /** How many cases, of the rule's own folder or of others, came to each outcome, by operation. */
  readonly outcomes: readonly OutcomeCount[];
  /** What is missing: a case that it lets pass, a case in which it does something; empty where nothing is. */
  readonly missing: readonly string[];
  /** Operations that the rule is for, and about which no case asks it; told, and not missing. */
  readonly unasked: readonly Operation[];
}

/** The columns of coverage: what a rule can come to, and that nobody asks it (in a case of its own folder). */
export const OUTCOMES = ['allow', 'warn', 'deny', 'mutate', 'skip', 'failure', 'not asked'] as const;

/** One outcome of one operation. */
export interface OutcomeCount {
  readonly outcome: (typeof OUTCOMES)[number];
  /** Of a skip. */
  readonly reason?: string;
  readonly operation: Operation;
  readonly cases: number;
}

/** The coverage of every rule in force, in their order (lessons.md §2.4, 7). */
export function coverageOf(cases: readonly Replayed[], { engine }: Gate): RuleCoverage[] {
  const counts = new Map<string, Map<string, OutcomeCount>>();
  for (const replayed of cases) {
    if (replayed.outcome === 'broken') continue;
    for (const { rule, ...one } of outcomesOf(replayed)) {
      const ofRule = counts.get(rule) ?? new Map<string, OutcomeCount>();
      const key = Object.values(one).join(' ');
      ofRule.set(key, { ...one, cases: (ofRule.get(key)?.cases ?? 0) + 1 });
      counts.set(rule, ofRule);
    }
  }
  return engine.rules.rules.map(({ rule }) => {
    const outcomes = [...(counts.get(rule.name)?.values() ?? [])];
    const { name, phase } = rule;
    return { rule: name, phase, outcomes, missing: missingOf(outcomes, phase), unasked: unaskedOf(outcomes, rule) };
  });
}

/** Without the rules of others (the built-in ones) that no case is about: whoever brings a rule has not to prove theirs. */
export function ownCoverage(
  coverage: readonly RuleCoverage[],
  cases: readonly Replayed[],
  others: readonly string[],
): RuleCoverage[] {
  const tried = new Set(cases.map((replayed) => (replayed.outcome === 'broken' ? undefined : replayed.given.rule)));
  return coverage.filter(({ rule }) => tried.has(rule) || !others.includes(rule));
}

/** Of rules in force, how many in a hundred lack nothing; rounded down, so that 100 is all of them. */
export function coveredPercent(coverage: readonly RuleCoverage[]): number {
  const covered = coverage.filter(({ missing }) => missing.length === 0).length;
  return coverage.length === 0 ? 100 : Math.floor((covered / coverage.length) * 100);
}

type Found = Omit<OutcomeCount, 'cases'> & { readonly rule: string };

/** A case counts once for an outcome, however often the rule came to it in its chain. */
function outcomesOf({ chain, given }: Exclude<Replayed, { outcome: 'broken' }>): Iterable<Found> {
  const found = new Map<string, Found>();
  const note = (one: Found) => found.set(Object.values(one).join(' '), one);
  for (const { reviewed, request } of chain.calls) {
    for (const report of reviewed.reports) {
      note({ rule: nameOf(report.entry), operation: request.operation, ...outcomeOf(report) });
    }
  }
  const isAsked = [...found.values()].some(({ rule }) => rule === given.rule);
  // Where a selector or an earlier denial spares the rule, nothing is said of it unless the case is about that.
  const expected = (given.expected?.value ?? {}) as { readonly notCalled?: unknown };
  if (!isAsked && expected.notCalled !== undefined) {
    note({ rule: given.rule, operation: given.review.request.operation, outcome: 'not asked' });
  }
  return found.values();
}

function nameOf({ rule }: RuleInForce): string {
  return rule.name;
}

function outcomeOf(report: RuleReport): Pick<OutcomeCount, 'outcome' | 'reason'> {
  const { outcome } = report;
  if (outcome.decision === 'skip') return { outcome: 'skip', reason: outcome.reason };
  if (outcome.decision === 'allow' && outcome.warnings.length > 0) return { outcome: 'warn' };
  return { outcome: decisionOf(report) };
}

/**
 * A validating rule must be seen to admit without a word, and to refuse or at least to warn: of one whose every case is
 * warned nobody knows whether it leaves anybody in peace. A mutating one must be seen to change, and to leave alone, be it
 * by not being asked.
 */
function missingOf(outcomes: readonly OutcomeCount[], phase: Rule['phase']): string[] {
  const has = (...wanted: OutcomeCount['outcome'][]) => outcomes.some(({ outcome }) => wanted.includes(outcome));
  if (phase === 'mutating') {
    return [
      ...(has('mutate') ? [] : ['a case that it changes']),
      ...(has('skip', 'deny', 'allow', 'not asked') ? [] : ['a case that it leaves alone']),
    ];
  }
  return [
    ...(has('allow') ? [] : [has('warn') ? 'a case that it admits without a warning' : 'a case that it admits']),
    ...(has('deny', 'warn') ? [] : ['a case that it refuses, or warns of']),
  ];
}

function unaskedOf(outcomes: readonly OutcomeCount[], { operations }: Rule): Operation[] {
  const asked = new Set(outcomes.filter(({ outcome }) => outcome !== 'not asked').map(({ operation }) => operation));
  return operations.filter((operation) => !asked.has(operation));
}
