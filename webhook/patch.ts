import { align } from './align.ts';
import { isRecord, type JsonObject } from './decode.ts';
import type { Origins } from './draft.ts';
import { MAX_DEPTH } from './nesting.ts';
import { tallyOf } from './tally.ts';

/** One RFC 6902 operation, of the kinds that Portcullis sends. */
export type PatchOperation =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string }
  | { readonly op: 'move'; readonly from: string; readonly path: string };

/** A draft holds what JSON, or JavaScript's numbers, cannot carry; the message says where. */
export class NotJson extends Error {}

/**
 * The patch that turns `base` into `edited`, a draft of it with `origins`. It walks only what both have, so a value
 * of the user's is never sent back: unknown fields survive, and so do integers beyond 2^53, which JavaScript has
 * already rounded. List elements that change places are moved, not copied; only one that goes to another list, or
 * stands twice, is sent in full. A member that is `undefined` counts as absent. Deterministic; nothing changed gives
 * no operations. Throws NotJson for what JSON cannot carry (dates, functions, class instances, holes in lists, cycles,
 * NaN) and for integers beyond 2^53 that would have to be sent.
 */
export function diff(base: JsonObject, edited: JsonObject, origins: Origins): PatchOperation[] {
  const walk: Walk = { operations: [], path: [], origins };
  diffObject(walk, base, edited);
  return walk.operations;
}

interface Walk {
  readonly operations: PatchOperation[];
  /** Where the walk is; made into a pointer only where something is written. */
  readonly path: (string | number)[];
  readonly origins: Origins;
}

function diffObject(walk: Walk, before: JsonObject, after: JsonObject): void {
  checkPlain(walk, after);
  let shared = 0;
  for (const key of Object.keys(before)) {
    const was = before[key];
    // What an object inherits under that name (`constructor`) is no member, and no value either: it is never `was`.
    const is = after[key] === was || Object.hasOwn(after, key) ? after[key] : undefined;
    if (is !== undefined) shared++;
    if (is === was) continue;
    walk.path.push(key);
    if (was === undefined) walk.operations.push({ op: 'add', path: pointer(walk.path), value: json(walk, is) });
    else if (is === undefined) walk.operations.push({ op: 'remove', path: pointer(walk.path) });
    else diffValue(walk, was, is);
    walk.path.pop();
  }
  const keys = Object.keys(after);
  if (keys.length === shared) return;
  for (const key of keys) {
    const value = after[key];
    if (value === undefined || Object.hasOwn(before, key)) continue;
    walk.path.push(key);
    walk.operations.push({ op: 'add', path: pointer(walk.path), value: json(walk, value) });
    walk.path.pop();
  }
}

function diffValue(walk: Walk, before: unknown, after: unknown): void {
  if (before === after) return;
  if (Array.isArray(before) && Array.isArray(after)) diffList(walk, before, after);
  else if (isRecord(before) && isRecord(after)) diffObject(walk, before, after);
  else walk.operations.push({ op: 'replace', path: pointer(walk.path), value: json(walk, after) });
}

function diffList(walk: Walk, before: readonly unknown[], after: readonly unknown[]): void {
  const places = align(before, after, walk.origins);
  if (places !== undefined) rearrange(walk, before, after, places);
  for (let j = 0; j < after.length; j++) {
    const was = before[places === undefined ? j : (places[j] ?? -1)];
    // What is new has been put in; nothing else has no value before. A hole reads as undefined, and json() says so.
    if (was === undefined || was === after[j]) continue;
    walk.path.push(j);
    diffValue(walk, was, after[j]);
    walk.path.pop();
  }
}

/** Makes the list's elements those of `after`, in its order, whatever is inside them. */
function rearrange(walk: Walk, before: readonly unknown[], after: readonly unknown[], places: readonly number[]): void {
  const kept = places.filter((place) => place !== -1);
  if (kept.length < before.length) removeOthers(walk, before.length, kept);
  if (!isRising(kept)) arrange(walk, before.length, after, places, kept);
  else if (kept.length < after.length) insert(walk, after, places);
}

/** From the end, so that no removal shifts the next. */
function removeOthers(walk: Walk, length: number, kept: readonly number[]): void {
  const stays = new Set(kept);
  const list = pointer(walk.path);
  for (let i = length - 1; i >= 0; i--) {
    if (!stays.has(i)) walk.operations.push({ op: 'remove', path: `${list}/${i}` });
  }
}

function isRising(places: readonly number[]): boolean {
  return places.every((place, k) => k === 0 || place > (places[k - 1] ?? -1));
}

