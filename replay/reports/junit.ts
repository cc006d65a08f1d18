import type { RuleCoverage } from '../coverage.ts';
import type { Replayed } from '../replay-case.ts';
import type { Run } from '../run.ts';
import { byRule, caseName } from './case-name.ts';
import { decisionLines } from './decision-lines.ts';
import { findingsOf } from './finding.ts';
import { countsOf } from './summary.ts';
import { findingLines, type ReportOptions } from './text.ts';
import { visible } from './visible.ts';
import { type XmlElement, xmlDocument } from './xml.ts';

/** When a run was, and how long its cases took: JUnit's schema wants to know. */
export interface Times {
  /** In UTC and without a zone, as that schema has it: `2026-01-31T23:59:59`. */
  readonly startedAt: string;
  /** Of each case, in their order. */
  readonly seconds: readonly number[];
}

/**
 * A report that CI servers read: a test suite for each rule, a test case for each case. A case that failed has a failure
 * with the first thing that is wrong as its message and all of it as its text, one that cannot be read an error; what
 * each rule decided is the suite's output where the report is verbose. Valid under the schema of Ant's JUnit and under
 * that of Jenkins.
 */
export function junitReport({ cases, coverage }: Run, options: ReportOptions, times: Times): string {
  const seconds = new Map(cases.map((replayed, at) => [replayed, times.seconds[at] ?? 0]));
  const suites = [...byRule(cases)].map(([rule, own], id): XmlElement => {
    const { cases: tests, failed, broken } = countsOf(own);
    const time = own.reduce((sum, replayed) => sum + (seconds.get(replayed) ?? 0), 0);
    return {
      name: 'testsuite',
      attributes: {
        package: 'portcullis',
        id,
        name: rule,
        timestamp: times.startedAt,
        hostname: 'localhost',
        tests,
        failures: failed,
        errors: broken,
        time: time.toFixed(6),
      },
      content: [
        { name: 'properties', content: propertiesOf(coverage.find((each) => each.rule === rule)) },
        ...own.map((replayed) => testCase(replayed, options, seconds.get(replayed) ?? 0)),
        { name: 'system-out', content: options.isVerbose ? own.flatMap(decisionsText).join('\n') : '' },
        { name: 'system-err' },
      ],
    };
  });
  return xmlDocument({ name: 'testsuites', content: suites });
}

function testCase(replayed: Replayed, options: ReportOptions, seconds: number): XmlElement {
  const { rule, sentence } = caseName(replayed);
  const attributes = { name: sentence, classname: rule, time: seconds.toFixed(6) };
  if (replayed.outcome === 'passed') return { name: 'testcase', attributes };
  const [first] = findingsOf(replayed, options.shown);
  const failure = {
    name: replayed.outcome === 'broken' ? 'error' : 'failure',
    attributes: { message: visible(first?.title ?? ''), type: first?.kind ?? 'case' },
    content: findingLines(replayed, options.shown)
      .map(({ text }) => visible(text))
      .join('\n'),
  };
  return { name: 'testcase', attributes, content: [failure] };
}

/** Jenkins' schema wants one at least. */
function propertiesOf(coverage: RuleCoverage | undefined): XmlElement[] {
  const properties =
    coverage === undefined
      ? [['rule', 'not in force'] as const]
      : [
          ['phase', coverage.phase] as const,
          [
            'covered',
            coverage.missing.length === 0 ? 'yes' : `no: it lacks ${coverage.missing.join(', and ')}`,
          ] as const,
        ];
  return properties.map(([name, value]) => ({ name: 'property', attributes: { name, value } }));
}

function decisionsText(replayed: Replayed): string[] {
  return [caseName(replayed).sentence, ...decisionLines(replayed).map((line) => `  ${line}`)].map(visible);
}
