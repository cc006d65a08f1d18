/** What is wrong with an element of a list whose `x-kubernetes-list-type` is set or map. */
export interface ListProblem {
  readonly index: number;
  /** The value, of a map's element only the keys, where it stands for the second time; `undefined`: not an object. */
  readonly duplicate?: unknown;
}

/**
 * Checks a list as apiextensions-apiserver does (schema/listtype/validation.go): in a set (`keys` is `true`) no value,
 * in a map no combination of keys, stands twice. A value that stands three times is one problem, at its second place.
 */
export function listProblems(keys: true | readonly string[], list: readonly unknown[]): ListProblem[] {
  const times = new Map<string, number>();
  return list.flatMap((element, index) => {
    if (keys !== true && !isObject(element)) return [{ index }];
    const value = keys === true || !isObject(element) ? element : keysOf(element, keys);
    const text = JSON.stringify(value, sorted);
    times.set(text, (times.get(text) ?? 0) + 1);
    return times.get(text) === 2 ? [{ index, duplicate: value }] : [];
  });
}

function keysOf(element: object, keys: readonly string[]): object {
  const there = keys.filter((key) => Object.hasOwn(element, key)).sort();
  return Object.fromEntries(there.map((key) => [key, (element as { [key: string]: unknown })[key]]));
}

/** A replacer for JSON.stringify: equal objects get equal texts, whatever the order of their members. */
function sorted(_: string, value: unknown): unknown {
  return isObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
