import { duplicate, invalid } from '../webhook/field-errors.ts';
import { fieldOf, type Path, type Sink } from './sink.ts';
import { type Check, checkOf, type OwnCheck } from './structural-check.ts';
import type { StructuralSchema } from './structural-schema.ts';
import { asFloat, asMember, heldAs, isObject, keysOf, shownAs } from './values.ts';

/**
 * The check of every list below the schema whose `x-kubernetes-list-type` is set or map (apiextensions-apiserver,
 * schema/listtype/validation.go): in a set no value, in a map no combination of keys, stands twice. A value that stands
 * three times is one error, at its second place. Undefined where the schema has no such list.
 */
export function listTypeCheck(schema: StructuralSchema): Check | undefined {
  return checkOf(schema, listTypeOwnCheck);
}

/** The same for this one schema's own lists. */
export function listTypeOwnCheck(schema: StructuralSchema): OwnCheck | undefined {
  const { 'x-kubernetes-list-type': type, 'x-kubernetes-list-map-keys': keys = [] } = schema;
  if (type === 'set') return checkSet;
  return type === 'map' ? (list, path, sink) => checkMap(list, keys, path, sink) : undefined;
}

function checkSet(list: unknown, path: Path, sink: Sink): void {
  if (!Array.isArray(list)) return;
  for (const index of repeated(list)) {
    if (sink.errors.length >= sink.most) return;
    sink.errors.push(() => duplicate(fieldOf({ parent: path, step: index }), shownAs(list[index])));
  }
}

function checkMap(list: unknown, keys: readonly string[], path: Path, sink: Sink): void {
  if (!Array.isArray(list)) return;
  const stranger = list.findIndex((element) => element !== null && !isObject(element));
  if (stranger >= 0) {
    const text = 'must be an object for an array of list-type map';
    sink.errors.push(() => invalid(fieldOf({ parent: path, step: stranger }), shownAs(list[stranger]), text));
    return;
  }
  for (const index of repeated(list, (element) => keysText(element, keys))) {
    if (sink.errors.length >= sink.most) return;
    sink.errors.push(() => duplicate(fieldOf({ parent: path, step: index }), keysOf(list[index], keys)));
  }
}

/** What no other combination of keys has. */
function keysText(element: unknown, keys: readonly string[]): string {
  return keys.map((key) => (asMember(element, key) === undefined ? '' : textOf(asMember(element, key)))).join(' ');
}

/** The places where a value, by its text, stands for the second time, one after the other. */
function* repeated(values: readonly unknown[], textOfValue = textOf): Generator<number> {
  const times = new Map<string, number>();
  for (const [index, value] of values.entries()) {
    const text = textOfValue(value);
    const count = (times.get(text) ?? 0) + 1;
    times.set(text, count);
    if (count === 2) yield index;
  }
}

/** Equal values have equal texts, whatever the order of their members. A float is no integer, but as a part of something. */
function textOf(value: unknown): string {
  if (heldAs(value) === 'float64') return `float ${asFloat(value)}`;
  return JSON.stringify(value, typeof value === 'object' ? sorted : undefined);
}

/** A replacer for JSON.stringify. */
function sorted(_: string, value: unknown): unknown {
  if (!isObject(value)) return heldAs(value) === 'float64' ? asFloat(value) : value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, asMember(value, key)]),
  );
}
