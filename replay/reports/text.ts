import type { Replayed } from '../replay-case.ts';
import type { Run } from '../run.ts';
import { byRule, caseName } from './case-name.ts';
import { coverageLines, uncoveredLines } from './coverage-lines.ts';
import { decisionLines } from './decision-lines.ts';
import { findingsOf, findingText } from './finding.ts';
import { type Line, plainLine, tonedLine } from './line.ts';
import { painted } from './painted.ts';
import { summary } from './summary.ts';

/** How a report is to be written. */
export interface ReportOptions {
  /** With what each rule decided, of every case. */
  readonly isVerbose: boolean;
  /** How people call a path. */
  readonly shown: (path: string) => string;
  /** With the table of what the cases show of each rule; what is not covered is told without it too. */
  readonly hasCoverage?: boolean;
  /** Cases were named one by one: what rules lack that the others may show is not told, but in the table. */
  readonly isPart?: boolean;
  /** For a terminal that shows them. */
  readonly isColoured?: boolean;
}

/**
 * What people read in a terminal and in the log of CI: a line a case below its rule; of one that failed where, what was
 * expected and what came, and what to do; coverage; and what it comes to. Nothing in it that a terminal obeys but, where
 * they are asked for, colours.
 */
export function textReport({ cases, coverage, calls }: Run, options: ReportOptions): string {
  const lines: Line[] = [];
  for (const [rule, own] of byRule(cases)) {
    lines.push(plainLine(''), tonedLine('title', rule), ...own.flatMap((replayed) => caseLines(replayed, options)));
  }
  if (options.hasCoverage === true) lines.push(plainLine(''), ...coverageLines(coverage));
  const uncovered = options.hasCoverage === true || options.isPart === true ? [] : uncoveredLines(coverage);
  lines.push(plainLine(''), ...uncovered, ...summary(cases, calls));
  return `${lines
    .slice(1)
    .map((line) => painted(line, options.isColoured === true))
    .join('\n')}\n`;
}

function caseLines(replayed: Replayed, options: ReportOptions): Line[] {
  const { sentence } = caseName(replayed);
  return [
    replayed.outcome === 'passed' ? tonedLine('good', `  ✓ ${sentence}`) : tonedLine('bad', `  ✗ ${sentence}`),
    ...(options.isVerbose ? decisionLines(replayed).map((text) => tonedLine('aside', `      ${text}`)) : []),
    ...findingLines(replayed, options.shown).map(({ tone, text }) => ({ tone, text: `      ${text}` })),
  ];
}

/** What is wrong with a case, line by line. */
export function findingLines(replayed: Replayed, shown: (path: string) => string): Line[] {
  return findingsOf(replayed, shown).flatMap((finding) => [
    tonedLine(finding.isWarning ? 'warning' : 'plain', findingText(finding)),
    ...finding.lines.map(({ sign, text }) =>
      sign === '@' ? tonedLine('aside', `  @ ${text}`.trimEnd()) : tonedLine(SIGNS[sign], `  ${sign} ${text}`),
    ),
    ...(finding.advice === undefined ? [] : [tonedLine('aside', `  ${finding.advice}`)]),
  ]);
}

const SIGNS = { '-': 'bad', '+': 'good', ' ': 'plain' } as const;
