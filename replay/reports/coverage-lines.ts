import type { Operation } from '../../webhook/rule.ts';
import { coveredPercent, OUTCOMES, type OutcomeCount, type RuleCoverage } from '../coverage.ts';
import { type Line, plainLine, tonedLine } from './line.ts';

/** One operation of a rule: how many cases came to each outcome, those of OUTCOMES in their order. */
export interface CoverageRow {
  readonly operation: Operation;
  /** Empty where there are none; of skips, how many for each reason: `2 opted_out`. */
  readonly cells: readonly string[];
}

/** A rule's rows: the operations that any case has, then those that it is for and no case asks about. */
export function coverageRows({ outcomes, unasked }: RuleCoverage): CoverageRow[] {
  const operations = [...new Set([...outcomes.map(({ operation }) => operation), ...unasked])];
  return operations.map((operation) => {
    const own = outcomes.filter((one) => one.operation === operation);
    return { operation, cells: OUTCOMES.map((name) => cell(own.filter(({ outcome }) => outcome === name))) };
  });
}

function cell(counts: readonly OutcomeCount[]): string {
  return counts.map(({ cases, reason }) => (reason === undefined ? `${cases}` : `${cases} ${reason}`)).join(', ');
}

/** `5 of 6 rules are covered (83 %)`. */
export function coverageText(coverage: readonly RuleCoverage[]): string {
  const covered = coverage.filter(({ missing }) => missing.length === 0).length;
  const rules = coverage.length === 1 ? 'rule is' : 'rules are';
  return `${covered} of ${coverage.length} ${rules} covered (${coveredPercent(coverage)} %)`;
}

/** The table: a line for each rule and operation, columns that have anything in them, and what is missing. */
export function coverageLines(coverage: readonly RuleCoverage[]): Line[] {
  const rows = coverage.flatMap((each) =>
    coverageRows(each).map(({ operation, cells }, at) => [at === 0 ? each.rule : '', operation, ...cells]),
  );
  const table = [['', 'operation', ...OUTCOMES], ...rows];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  const isShown = (column: number) => column < 2 || rows.some((row) => row[column] !== '');
  const lines = table.map((row) =>
    row
      .map((text, column) => (isShown(column) ? text.padEnd((widths[column] ?? 0) + 2) : ''))
      .join('')
      .trimEnd(),
  );
  return [
    tonedLine('title', coverageText(coverage)),
    ...lines.map((line, at) => (at === 0 ? tonedLine('aside', `  ${line}`) : plainLine(`  ${line}`))),
    ...missingLines(coverage),
  ];
}

/** Which rules lack which cases; empty where none does. */
export function uncoveredLines(coverage: readonly RuleCoverage[]): Line[] {
  const lines = missingLines(coverage);
  return lines.length === 0 ? [] : [plainLine(coverageText(coverage)), ...lines];
}

function missingLines(coverage: readonly RuleCoverage[]): Line[] {
  return coverage
    .filter(({ missing }) => missing.length > 0)
    .map(({ rule, missing }) => tonedLine('warning', `  ${rule} lacks ${missing.join(', and ')}`));
}
