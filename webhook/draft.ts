/** Where the objects in a draft's lists came from: each copy's original. */
export type Origins = ReadonlyMap<object, object>;

/** A copy that a rule may edit, and the memory that lets a diff tell an edit from an insertion. */
export interface Draft<T> {
  readonly object: T;
  readonly origins: Origins;
}

/**
 * Copies a JSON value, every level of it. Members named `__proto__` stay ordinary data: the spread defines them,
 * and assigning to an own member never reaches the prototype. Throws RangeError beyond some thousand levels.
 */
export function draftOf<T>(source: T): Draft<T> {
  const origins = new Map<object, object>();
  return { object: copied(source, origins) as T, origins };
}

/** A copy whose origins nobody asks for: what keeps one rule's edits from the next. */
export function copyOf<T>(source: T): T {
  return copied(source, undefined) as T;
}

/** The origins of a draft made of a draft, in terms of what the first was made of. */
export function traced(origins: Origins, earlier: Origins): Origins {
  const result = new Map<object, object>();
  for (const [copy, source] of origins) {
    const first = earlier.get(source);
    if (first !== undefined) result.set(copy, first);
  }
  return result;
}

function copied(value: unknown, origins: Map<object, object> | undefined): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return copiedList(value, origins);
  const copy = { ...value } as { [member: string]: unknown };
  for (const key of Object.keys(copy)) {
    const member = copy[key];
    if (typeof member === 'object' && member !== null) copy[key] = copied(member, origins);
  }
  return copy;
}

function copiedList(list: readonly unknown[], origins: Map<object, object> | undefined): unknown[] {
  const copy = list.slice();
  for (let i = 0; i < copy.length; i++) {
    const element = copy[i];
    if (typeof element !== 'object' || element === null) continue;
    const fresh = copied(element, origins) as object;
    origins?.set(fresh, element);
    copy[i] = fresh;
  }
  return copy;
}
