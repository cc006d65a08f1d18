import { type Difference, patternIn } from '../compared.ts';
import { type DiffLine, yamlOf } from '../yaml-diff.ts';
import type { Finding } from './finding.ts';

/** A value that is not as expected: where, and both. Of long texts that begin alike, what is around the first difference. */
export function valueFinding({ path, line, expected, actual }: Difference, file: string): Finding {
  const from = isText(expected) && isText(actual) && !isPattern(expected) ? firstDifference(expected, actual) : 0;
  const start = from > MAX_ALIKE ? wordStart(expected as string, from - CONTEXT) : 0;
  const title = [
    pathText(path),
    ...(start > 0 ? [`differs from character ${from + 1} on`] : []),
    ...(isText(expected) && isPattern(expected) && isText(actual) ? ['does not match'] : []),
    ...(expected === undefined ? ['not expected'] : []),
    ...(actual === undefined ? ['did not come'] : []),
  ].join(': ');
  const lines = [...signed('-', expected, start), ...signed('+', actual, start)];
  return { kind: 'difference', isWarning: false, file, line, title, lines };
}

/** `responses[0].status.message`. */
function pathText(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    if (!/^[\w$]/.test(step) || /[.[\]\s]/.test(step)) return `${text}[${JSON.stringify(step)}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

/** So many characters that are the same are shown; of more, those before the first that is not. */
const MAX_ALIKE = 60;
const CONTEXT = 24;

function signed(sign: '-' | '+', value: unknown, start: number): DiffLine[] {
  if (value === undefined) return [];
  const text = typeof value === 'object' && value !== null ? yamlOf(value).trimEnd() : scalar(value, start);
  return text.split('\n').map((line) => ({ sign, text: line }));
}

function scalar(value: unknown, start: number): string {
  if (!isText(value)) return String(value);
  return start > 0 ? `… ${JSON.stringify(value.slice(start))}` : isPattern(value) ? value : JSON.stringify(value);
}

function firstDifference(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return at;
}

function wordStart(text: string, before: number): number {
  return text.lastIndexOf(' ', before) + 1 || before;
}

function isPattern(text: string): boolean {
  return patternIn(text) !== undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
