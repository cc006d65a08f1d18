import { formatCheck } from './formats.ts';
import { compilePattern, type Pattern } from './pattern.ts';
import type { StructuralSchema, ValueValidation } from './structural-schema.ts';

/** A schema made ready for `walk`: patterns are compiled, formats are looked up, and what does not judge is gone. */
export interface SchemaNode {
  /** None: any type. Two: int-or-string. */
  readonly types: readonly string[];
  readonly isNullable: boolean;
  /** As the schema writes it; undefined for a format that the API server ignores. */
  readonly format: string | undefined;
  /** For texts; undefined for a format of numbers. */
  readonly isOfFormat: ((text: string) => boolean) | undefined;
  readonly pattern: Pattern | undefined;
  /** The limits, exact as written. */
  readonly limits: ValueValidation;
  readonly enum: readonly unknown[] | undefined;
  readonly items: SchemaNode | undefined;
  /** The keys of a list of type map, by which its elements are the same ones before and after an update. */
  readonly keys: readonly string[];
  readonly properties: ReadonlyMap<string, SchemaNode>;
  readonly additionalProperties: SchemaNode | undefined;
  readonly required: readonly string[];
  readonly allOf: readonly SchemaNode[];
  readonly anyOf: readonly SchemaNode[];
  readonly oneOf: readonly SchemaNode[];
  readonly not: SchemaNode | undefined;
}

/** The formats of numbers. All but `double` are checked; any of them changes how a wrong type is reported. */
export const NUMBER_FORMATS: ReadonlySet<string> = new Set(['int32', 'int64', 'float', 'double']);

/** Prepares a schema in which `schemaFaults` has found none. */
export function schemaNode(schema: StructuralSchema): SchemaNode {
  const isOfFormat = schema.format === undefined ? undefined : formatCheck(schema.format);
  const isFormat = isOfFormat !== undefined || NUMBER_FORMATS.has(schema.format ?? '');
  const { additionalProperties } = schema;
  return {
    types: typesOf(schema),
    isNullable: schema.nullable === true,
    format: isFormat ? schema.format : undefined,
    isOfFormat,
    pattern: schema.pattern === undefined || schema.pattern === '' ? undefined : compilePattern(schema.pattern),
    limits: schema,
    enum: schema.enum?.length ? schema.enum : undefined,
    items: optional(schema.items),
    keys: schema['x-kubernetes-list-map-keys'] ?? [],
    properties: new Map(Object.entries(schema.properties ?? {}).map(([name, of]) => [name, schemaNode(of)])),
    additionalProperties: typeof additionalProperties === 'object' ? schemaNode(additionalProperties) : undefined,
    required: schema.required ?? [],
    allOf: (schema.allOf ?? []).map(schemaNode),
    anyOf: (schema.anyOf ?? []).map(schemaNode),
    oneOf: (schema.oneOf ?? []).map(schemaNode),
    not: optional(schema.not),
  };
}

/** The types that a value may have, as the API server lists them. */
export function typesOf(schema: StructuralSchema): readonly string[] {
  if (schema['x-kubernetes-int-or-string'] === true) return ['integer', 'string'];
  return schema.type === undefined ? [] : [schema.type];
}

function optional(schema: StructuralSchema | undefined): SchemaNode | undefined {
  return schema === undefined ? undefined : schemaNode(schema);
}
