import type { JsonObject } from './decode.ts';
import { MAX_DEPTH } from './nesting.ts';

/**
 * Where the elements of a draft's lists came from: for each list of the source that holds objects or lists, its elements'
 * copies, in its order. Kept by list and not by element, of which a review may have a million.
 */
export type Origins = ReadonlyMap<readonly unknown[], readonly unknown[]>;

/** A copy that a rule may edit, and the memory that lets a diff tell an edit from an insertion. */
export interface Draft<T> {
  readonly object: T;
  readonly origins: Origins;
}

/**
 * Copies a JSON value, every level of it. Members named `__proto__` stay ordinary data: the spread defines them,
 * and assigning to an own member never reaches the prototype. Members that an earlier rule left undefined are absent
 * from the copy, as they will be from the JSON. Throws RangeError beyond MAX_DEPTH.
 */
export function draftOf<T>(source: T): Draft<T> {
  const origins: Found = new Map();
  return { object: copied(source, origins, 0) as T, origins };
}

/** A copy whose origins nobody asks for: what keeps one rule's edits from the next. Throws like draftOf. */
export function copyOf<T>(source: T): T {
  return copied(source, undefined, 0) as T;
}

/** The origins of a draft made of a draft, in terms of what the first was made of. */
export function traced(origins: Origins, earlier: Origins): Origins {
  const copies = new Map<unknown, unknown>();
  for (const [list, elements] of origins) {
    for (let i = 0; i < list.length; i++) if (!copies.has(list[i])) copies.set(list[i], elements[i]);
  }
  // What is no longer there stays what it was, which is in no draft.
  return new Map([...earlier].map(([list, elements]) => [list, elements.map((it) => copies.get(it) ?? it)]));
}

type Found = Map<readonly unknown[], readonly unknown[]>;

function copied(value: unknown, origins: Found | undefined, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) throw new RangeError(`the object nests deeper than ${MAX_DEPTH} levels`);
  if (Array.isArray(value)) return copiedList(value, origins, depth);
  let members = 0;
  for (const _ in value) if (++members > MOST_SPREAD) return copiedMap(value as JsonObject, origins, depth);
  const copy = { ...value } as JsonObject;
  for (const key in copy) {
    const member = copy[key];
    if (typeof member === 'object' && member !== null) copy[key] = copied(member, origins, depth + 1);
    else if (member === undefined) delete copy[key];
  }
  return copy;
}

/** Beyond some thousand members V8 keeps an object as a hash table, which the spread copies at a third of this speed. */
const MOST_SPREAD = 512;

function copiedMap(map: JsonObject, origins: Found | undefined, depth: number): JsonObject {
  const copy: JsonObject = {};
  for (const key of Object.keys(map)) {
    const member = map[key];
    if (member === undefined) continue;
    const value = copied(member, origins, depth + 1);
    if (key === '__proto__')
      Object.defineProperty(copy, key, { value, writable: true, enumerable: true, configurable: true });
    else copy[key] = value;
  }
  return copy;
}

function copiedList(list: readonly unknown[], origins: Found | undefined, depth: number): unknown[] {
  const copy = list.slice();
  let isPlain = true;
  for (let i = 0; i < copy.length; i++) {
    const element = copy[i];
    if (typeof element !== 'object' || element === null) continue;
    copy[i] = copied(element, origins, depth + 1);
    isPlain = false;
  }
  // The copy is the author's to rearrange.
  if (!isPlain) origins?.set(list, copy.slice());
  return copy;
}
