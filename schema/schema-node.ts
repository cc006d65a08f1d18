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
  /** The same, for looking a text up. */
  readonly enumTexts: ReadonlySet<unknown>;
  readonly items: SchemaNode | undefined;
  /** The keys of a list of type map, by which its elements are the same ones before and after an update. */
  readonly keys: readonly string[];
  readonly properties: ReadonlyMap<string, SchemaNode>;
  readonly additionalProperties: SchemaNode | undefined;
  /** `additionalProperties: false`, which has no properties beside it. */
  readonly isEmpty: boolean;
  readonly required: readonly string[];
  readonly allOf: readonly SchemaNode[];
  readonly anyOf: readonly SchemaNode[];
  readonly oneOf: readonly SchemaNode[];
  readonly not: SchemaNode | undefined;
}

const NUMBER_FORMATS: { readonly [type: string]: readonly string[] } = {
  integer: ['int32', 'int64'],
  number: ['float', 'double'],
};

/** Prepares a schema in which `schemaFaults` has found none. */
export function schemaNode(schema: StructuralSchema): SchemaNode {
  const format = formatOf(schema);
  const { additionalProperties } = schema;
  return {
    types: typesOf(schema),
    isNullable: schema.nullable === true,
    format,
    isOfFormat: format === undefined ? undefined : formatCheck(format),
    pattern: schema.pattern === undefined || schema.pattern === '' ? undefined : compilePattern(schema.pattern),
    limits: schema,
    enum: schema.enum?.length ? schema.enum : undefined,
    enumTexts: new Set(schema.enum),
    items: optional(schema.items),
    keys: schema['x-kubernetes-list-map-keys'] ?? [],
    properties: new Map(Object.entries(schema.properties ?? {}).map(([name, of]) => [name, schemaNode(of)])),
    additionalProperties: typeof additionalProperties === 'object' ? schemaNode(additionalProperties) : undefined,
    isEmpty: additionalProperties === false,
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

/**
 * The format, where it is one of the type's: the API server ignores any other (apiextensions-apiserver,
 * validation/formats.go). No type, and an integer or a string, may have those of strings.
 */
export function formatOf(schema: StructuralSchema): string | undefined {
  const { format } = schema;
  const types = typesOf(schema);
  const type = types.length === 1 ? types[0] : 'string';
  if (format === undefined || type === undefined) return undefined;
  const isKept = type === 'string' ? formatCheck(format) !== undefined : NUMBER_FORMATS[type]?.includes(format);
  return isKept === true ? format : undefined;
}

function optional(schema: StructuralSchema | undefined): SchemaNode | undefined {
  return schema === undefined ? undefined : schemaNode(schema);
}
