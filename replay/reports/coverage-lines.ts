import type { Operation } from '../../webhook/rule.ts';
import { coveredPercent, OUTCOMES, type OutcomeCount, type RuleCoverage } from '../coverage.ts';
import { type Line, plainLine, tonedLine } from './line.ts';

/** One operation of a rule. */
export interface CoverageRow {
  readonly operation: Operation;
  /** How many cases came to each of OUTCOMES, in their order; empty where none did. */
  readonly cells: readonly string[];
  /** How many for each reason: `2 opted_out, 1 windows`; empty where none was skipped. */
  readonly skips: string;
}

/** A rule's rows: the operations that any case has, then those that it is for and no case asks about. */
export function coverageRows({ outcomes, unasked }: RuleCoverage): CoverageRow[] {
  const operations = [...new Set([...outcomes.map(({ operation }) => operation), ...unasked])];
  return operations.map((operation) => {
    const own = outcomes.filter((one) => one.operation === operation);
    return {
      operation,
      cells: OUTCOMES.map((name) => total(own.filter(({ outcome }) => outcome === name))),
      skips: own.flatMap(({ reason, cases }) => (reason === undefined ? [] : [`${cases} ${reason}`])).join(', '),
    };
  });
}

function total(counts: readonly OutcomeCount[]): string {
  const sum = counts.reduce((all, { cases }) => all + cases, 0);
  return sum === 0 ? '' : `${sum}`;
}

/** `5 of 6 rules are covered (83 %)`. */
export function coverageText(coverage: readonly RuleCoverage[]): string {
  const covered = coverage.filter(({ missing }) => missing.length === 0).length;
  const rules = coverage.length === 1 ? 'rule is' : 'rules are';
  return `${covered} of ${coverage.length} ${rules} covered (${coveredPercent(coverage)} %)`;
}

/** The table: a line for each rule and operation, columns that have anything in them; then why rules skipped, and what is missing. */
export function coverageLines(coverage: readonly RuleCoverage[]): Line[] {
  const rows = coverage.flatMap((each) => coverageRows(each).map((row) => ({ ...row, rule: each.rule })));
  const table = [
    ['rule', 'operation', ...OUTCOMES],
    ...rows.map(({ rule, operation, cells }, at) => [rows[at - 1]?.rule === rule ? '' : rule, operation, ...cells]),
  ];
  const skips = rows.filter((row) => row.skips !== '').map((row) => `${row.rule} skips ${row.operation}: ${row.skips}`);
  return [
    tonedLine('title', coverageText(coverage)),
    ...aligned(table).map((line, at) => (at === 0 ? tonedLine('aside', `  ${line}`) : plainLine(`  ${line}`))),
    ...skips.map((text) => tonedLine('aside', `  ${text}`)),
    ...missingLines(coverage),
  ];
}

function aligned(table: readonly (readonly string[])[]): string[] {
  const [header = [], ...rows] = table;
  const widths = header.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const isShown = header.map((_, column) => rows.some((row) => row[column] !== ''));
  return table.map((row) =>
    row
      .map((text, column) => (isShown[column] === true ? text.padEnd((widths[column] ?? 0) + 2) : ''))
      .join('')
      .trimEnd(),
  );
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