/** What stays is in order already: new elements go in from the front, each at its final index. */
function insert(walk: Walk, after: readonly unknown[], places: readonly number[]): void {
  const list = pointer(walk.path);
  for (let j = 0; j < places.length; j++) {
    if (places[j] === -1) add(walk, list, j, after[j]);
  }
}

/**
 * Some of what stays changes places. The longest run that is in order is left alone; everything else is put right
 * before its successor, from the end on, so that each step finds its successor where it will remain. None stands
 * there already: it would have made the longest run longer.
 */
function arrange(
  walk: Walk,
  length: number,
  after: readonly unknown[],
  places: readonly number[],
  kept: readonly number[],
): void {
  const resting = longestRising(kept);
  // By the places that they had: whoever moves stands, from then on, at that of the resting one before which it was put.
  const standing = tallyOf(length + 1);
  for (const place of kept) standing.add(place, 1);
  const list = pointer(walk.path);
  let successor = length;
  for (let j = places.length - 1; j >= 0; j--) {
    const place = places[j] ?? -1;
    if (place === -1) {
      add(walk, list, standing.before(successor), after[j]);
    } else if (resting.has(place)) {
      successor = place;
      continue;
    } else {
      const from = standing.before(place);
      standing.add(place, -1);
      walk.operations.push({ op: 'move', from: `${list}/${from}`, path: `${list}/${standing.before(successor)}` });
    }
    standing.add(successor, 1);
  }
}

function add(walk: Walk, list: string, index: number, value: unknown): void {
  walk.path.push(index);
  walk.operations.push({ op: 'add', path: `${list}/${index}`, value: json(walk, value) });
  walk.path.pop();
}

/** The longest rising subsequence (patience sorting), as a set. */
function longestRising(places: readonly number[]): Set<number> {
  const tails: number[] = [];
  const previous = new Map<number, number | undefined>();
  for (const place of places) {
    let low = 0;
    for (let high = tails.length; low < high; ) {
      const middle = (low + high) >> 1;
      if ((tails[middle] ?? 0) < place) low = middle + 1;
      else high = middle;
    }
    previous.set(place, tails[low - 1]);
    tails[low] = place;
  }
  const run = new Set<number>();
  for (let place = tails.at(-1); place !== undefined; place = previous.get(place)) run.add(place);
  return run;
}

/** The value, once it is sure that JSON.stringify says exactly what the author sees. */
function json(walk: Walk, value: unknown): unknown {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number') checkNumber(walk, value);
  else if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) inside(walk, i, value[i]);
  } else if (isRecord(value)) {
    checkPlain(walk, value);
    for (const key of Object.keys(value)) if (value[key] !== undefined) inside(walk, key, value[key]);
  } else throw notJson(walk, value === undefined ? 'a list element that is undefined' : `a ${typeof value}`);
  return value;
}

function checkNumber(walk: Walk, value: number): void {
  if (!Number.isFinite(value)) throw notJson(walk, `${value}, which JSON has no number for`);
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw notJson(walk, 'an integer beyond 2^53, which JavaScript cannot hold exactly');
  }
}

function inside(walk: Walk, step: string | number, value: unknown): void {
  walk.path.push(step);
  if (walk.path.length > MAX_DEPTH) throw tooDeep(walk);
  json(walk, value);
  walk.path.pop();
}

/** The whole path would say no more. */
function tooDeep({ path }: Walk): NotJson {
  return new NotJson(`${pointer(path.slice(0, 4))} nests deeper than ${MAX_DEPTH} levels, or holds itself`);
}

function checkPlain(walk: Walk, value: object): void {
  const prototype = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return;
  const name = (prototype as { constructor?: { name?: unknown } }).constructor?.name;
  // Setting a member `__proto__` that is not there changes the prototype; no member is made.
  throw notJson(
    walk,
    name === undefined || name === 'Object' ? 'an object with another prototype' : `an instance of ${name}`,
  );
}

function notJson({ path }: Walk, what: string): NotJson {
  return new NotJson(`${pointer(path) || 'the object'} holds ${what}`);
}

function pointer(path: Walk['path']): string {
  let text = '';
  for (const step of path) text += `/${typeof step === 'number' ? step : escaped(step)}`;
  return text;
}

/** RFC 6901 §3. */
function escaped(key: string): string {
  return key.includes('~') || key.includes('/') ? key.replaceAll('~', '~0').replaceAll('/', '~1') : key;
}
