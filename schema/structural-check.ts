import { isDeepStrictEqual } from 'node:util';
import type { Path, Sink } from './sink.ts';
import type { StructuralSchema } from './structural-schema.ts';
import { asMember, isObject } from './values.ts';

/** Finds what is wrong with a value and all below it; what is as it was in `old` is not reported. */
export type Check = (value: unknown, path: Path, old: unknown, sink: Sink) => void;

/** Finds what is wrong with the value alone. */
export type OwnCheck = (value: unknown, path: Path, sink: Sink) => void;

/**
 * The checks of a schema and of all below its structure (not below allOf and the like, which have none), as one; below
 * `additionalProperties`, the path of a member is `path[name]`. Undefined where `own` has a check for no part of it.
 */
export function checkOf(
  schema: StructuralSchema,
  own: (schema: StructuralSchema) => OwnCheck | undefined,
): Check | undefined {
  const { additionalProperties } = schema;
  const ofValue = own(schema);
  const ofItems = schema.items === undefined ? undefined : checkOf(schema.items, own);
  const ofRest = typeof additionalProperties === 'object' ? checkOf(additionalProperties, own) : undefined;
  const named = Object.entries(schema.properties ?? {}).map(([name, of]) => [name, checkOf(of, own)] as const);
  const ofMembers = new Map(named.filter((each): each is [string, Check] => each[1] !== undefined));
  const isKnown = new Set(named.map(([name]) => name));
  if (ofValue === undefined && ofItems === undefined && ofRest === undefined && ofMembers.size === 0) return undefined;
  return (value, path, old, sink) => {
    const before = sink.errors.length;
    ofValue?.(value, path, sink);
    if (sink.errors.length > before && old !== undefined && isDeepStrictEqual(value, old)) sink.errors.length = before;
    if (Array.isArray(value) && ofItems !== undefined) {
      for (let at = 0; at < value.length && sink.errors.length < sink.most; at++) {
        ofItems(value[at], { parent: path, step: at }, Array.isArray(old) ? old[at] : undefined, sink);
      }
    } else if (isObject(value)) {
      for (const [name, check] of ofMembers) {
        if (Object.hasOwn(value, name)) check(value[name], { parent: path, step: name }, asMember(old, name), sink);
      }
      if (ofRest === undefined) return;
      for (const name of Object.keys(value)) {
        if (sink.errors.length >= sink.most) return;
        if (isKnown.has(name)) continue;
        ofRest(value[name], { parent: path, step: { key: name } }, asMember(old, name), sink);
      }
    }
  };
}
