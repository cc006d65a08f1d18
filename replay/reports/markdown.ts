import { OUTCOMES, type RuleCoverage } from '../coverage.ts';
import type { Replayed } from '../replay-case.ts';
import type { Run } from '../run.ts';
import { caseName } from './case-name.ts';
import { coverageRows, coverageText } from './coverage-lines.ts';
import { type Finding, findingsOf, findingText } from './finding.ts';
import { fenced, inline, tableRow } from './markdown-text.ts';
import { countsOf, countsText } from './summary.ts';
import type { ReportOptions } from './text.ts';

/** GitHub takes 65,536 characters in a comment; what is cut is in the other reports. */
const MAX_DETAILS = 30_000;

/**
 * What a pull request's summary shows: how many passed, a table of what failed with everything about it to be folded out, what
 * else the passing ones are told of, and coverage. Texts of cases and rules stand in it as they are, whatever Markdown, HTML or mentions they look like.
 */
export function markdownReport({ cases, coverage }: Run, options: ReportOptions): string {
  const counts = countsOf(cases);
  const bad = cases.filter(({ outcome }) => outcome !== 'passed');
  const sections = [
    `## ${counts.passed === counts.cases ? '✅' : '❌'} Portcullis: ${countsText(counts)}`,
    ...(bad.length === 0 ? [] : [failedTable(bad, options), ...details(bad, options)]),
    ...warningsSection(cases, options),
    ...coverageSection(coverage, options),
  ];
  return `${sections.join('\n\n')}\n`;
}

function failedTable(bad: readonly Replayed[], { shown }: ReportOptions): string {
  const rows = bad.slice(0, MAX_ROWS).map((replayed) => {
    const { rule, sentence } = caseName(replayed);
    const [first] = findingsOf(replayed, shown);
    return tableRow([inline(rule), inline(sentence), first === undefined ? '' : titleOf(first)]);
  });
  const more = bad.length > MAX_ROWS ? [`\nand ${bad.length - MAX_ROWS} more`] : [];
  return [tableRow(['rule', 'case', 'what is wrong']), tableRow(['---', '---', '---']), ...rows, ...more].join('\n');
}

const MAX_ROWS = 50;
const MAX_TITLE = 200;

function titleOf(finding: Finding): string {
  const text = findingText(finding);
  return inline(text.length <= MAX_TITLE ? text : `${text.slice(0, MAX_TITLE - 1).toWellFormed()}…`);
}

/** As many as there is room for. */
function details(bad: readonly Replayed[], options: ReportOptions): string[] {
  const sections: string[] = [];
  let length = 0;
  for (const replayed of bad) {
    const { rule, sentence } = caseName(replayed);
    const lines = findingsOf(replayed, options.shown).flatMap(diffLines);
    const section = `<details><summary>${inline(`${rule}: ${sentence}`)}</summary>\n\n${fenced('diff', lines)}\n\n</details>`;
    length += section.length;
    if (length > MAX_DETAILS) {
      return [...sections, `The details of ${bad.length - sections.length} more cases have no room here.`];
    }
    sections.push(section);
  }
  return sections;
}

function warningsSection(cases: readonly Replayed[], { shown }: ReportOptions): string[] {
  const passed = cases.filter(({ outcome }) => outcome === 'passed');
  const warnings = passed.flatMap((replayed) => findingsOf(replayed, shown));
  if (warnings.length === 0) return [];
  const more = warnings.length > MAX_ROWS ? [`- and ${warnings.length - MAX_ROWS} more`] : [];
  const lines = warnings.slice(0, MAX_ROWS).map((warning) => `- ${titleOf(warning)}`);
  return [`### Warnings`, [...lines, ...more].join('\n')];
}

/** In a diff the signs begin the line; what is said besides begins with one that no diff has. */
function diffLines(finding: Finding): string[] {
  return [
    `# ${findingText(finding)}`,
    ...finding.lines.map(({ sign, text }) => (sign === '@' ? `@@ ${text} @@` : `${sign} ${text}`)),
    ...(finding.advice === undefined ? [] : [`# ${finding.advice}`]),
  ];
}

function coverageSection(coverage: readonly RuleCoverage[], { hasCoverage, isPart }: ReportOptions): string[] {
  const isWhole = hasCoverage === true;
  if (isPart === true && !isWhole) return [];
  const lacking = coverage
    .filter(({ missing }) => missing.length > 0)
    .map(({ rule, missing }) => `- ${inline(rule)} lacks ${missing.join(', and ')}`);
  if (!isWhole && lacking.length === 0) return [];
  const heading = `### Coverage: ${coverageText(coverage)}`;
  return [heading, ...(lacking.length === 0 ? [] : [lacking.join('\n')]), ...(isWhole ? [table(coverage)] : [])];
}

function table(coverage: readonly RuleCoverage[]): string {
  const header = ['rule', 'operation', ...OUTCOMES, 'reasons to skip'];
  const rows = coverage.flatMap((each) =>
    coverageRows(each).map(({ operation, cells, skips }) =>
      tableRow([inline(each.rule), operation, ...cells, inline(skips)]),
    ),
  );
  return [tableRow(header), tableRow(header.map(() => '---')), ...rows].join('\n');
}
