import { alignPlain } from './align-plain.ts';
import type { Origins } from './draft.ts';

/**
 * Tells which element of an edited list is which element of the list before: `result[j]` is the index in `before`
 * of what stands at `j` in `after`, or -1 for a new element. No index of `before` occurs twice. Undefined when every
 * element is known to be where it was.
 *
 * Elements are known by provenance (they are the copies handed to the author), else by key (`name`, `mountPath`,
 * `containerPort` with `protocol`), plain values by being equal; what is left between two known neighbours is
 * paired by position, so that a replaced element is a change in place.
 */
export function align(before: readonly unknown[], after: readonly unknown[], origins: Origins): number[] | undefined {
  const copies = origins.get(before) ?? before;
  let start = 0;
  let endBefore = before.length;
  let endAfter = after.length;
  while (start < endBefore && start < endAfter && copies[start] === after[start]) start++;
  if (start === endBefore && start === endAfter) return undefined;
  const result = new Array<number>(after.length).fill(-1);
  for (let j = 0; j < start; j++) result[j] = j;
  while (endBefore > start && endAfter > start && copies[endBefore - 1] === after[endAfter - 1]) {
    result[--endAfter] = --endBefore;
  }
  if (start === endBefore || start === endAfter) return result;
  const middle: Middle = { before, copies, after, start, endBefore, endAfter, result, used: new Set() };
  if (alignOneWay(middle)) return result;
  if (isPlain(middle)) {
    const places = alignPlain(before.slice(start, endBefore), after.slice(start, endAfter));
    for (const [j, place] of places.entries()) if (place !== -1) matched(middle, start + place, start + j);
  } else {
    alignByProvenance(middle);
    alignByKey(middle);
  }
  alignByPosition(middle);
  return result;
}

/** What the equal ends of the two lists leave over. */
interface Middle {
  readonly before: readonly unknown[];
  /** What of each element of `before` was handed to the author: its copy, or the plain value itself. */
  readonly copies: readonly unknown[];
  readonly after: readonly unknown[];
  readonly start: number;
  readonly endBefore: number;
  readonly endAfter: number;
  readonly result: number[];
  /** Indexes of `before` that have their match. */
  readonly used: Set<number>;
}

/** Aligns lists of which one is the other with elements put in, as nearly all edits leave them; else says false. */
function alignOneWay({ copies, after, start, endBefore, endAfter, result }: Middle): boolean {
  if (endAfter === endBefore) return false;
  const inserted = endAfter > endBefore;
  let i = start;
  let j = start;
  while (i < endBefore && j < endAfter) {
    if (copies[i] === after[j]) result[j++] = i++;
    else if (inserted) j++;
    else i++;
  }
  if (inserted ? i === endBefore : j === endAfter) return true;
  result.fill(-1, start, endAfter);
  return false;
}

function isPlain({ before, after, start, endBefore, endAfter }: Middle): boolean {
  for (let i = start; i < endBefore; i++) if (isObject(before[i])) return false;
  for (let j = start; j < endAfter; j++) if (isObject(after[j])) return false;
  return true;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function alignByProvenance(middle: Middle): void {
  const places = new Map<unknown, number>();
  for (let i = middle.start; i < middle.endBefore; i++) if (isObject(middle.copies[i])) places.set(middle.copies[i], i);
  for (let j = middle.start; j < middle.endAfter; j++) {
    const i = places.get(middle.after[j]);
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
  if (typeof containerPort === 'number') {
    // Of anything but a text, data's own `toString` would be asked.
    return `containerPort ${containerPort}/${typeof protocol === 'string' ? protocol : 'TCP'}`;
  }
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
    while (used.has(free)) free++;
    if (match !== -1) free = Math.max(free, match + 1);
    else if (free < (limits[j - start] ?? endBefore)) matched(middle, free++, j);
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
