import { decisionOf } from '../../webhook/report.ts';
import type { Difference } from '../compared.ts';
import type { Replayed } from '../replay-case.ts';
import type { Run } from '../run.ts';

/** How a report is to be written. */
export interface ReportOptions {
  /** With what each rule decided, of every case. */
  readonly isVerbose: boolean;
  /** How people call a path. */
  readonly shown: (path: string) => string;
}

/** What people read in a terminal: a line a case below its rule, what is wrong with it, and what it comes to. */
export function textReport({ cases }: Run, options: ReportOptions): string {
  const lines: string[] = [];
  let heading: string | undefined;
  for (const replayed of cases) {
    const rule = replayed.outcome === 'broken' ? undefined : replayed.given.rule;
    if (rule !== undefined && rule !== heading) lines.push('', rule);
    heading = rule;
    lines.push(...caseLines(replayed, options));
  }
  const count = (outcome: Replayed['outcome']) => cases.filter((one) => one.outcome === outcome).length;
  const [passed, failed, broken] = [count('passed'), count('failed'), count('broken')];
  const rest = [...(failed > 0 ? [`${failed} failed`] : []), ...(broken > 0 ? [`${broken} could not be read`] : [])];
  lines.push('', [`${passed} of ${cases.length} cases passed`, ...rest].join(', '), '');
  return lines.join('\n').trimStart();
}

function caseLines(replayed: Replayed, options: ReportOptions): string[] {
  if (replayed.outcome === 'broken') return ['', `✗ ${replayed.fault}`];
  const { given, outcome, problems, breaches, differences } = replayed;
  const file = options.shown(given.folder);
  return [
    `  ${outcome === 'passed' ? '✓' : '✗'} ${given.sentence}`,
    ...(options.isVerbose ? decisionLines(replayed) : []),
    ...problems.map((problem) => `      ${file}: ${problem}`),
    ...breaches.map(
      ({ invariant, text, isWarning }) => `      ${isWarning ? 'warning' : 'broken'}: ${invariant}: ${text}`,
    ),
    ...differences.flatMap((difference) => differenceLines(difference, given.expected?.file ?? file)),
  ];
}

function decisionLines({ chain }: Exclude<Replayed, { outcome: 'broken' }>): string[] {
  const called = chain.calls.flatMap(({ webhook, reviewed }) =>
    reviewed.reports.map((report) => {
      const { outcome, entry } = report;
      const why = outcome.decision === 'skip' ? `: ${outcome.reason}, ${outcome.sentence}` : '';
      return `      ${webhook.name}: ${entry.rule.name}: ${decisionOf(report)}${why}`;
    }),
  );
  return [...called, ...chain.notCalled.map(({ reason }) => `      not called: ${reason}`)];
}

function differenceLines({ path, line, expected, actual }: Difference, file: string): string[] {
  return [
    `      ${file}:${line}: ${pathText(path)}`,
    ...(expected === undefined ? [] : [`        - ${JSON.stringify(expected)}`]),
    ...(actual === undefined ? [] : [`        + ${JSON.stringify(actual)}`]),
  ];
}

function pathText(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}
