import type { StructuralSchema } from '../../schema/structural-schema.ts';

/** A value inside another one, with what the structure says of it, and its path. */
export interface Child {
  readonly schema: StructuralSchema;
  readonly value: unknown;
  readonly field: string;
}

/**
 * What a value holds that its schema's structure knows, as objectmeta and listtype walk it: members that
 * additionalProperties describes have their names in brackets, unlike in the errors of the schema.
 */
export function childrenOf(schema: StructuralSchema, value: unknown, field: string): Child[] {
  if (value === null || typeof value !== 'object') return [];
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return [];
    return value.map((element, index) => ({ schema: items, value: element, field: `${field}[${index}]` }));
  }
  return Object.entries(value).flatMap(([name, member]) => {
    const known = memberSchema(schema, name);
    if (known === undefined) return [];
    const isProperty = Object.hasOwn(schema.properties ?? {}, name);
    return [{ schema: known, value: member, field: isProperty ? below(field, name) : `${field}[${name}]` }];
  });
}

/** What the structure says of an object's member. */
export function memberSchema(schema: StructuralSchema | undefined, name: string): StructuralSchema | undefined {
  if (schema?.properties !== undefined && Object.hasOwn(schema.properties, name)) return schema.properties[name];
  return typeof schema?.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}

function below(field: string, name: string): string {
  return field === '' ? name : `${field}.${name}`;
}
