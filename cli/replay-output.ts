import { writeFileSync } from 'node:fs';
import { coveredPercent } from '../replay/coverage.ts';
import { jsonReport } from '../replay/reports/json.ts';
import { junitReport, type Times } from '../replay/reports/junit.ts';
import { markdownReport } from '../replay/reports/markdown.ts';
import { type ReportOptions, textReport } from '../replay/reports/text.ts';
import type { Run } from '../replay/run.ts';
import { readable } from './faults.ts';
import { oneOf } from './flag-values.ts';
import { type Flags, type Given, UsageError } from './usage.ts';

/** The flags that say what is printed. */
export const OUTPUT_FLAGS: Flags = {
  format: { value: 'FORMAT', short: 'o', does: 'text, json, junit or markdown (default: text)' },
  output: { value: 'FILE', does: 'write that format there, and text to standard output' },
  verbose: { short: 'v', does: 'tell of each case what each rule decided, and why' },
  coverage: { does: 'show what the cases show of each rule: outcomes by operation' },
  'coverage-threshold': { value: 'PERCENT', does: 'exit with 4 if fewer of the rules are covered' },
};

const FORMATS = ['text', 'json', 'junit', 'markdown'] as const;

/** What is to be printed, and what of it decides about the exit code. */
export interface Output {
  readonly format: (typeof FORMATS)[number];
  /** Undefined: standard output. */
  readonly file: string | undefined;
  readonly report: ReportOptions;
  /** Per cent; 0 where nothing was asked for. */
  readonly threshold: number;
}

/** Reads the flags. Throws UsageError. */
export function outputOf({ flags }: Given): Output {
  const format = flags.format?.[0];
  return {
    format: oneOf(format === undefined ? undefined : { text: format, by: '--format' }, FORMATS) ?? 'text',
    file: flags.output?.[0],
    threshold: percentOf(flags['coverage-threshold']?.[0]),
    report: {
      isVerbose: flags.verbose !== undefined,
      hasCoverage: flags.coverage !== undefined,
      shown: readable,
    },
  };
}

/** Standard output gets one format and nothing else. Throws UsageError where the file cannot be written. */
export function printReport(result: Run, { format, file, report }: Output, times: Times): void {
  const { stdout } = process;
  if (file !== undefined) {
    try {
      writeFileSync(file, reportText(format, result, report, times));
    } catch (error) {
      throw new UsageError(`--output ${file} cannot be written: ${(error as Error).message}`);
    }
  }
  // NO_COLOR and TERM=dumb are the terminal's wishes, which Node knows.
  const isColoured = stdout.isTTY === true && stdout.hasColors();
  stdout.write(reportText(file === undefined ? format : 'text', result, { ...report, isColoured }, times));
}

/** 0 all is as expected, 1 something is not, 2 something could not be replayed, 4 too little is covered. */
export function exitCode({ cases, coverage }: Run, { threshold }: Output): number {
  if (cases.some(({ outcome }) => outcome === 'broken')) return 2;
  if (cases.some(({ outcome }) => outcome === 'failed')) return 1;
  const percent = coveredPercent(coverage);
  if (percent >= threshold) return 0;
  process.stderr.write(`portcullis: ${percent} % of the rules are covered, and --coverage-threshold is ${threshold}\n`);
  return 4;
}

function reportText(format: Output['format'], result: Run, options: ReportOptions, times: Times): string {
  switch (format) {
    case 'text':
      return textReport(result, options);
    case 'json':
      return jsonReport(result, options);
    case 'junit':
      return junitReport(result, options, times);
    case 'markdown':
      return markdownReport(result, options);
  }
}

function percentOf(text: string | undefined): number {
  if (text === undefined) return 0;
  const percent = /^(\d{1,3})%?$/.exec(text)?.[1];
  if (percent !== undefined && Number(percent) <= 100) return Number(percent);
  throw new UsageError(`--coverage-threshold must be a whole number from 0 to 100, not "${text}"`);
}
