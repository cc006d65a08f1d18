import { duplicate, invalid } from '../webhook/field-errors.ts';
import { fieldOf, type Path, type Sink } from './sink.ts';
import { type Check, checkOf } from './structural-check.ts';
import type { StructuralSchema } from './structural-schema.ts';
import { asMember, isObject, keysOf, shownAs } from './values.ts';

/**
 * The check of every list below the schema whose `x-kubernetes-list-type` is set or map (apiextensions-apiserver,
 * schema/listtype/validation.go): in a set no value, in a map no combination of keys, stands twice. A value that stands
 * three times is one error, at its second place. Undefined where the schema has no such list.
 */
export function listTypeCheck(schema: StructuralSchema): Check | undefined {
  return checkOf(schema, ({ 'x-kubernetes-list-type': type, 'x-kubernetes-list-map-keys': keys = [] }) => {
    if (type === 'set') return checkSet;
    if (type === 'map') return (list, path, sink) => checkMap(list, keys, path, sink);
    return undefined;
  });
}

function checkSet(list: unknown, path: Path, sink: Sink): void {
  if (!Array.isArray(list)) return;
  for (const index of repeated(list)) {
    sink.errors.push(duplicate(fieldOf({ parent: path, step: index }), shownAs(list[index])));
  }
}

function checkMap(list: unknown, keys: readonly string[], path: Path, sink: Sink): void {
  if (!Array.isArray(list)) return;
  const stranger = list.findIndex((element) => element !== null && !isObject(element));
  if (stranger >= 0) {
    const at = fieldOf({ parent: path, step: stranger });
    sink.errors.push(invalid(at, shownAs(list[stranger]), 'must be an object for an array of list-type map'));
    return;
  }
  const all = list.map((element) => keysOf(element, keys));
  for (const index of repeated(all)) {
    sink.errors.push(duplicate(fieldOf({ parent: path, step: index }), all[index]));
  }
}

/** The places where a value stands for the second time. */
function repeated(values: readonly unknown[]): number[] {
  const times = new Map<string, number>();
  return values.flatMap((value, index) => {
    const text = JSON.stringify(value, sorted);
    times.set(text, (times.get(text) ?? 0) + 1);
    return times.get(text) === 2 ? [index] : [];
  });
}

/** A replacer for JSON.stringify: equal objects get equal texts, whatever the order of their members. */
function sorted(_: string, value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, asMember(value, key)]),
  );
}
