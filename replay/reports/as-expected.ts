import type { Difference } from '../compared.ts';

/**
 * What was expected, made of what came and where it differs: so a pattern that matched stands there as what it
 * matched, and is no difference any more. Undefined where nothing was expected.
 */
export function asExpected(actual: unknown, differences: readonly Omit<Difference, 'line'>[]): unknown {
  const root = { value: actual === undefined ? undefined : JSON.parse(JSON.stringify(actual)) };
  for (const { path, expected } of differences) {
    if (expected !== undefined) set(root, ['value', ...path], expected);
  }
  // From the end: a list's places move up where one goes.
  for (const { path, expected } of differences.toReversed()) {
    if (expected === undefined) remove(root, ['value', ...path]);
  }
  return root.value;
}

type Steps = readonly (string | number)[];

function set(root: object, path: Steps, value: unknown): void {
  const parent = parentOf(root, path);
  if (parent === undefined) return;
  Object.defineProperty(parent, path.at(-1) ?? '', { value, enumerable: true, writable: true, configurable: true });
}

function remove(root: object, path: Steps): void {
  const parent = parentOf(root, path);
  const last = path.at(-1) ?? '';
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else if (parent !== undefined) Reflect.deleteProperty(parent, last);
}

function parentOf(root: object, path: Steps): object | undefined {
  let value: unknown = root;
  for (const step of path.slice(0, -1)) {
    value = typeof value === 'object' && value !== null ? (value as { [step: string]: unknown })[step] : undefined;
  }
  return typeof value === 'object' && value !== null ? value : undefined;
}
