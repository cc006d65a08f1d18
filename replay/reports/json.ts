import { decisionOf } from '../../webhook/report.ts';
import type { Chain } from '../chain.ts';
import { coveredPercent, type RuleCoverage } from '../coverage.ts';
import type { Replayed } from '../replay-case.ts';
import type { Run } from '../run.ts';
import { caseName } from './case-name.ts';
import { type Finding, findingsOf } from './finding.ts';
import { type Counts, countsOf } from './summary.ts';
import type { ReportOptions } from './text.ts';

/** What `--format json` prints: one object. Members may be added; one that is taken away or changed changes `version`. */
export interface JsonReport {
  readonly version: 1;
  readonly counts: Counts & {
    /** How many times a webhook was asked. */
    readonly calls: number;
  };
  readonly cases: readonly JsonCase[];
  readonly coverage: {
    /** Of the rules that count, how many in a hundred lack nothing, rounded down. */
    readonly percent: number;
    readonly rules: readonly RuleCoverage[];
  };
}

/** One case. */
export interface JsonCase {
  readonly folder: string;
  readonly rule: string;
  readonly sentence: string;
  /** `broken`: it could not be replayed, and `findings` say why. */
  readonly outcome: Replayed['outcome'];
  /** What became of the request; not of a broken case. */
  readonly verdict?: Chain['verdict'];
  /** What each rule decided, in the order in which they were asked; not of a broken case. */
  readonly decisions?: readonly JsonDecision[];
  /** What is wrong with it. */
  readonly findings: readonly Finding[];
}

/** What one rule decided when one webhook was called. */
export interface JsonDecision {
  readonly webhook: string;
  readonly phase: 'mutating' | 'validating';
  readonly isReinvocation: boolean;
  readonly rule: string;
  readonly mode: 'enforce' | 'warn' | 'audit';
  readonly decision: ReturnType<typeof decisionOf>;
  /** Of a skip. */
  readonly reason?: string;
}

/** The run as JSON, for programs. */
export function jsonReport({ cases, coverage, calls }: Run, { shown }: Pick<ReportOptions, 'shown'>): string {
  const report: JsonReport = {
    version: 1,
    counts: { ...countsOf(cases), calls },
    cases: cases.map((replayed) => jsonCase(replayed, shown)),
    coverage: { percent: coveredPercent(coverage), rules: coverage },
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

function jsonCase(replayed: Replayed, shown: (path: string) => string): JsonCase {
  const { folder, rule, sentence } = caseName(replayed);
  return {
    folder: shown(folder),
    rule,
    sentence,
    outcome: replayed.outcome,
    ...(replayed.outcome === 'broken'
      ? {}
      : { verdict: replayed.chain.verdict, decisions: decisionsOf(replayed.chain) }),
    findings: findingsOf(replayed, shown),
  };
}

function decisionsOf({ calls }: Chain): JsonDecision[] {
  return calls.flatMap(({ webhook, route, reviewed, isReinvocation }) =>
    reviewed.reports.map((report) => ({
      webhook: webhook.name,
      phase: route.phase,
      isReinvocation,
      rule: report.entry.rule.name,
      mode: report.entry.mode,
      decision: decisionOf(report),
      ...(report.outcome.decision === 'skip' ? { reason: report.outcome.reason } : {}),
    })),
  );
}
