import { isKnownFormat } from './formats.ts';
import { compilePattern } from './pattern.ts';
import type { StructuralSchema } from './structural-schema.ts';

/** Under which a translated schema holds the structural one, from which messages are made. ajv does not see it. */
export const SOURCE = Symbol('structural schema');

/** A schema as ajv takes it. */
export type JsonSchema = { readonly [keyword: string | symbol]: unknown };

/** ajv's keyword for `x-kubernetes-list-type`; `true` for a set, the keys for a map. */
export const LIST_TYPE = 'listType';

/**
 * Translates a structural schema into the JSON Schema that ajv takes (protocol.md §3.1). Throws an Error that names
 * the place for every keyword or value that it cannot honour, because a schema that is partly ignored admits.
 */
export function toJsonSchema(schema: StructuralSchema, path: string): JsonSchema {
  for (const keyword of Object.keys(schema)) {
    if (!(COPIED.has(keyword) || TRANSLATED.has(keyword) || WITHOUT_EFFECT.has(keyword))) {
      throw new Error(`${path}.${keyword}: this keyword is not supported`);
    }
  }
  return {
    [SOURCE]: schema,
    ...Object.fromEntries(Object.entries(schema).filter(([keyword]) => COPIED.has(keyword))),
    ...typeOf(schema, path),
    ...enumOf(schema, path),
    ...limitsOf(schema),
    ...textOf(schema, path),
    ...listOf(schema, path),
    ...mapOf(schema, path),
  };
}

const COPIED = new Set('minLength maxLength minItems maxItems minProperties maxProperties required'.split(' '));
const TRANSLATED = new Set(
  [
    'type nullable enum anyOf x-kubernetes-int-or-string minimum exclusiveMinimum maximum exclusiveMaximum',
    'pattern format items x-kubernetes-list-type x-kubernetes-list-map-keys properties additionalProperties',
  ]
    .join(' ')
    .split(' '),
);
/** Documentation, and what concerns defaulting, pruning and merging but never validation. */
const WITHOUT_EFFECT = new Set(
  'title description example externalDocs default x-kubernetes-preserve-unknown-fields x-kubernetes-map-type'.split(
    ' ',
  ),
);
const TYPES = new Set(['object', 'array', 'string', 'integer', 'number', 'boolean']);

function typeOf(schema: StructuralSchema, path: string): JsonSchema {
  const isIntOrString = schema['x-kubernetes-int-or-string'] === true;
  if (schema.type !== undefined && !TYPES.has(schema.type)) throw new Error(`${path}.type: ${schema.type} is no type`);
  if (schema.anyOf !== undefined && !(isIntOrString && isIntegerOrString(schema.anyOf))) {
    throw new Error(`${path}.anyOf: only integer or string is supported, beside x-kubernetes-int-or-string`);
  }
  const types = isIntOrString ? ['integer', 'string'] : schema.type === undefined ? [] : [schema.type];
  return types.length === 0 ? {} : { type: schema.nullable === true ? [...types, 'null'] : types };
}

function isIntegerOrString(anyOf: readonly StructuralSchema[]): boolean {
  return JSON.stringify(anyOf) === '[{"type":"integer"},{"type":"string"}]';
}

/** The API server finds null in no enum, listed or not. */
function enumOf(schema: StructuralSchema, path: string): JsonSchema {
  if (schema.enum === undefined) return {};
  const values = schema.enum.filter((value) => value !== null);
  if (values.length === 0) throw new Error(`${path}.enum: an enum of nothing but null is not supported`);
  return { enum: values };
}

/** In OpenAPI, as in draft 4 of JSON Schema, `exclusiveMinimum` is a boolean beside `minimum`; in draft 7 a number. */
function limitsOf({ minimum, exclusiveMinimum, maximum, exclusiveMaximum }: StructuralSchema): JsonSchema {
  return {
    ...(minimum === undefined ? {} : { [exclusiveMinimum === true ? 'exclusiveMinimum' : 'minimum']: minimum }),
    ...(maximum === undefined ? {} : { [exclusiveMaximum === true ? 'exclusiveMaximum' : 'maximum']: maximum }),
  };
}

function textOf({ type, pattern, format }: StructuralSchema, path: string): JsonSchema {
  if (pattern !== undefined) compilePattern(pattern, `${path}.pattern`);
  if (format !== undefined && !(type === 'string' && isKnownFormat(format))) {
    throw new Error(`${path}.format: the format ${format} is not supported for the type ${type}`);
  }
  return { ...(pattern === undefined ? {} : { pattern }), ...(format === undefined ? {} : { format }) };
}

function listOf(schema: StructuralSchema, path: string): JsonSchema {
  const listType = schema['x-kubernetes-list-type'] ?? 'atomic';
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  if (!['atomic', 'set', 'map'].includes(listType) || (listType === 'map') !== keys.length > 0) {
    throw new Error(`${path}.x-kubernetes-list-type: must be atomic, set, or map with x-kubernetes-list-map-keys`);
  }
  return {
    ...(schema.items === undefined ? {} : { items: toJsonSchema(schema.items, `${path}.items`) }),
    ...(listType === 'atomic' ? {} : { [LIST_TYPE]: listType === 'set' ? true : keys }),
  };
}

function mapOf({ properties, additionalProperties }: StructuralSchema, path: string): JsonSchema {
  const names = Object.keys(properties ?? {});
  if (names.includes('__proto__')) throw new Error(`${path}.properties.__proto__: this name is not supported`);
  if (additionalProperties === false) throw new Error(`${path}.additionalProperties: must not be false`);
  return {
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, of]) => [name, toJsonSchema(of, `${path}.properties.${name}`)]),
          ),
        }),
    ...(typeof additionalProperties === 'object'
      ? { additionalProperties: toJsonSchema(additionalProperties, `${path}.additionalProperties`) }
      : {}),
  };
}
