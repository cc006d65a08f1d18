import type { StructuralSchema } from './structural-schema.ts';
import { isObject, type JsonObject } from './values.ts';

/**
 * The value with the schema's defaults in it, as the API server fills them in before it validates
 * (apiextensions-apiserver, schema/defaulting): where a member is missing, and where it is null and may not be. A null
 * that has no default goes. The value itself is not changed; what had nothing to fill in is in the result as it was.
 */
export function withDefaults(schema: StructuralSchema, value: unknown): unknown {
  if (Array.isArray(value)) return inList(schema.items, value);
  return isObject(value) ? inObject(schema, value) : value;
}

function inList(items: StructuralSchema | undefined, list: readonly unknown[]): unknown {
  if (items === undefined) return list;
  const filled = list.map((element) => {
    return withDefaults(items, element === null && items.nullable !== true ? defaultOf(items) : element);
  });
  return filled.every((element, index) => element === list[index]) ? list : filled;
}

function inObject(schema: StructuralSchema, value: JsonObject): unknown {
  const properties = schema.properties ?? {};
  const { additionalProperties } = schema;
  const rest = typeof additionalProperties === 'object' ? additionalProperties : undefined;
  const members: [name: string, value: unknown][] = [];
  let isChanged = false;
  for (const [name, member] of Object.entries(value)) {
    const of = Object.hasOwn(properties, name) ? properties[name] : rest;
    const filled = of === undefined ? member : inMember(of, member);
    isChanged ||= filled !== member;
    if (filled !== undefined) members.push([name, filled]);
  }
  for (const [name, of] of Object.entries(properties)) {
    if (Object.hasOwn(value, name) || !hasDefault(of)) continue;
    isChanged = true;
    members.push([name, withDefaults(of, defaultOf(of))]);
  }
  return isChanged ? Object.fromEntries(members) : value;
}

/** Undefined: the member goes. */
function inMember(schema: StructuralSchema, member: unknown): unknown {
  if (member !== null || schema.nullable === true) return withDefaults(schema, member);
  return hasDefault(schema) ? withDefaults(schema, defaultOf(schema)) : undefined;
}

function hasDefault(schema: StructuralSchema): boolean {
  return schema.default !== undefined && schema.default !== null;
}

/** A copy: two objects must not share what either may change. */
function defaultOf(schema: StructuralSchema): unknown {
  return hasDefault(schema) ? structuredClone(schema.default) : null;
}
