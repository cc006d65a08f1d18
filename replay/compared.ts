import { compilePattern } from '../schema/pattern.ts';
import { withBystanders } from './bystanders.ts';
import { type FileDocument, FileFault } from './yaml-file.ts';

/** Where what came differs from what was expected. */
export interface Difference {
  /** Where in what came, and in `expected` but for answers that it need not name. */
  readonly path: readonly (string | number)[];
  /** Undefined: not expected, or did not come. */
  readonly expected: unknown;
  readonly actual: unknown;
  readonly line: number;
}

/**
 * Compares what came with what a case expects. Everything must be as expected, lists in their order; a text between
 * slashes (`/must .* host/`) is a pattern (RE2) that the text must match; where `expected` has no `responses`, or no
 * `object`, only the verdict and what it does have is compared; and rules that it does not name may let the object pass.
 * Throws FileFault for a pattern that is none.
 */
export function differences(expected: FileDocument, actual: object): Difference[] {
  const wanted = expected.value as { readonly [member: string]: unknown };
  const optional = ['responses', 'object'].filter((name) => !Object.hasOwn(wanted, name));
  const came = Object.fromEntries(
    Object.entries(JSON.parse(JSON.stringify(actual)) as object).filter(([name]) => !optional.includes(name)),
  );
  const padded = withBystanders(JSON.parse(JSON.stringify(wanted)), came);
  const lineOf: FileDocument['lineOf'] = ([first, at, ...below]) =>
    expected.lineOf([
      ...(first === undefined ? [] : [first]),
      ...(at === undefined ? [] : [first === 'responses' ? padded.placeOf(Number(at)) : at]),
      ...below,
    ]);
  const file = { ...expected, lineOf };
  return differing(padded.expected, came, [], file).map((each) => ({ ...each, line: lineOf(each.path) }));
}

/** What came, with each pattern of what was expected that matches in its place. */
export function keepingPatterns(expected: unknown, actual: unknown): unknown {
  if (Array.isArray(expected) && Array.isArray(actual)) {
    return actual.map((element, at) => keepingPatterns(expected[at], element));
  }
  if (isObject(expected) && isObject(actual)) {
    const members = Object.entries(actual).map(([name, member]) => [
      name,
      keepingPatterns(own(expected, name), member),
    ]);
    return Object.fromEntries(members);
  }
  return matches(expected, actual) ? expected : actual;
}

type Found = Omit<Difference, 'line'>;

function differing(expected: unknown, actual: unknown, path: Difference['path'], file: FileDocument): Found[] {
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const length = Math.max(expected.length, actual.length);
    return Array.from({ length }, (_, at) => differing(expected[at], actual[at], [...path, at], file)).flat();
  }
  if (isObject(expected) && isObject(actual)) {
    const names = [...new Set([...Object.keys(expected), ...Object.keys(actual)])];
    return names.flatMap((name) => differing(own(expected, name), own(actual, name), [...path, name], file));
  }
  return isSame(expected, actual, path, file) ? [] : [{ path, expected, actual }];
}

function isSame(expected: unknown, actual: unknown, path: Difference['path'], { file, lineOf }: FileDocument): boolean {
  try {
    return expected === actual || matches(expected, actual);
  } catch (error) {
    throw new FileFault(`${file}:${lineOf(path)}: ${(error as Error).message}`);
  }
}

/** The pattern that a text between slashes is; undefined for other texts. */
export function patternIn(text: string): string | undefined {
  return /^\/(.+)\/$/s.exec(text)?.[1];
}

/** Throws an Error for a pattern that is none. */
function matches(expected: unknown, actual: unknown): boolean {
  if (typeof expected !== 'string' || typeof actual !== 'string') return false;
  const pattern = patternIn(expected);
  return pattern !== undefined && compilePattern(pattern).test(actual);
}

function own(object: { readonly [name: string]: unknown }, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
