import type { StructuralSchema } from './structural-schema.ts';
import { copyOf, isObject, type JsonObject, withMembers } from './values.ts';

/**
 * The value with the schema's defaults in it, as the API server fills them in before it validates
 * (apiextensions-apiserver, schema/defaulting): where a member is missing, and where it is null and may not be. A null
 * that has no default goes, unless it stands in a default. The value itself is not changed; what had nothing to fill in
 * is in the result as it was.
 */
export function withDefaults(schema: StructuralSchema, value: unknown): unknown {
  return filled(schema, value, false);
}

function filled(schema: StructuralSchema, value: unknown, isDefault: boolean): unknown {
  if (Array.isArray(value)) return inList(schema.items, value, isDefault);
  return isObject(value) ? inObject(schema, value, isDefault) : value;
}

function inList(items: StructuralSchema | undefined, list: readonly unknown[], isDefault: boolean): unknown {
  if (items === undefined) return list;
  const all = list.map((element) => {
    if (element === null && items.nullable !== true) return hasDefault(items) ? defaultOf(items) : null;
    return filled(items, element, isDefault);
  });
  return all.every((element, index) => element === list[index]) ? list : all;
}

function inObject(schema: StructuralSchema, value: JsonObject, isDefault: boolean): unknown {
  const properties = schema.properties ?? {};
  const { additionalProperties } = schema;
  const rest = typeof additionalProperties === 'object' ? additionalProperties : undefined;
  const lacking = Object.keys(properties).filter((name) => {
    return !Object.hasOwn(value, name) && hasDefault(properties[name] ?? {});
  });
  const there = withMembers(value, (name, member) => {
    const of = Object.hasOwn(properties, name) ? properties[name] : rest;
    return of === undefined ? member : inMember(of, member, isDefault);
  });
  if (lacking.length === 0) return there;
  return { ...there, ...Object.fromEntries(lacking.map((name) => [name, defaultOf(properties[name] ?? {})])) };
}

/** Undefined: the member goes. */
function inMember(schema: StructuralSchema, member: unknown, isDefault: boolean): unknown {
  if (member !== null || schema.nullable === true) return filled(schema, member, isDefault);
  if (hasDefault(schema)) return defaultOf(schema);
  return isDefault ? null : undefined;
}

function hasDefault(schema: StructuralSchema): boolean {
  return schema.default !== undefined && schema.default !== null;
}

/** A copy, since two objects must not share what either may change, with what it lacks itself. */
function defaultOf(schema: StructuralSchema): unknown {
  return filled(schema, copyOf(schema.default), true);
}
