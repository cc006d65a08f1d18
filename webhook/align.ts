import type { Origins } from './draft.ts';

/**
 * Tells which element of an edited list is which element of the list before: `result[j]` is the index in `before`
 * of what stands at `j` in `after`, or -1 for a new element. No index of `before` occurs twice.
 *
 * Elements are known by provenance (they are the copies handed to the author), else by key (`name`, `mountPath`,
 * `containerPort` with `protocol`), plain values by being equal; what is left between two known neighbours is
 * paired by position, so that a replaced element is a change in place.
 */
export function align(before: readonly unknown[], after: readonly unknown[], origins: Origins): number[] {
  const result = new Array<number>(after.length).fill(-1);
  let start = 0;
  let endBefore = before.length;
  let endAfter = after.length;
  while (start < endBefore && start < endAfter && isSame(before[start], after[start], origins)) {
    result[start] = start;
    start++;
  }
  while (endBefore > start && endAfter > start && isSame(before[endBefore - 1], after[endAfter - 1], origins)) {
    result[--endAfter] = --endBefore;
  }
  if (start === endBefore || start === endAfter) return result;
  const middle: Middle = { before, after, start, endBefore, endAfter, result, used: new Set() };
  if (isPlain(middle)) alignPlain(middle);
  else {
    alignByProvenance(middle, origins);
    alignByKey(middle);
  }
  alignByPosition(middle);
  return result;
}

/** What the equal ends of the two lists leave over. */
interface Middle {
  readonly before: readonly unknown[];
  readonly after: readonly unknown[];
  readonly start: number;
  readonly endBefore: number;
  readonly endAfter: number;
  readonly result: number[];
  /** Indexes of `before` that have their match. */
  readonly used: Set<number>;
}

function isSame(before: unknown, after: unknown, origins: Origins): boolean {
  if (typeof after === 'object' && after !== null) return origins.get(after) === before;
  return before === after;
}

function isPlain({ before, after, start, endBefore, endAfter }: Middle): boolean {
  for (let i = start; i < endBefore; i++) if (isObject(before[i])) return false;
  for (let j = start; j < endAfter; j++) if (isObject(after[j])) return false;
  return true;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Beyond this many comparisons the longest common run of plain values is not worth its time; a greedy one is. */
const MAX_COMPARISONS = 250_000;

/** The longest common subsequence of plain values, which makes the patch minimal. */
function alignPlain(middle: Middle): void {
  const { before, after, start, endBefore, endAfter } = middle;
  const rows = endBefore - start;
  const columns = endAfter - start;
  if (rows * columns > MAX_COMPARISONS) {
    alignPlainGreedily(middle);
    return;
  }
  const width = columns + 1;
  const longest = new Uint32Array((rows + 1) * width);
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      longest[i * width + j] =
        before[start + i] === after[start + j]
          ? 1 + (longest[(i + 1) * width + j + 1] ?? 0)
          : Math.max(longest[(i + 1) * width + j] ?? 0, longest[i * width + j + 1] ?? 0);
    }
  }
  for (let i = 0, j = 0; i < rows && j < columns; ) {
    if (before[start + i] === after[start + j]) matched(middle, start + i++, start + j++);
    else if ((longest[(i + 1) * width + j] ?? 0) >= (longest[i * width + j + 1] ?? 0)) i++;
    else j++;
  }
}

function alignPlainGreedily(middle: Middle): void {
  const places = new Map<unknown, number[]>();
  for (let i = middle.endBefore - 1; i >= middle.start; i--) {
    const value = middle.before[i];
    const known = places.get(value);
    if (known === undefined) places.set(value, [i]);
    else known.push(i);
  }
  let last = -1;
  for (let j = middle.start; j < middle.endAfter; j++) {
    const known = places.get(middle.after[j]);
    while (known !== undefined && known.length > 0) {
      const i = known.pop() ?? -1;
      if (i <= last) continue;
      matched(middle, i, j);
      last = i;
      break;
    }
  }
}

function alignByProvenance(middle: Middle, origins: Origins): void {
  const places = new Map<unknown, number>();
  for (let i = middle.start; i < middle.endBefore; i++) if (isObject(middle.before[i])) places.set(middle.before[i], i);
  for (let j = middle.start; j < middle.endAfter; j++) {
    const element = middle.after[j];
    const i = isObject(element) ? places.get(origins.get(element)) : undefined;
    if (i !== undefined && !middle.used.has(i)) matched(middle, i, j);
  }
}

/** A key that occurs twice (environment variables may) matches in order of occurrence. */
function alignByKey(middle: Middle): void {
  const places = new Map<string, number[]>();
  for (let i = middle.endBefore - 1; i >= middle.start; i--) {
    const key = middle.used.has(i) ? undefined : keyOf(middle.before[i]);
    if (key === undefined) continue;
    const known = places.get(key);
    if (known === undefined) places.set(key, [i]);
    else known.push(i);
  }
  for (let j = middle.start; j < middle.endAfter; j++) {
    if (middle.result[j] !== -1) continue;
    const key = keyOf(middle.after[j]);
    const i = key === undefined ? undefined : places.get(key)?.pop();
    if (i !== undefined) matched(middle, i, j);
  }
}

/**
 * What tells an element of a Kubernetes list from its siblings; its type is part of it. A mount has a name too,
 * its volume's, and several mounts may share that.
 */
function keyOf(element: unknown): string | undefined {
  if (!isObject(element) || Array.isArray(element)) return typeof element === 'object' ? undefined : plainKey(element);
  const { mountPath, containerPort, protocol, name } = element as { [member: string]: unknown };
  if (typeof mountPath === 'string') return `mountPath ${mountPath}`;
  if (typeof containerPort === 'number') return `containerPort ${containerPort}/${protocol ?? 'TCP'}`;
  if (typeof name === 'string') return `name ${name}`;
  return undefined;
}

function plainKey(value: unknown): string {
  return `${typeof value} ${String(value)}`;
}

/** Within each gap between two matches, pairs what has no match yet, in order. */
function alignByPosition(middle: Middle): void {
  const { start, endBefore, endAfter, result, used } = middle;
  const limits = nextMatches(middle);
  let free = start;
  for (let j = start; j < endAfter; j++) {
    const match = result[j] ?? -1;
    if (match !== -1) free = Math.max(free, match + 1);
    else if (free < (limits[j - start] ?? endBefore) && !used.has(free)) matched(middle, free++, j);
  }
}

/** For each element of the middle of `after`, the index in `before` of the next one that has a match. */
function nextMatches({ start, endBefore, endAfter, result }: Middle): number[] {
  const limits = new Array<number>(endAfter - start);
  let limit = endBefore;
  for (let j = endAfter - 1; j >= start; j--) {
    limits[j - start] = limit;
    const match = result[j] ?? -1;
    if (match !== -1) limit = match;
  }
  return limits;
}

function matched({ result, used }: Middle, i: number, j: number): void {
  result[j] = i;
  used.add(i);
}
