import { formatOf, typesOf } from './schema-node.ts';
import type { StructuralSchema } from './structural-schema.ts';

/** A schema as ajv takes it. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** ajv's keyword for a part that `compileSchema` judges itself; its value is the part's schema. */
export const JUDGED = 'judged';

/** ajv's keyword for a format of the API server's. */
export const OF_FORMAT = 'ofFormat';

/** ajv's keyword for what a list type or an embedded resource asks of a value itself; its value is the schema. */
export const OF_STRUCTURE = 'ofStructure';

/**
 * Translates a structural schema, in which `schemaFaults` has found none, into the JSON Schema that ajv takes
 * (protocol.md §3.1). What means the same to ajv and to the API server is ajv's; any part that might not, because of
 * combinations or odd limits, becomes one keyword, `judged`. So what ajv admits the API
 * server admits; what ajv refuses is looked at again.
 */
export function toJsonSchema(schema: StructuralSchema): JsonSchema {
  if (!isPlain(schema)) return { [JUDGED]: schema };
  const { items, properties, additionalProperties } = schema;
  return {
    ...typeOf(schema),
    ...enumOf(schema),
    ...copied(schema),
    ...limitsOf(schema),
    ...(typesOf(schema)[0] === 'string' && formatOf(schema) !== undefined ? { [OF_FORMAT]: schema.format } : {}),
    ...(hasOwnStructure(schema) ? { [OF_STRUCTURE]: schema } : {}),
    ...(items === undefined ? {} : { items: toJsonSchema(items) }),
    ...(properties === undefined ? {} : { properties: mapped(properties) }),
    ...(typeof additionalProperties === 'object' ? { additionalProperties: toJsonSchema(additionalProperties) } : {}),
    ...(additionalProperties === false ? { additionalProperties } : {}),
  };
}

const COPIED = [
  'pattern',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'required',
] as const;

function copied(schema: StructuralSchema): JsonSchema {
  return Object.fromEntries(COPIED.filter((name) => schema[name] !== undefined).map((name) => [name, schema[name]]));
}

function mapped(properties: { readonly [name: string]: StructuralSchema }): JsonSchema {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, toJsonSchema(schema)]));
}

function hasOwnStructure(schema: StructuralSchema): boolean {
  const isList = ['set', 'map'].includes(schema['x-kubernetes-list-type'] ?? '');
  return isList || schema['x-kubernetes-embedded-resource'] === true;
}

/** Whether the part means the same to ajv, but for what lies below it. */
function isPlain(schema: StructuralSchema): boolean {
  const { anyOf, oneOf, allOf, not, multipleOf, minimum, maximum, type } = schema;
  const isCombined = (anyOf !== undefined && !isIntegerOrString(schema)) || oneOf?.length || allOf?.length || not;
  const format = formatOf(schema);
  const isNumber = format === 'int32' || format === 'float';
  return (
    !isCombined &&
    multipleOf === undefined &&
    (format === undefined || type === 'string' || type === 'integer' || format === 'double') &&
    [minimum, maximum].every((limit) => limit === undefined || (Number.isSafeInteger(limit) && !isNumber)) &&
    (schema.enum === undefined || (schema.enum.some((value) => value !== null) && type !== 'number')) &&
    !Object.hasOwn(schema.properties ?? {}, '__proto__') // which ajv passes over
  );
}

/** Whether the anyOf is the form beside `x-kubernetes-int-or-string` that says what that says. */
function isIntegerOrString({ anyOf, 'x-kubernetes-int-or-string': isEither }: StructuralSchema): boolean {
  return isEither === true && JSON.stringify(anyOf) === '[{"type":"integer"},{"type":"string"}]';
}

function typeOf(schema: StructuralSchema): JsonSchema {
  const types = typesOf(schema);
  if (types.length === 0) return {};
  return { type: schema.nullable === true ? [...types, 'null'] : types };
}

/** The API server finds null in no enum, listed or not. */
function enumOf(schema: StructuralSchema): JsonSchema {
  return schema.enum === undefined ? {} : { enum: schema.enum.filter((value) => value !== null) };
}

/**
 * In OpenAPI, as in draft 4 of JSON Schema, `exclusiveMinimum` is a boolean beside `minimum`; in draft 7 a number. An
 * integer has the limits of its format besides, which for 64 bits are the nearest doubles.
 */
function limitsOf(schema: StructuralSchema): JsonSchema {
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum, format } = schema;
  const bits = typesOf(schema).includes('integer') ? (format === 'int32' ? 31 : 63) : undefined;
  const least = bits === undefined ? minimum : Math.max(minimum ?? -Infinity, -(2 ** bits));
  const most = bits === undefined ? maximum : Math.min(maximum ?? Infinity, bits === 31 ? 2 ** 31 - 1 : 2 ** 63);
  return {
    ...(least === undefined ? {} : { [isExclusive(exclusiveMinimum, minimum, least, 'Minimum')]: least }),
    ...(most === undefined ? {} : { [isExclusive(exclusiveMaximum, maximum, most, 'Maximum')]: most }),
  };
}

function isExclusive(
  exclusive: boolean | undefined,
  own: number | undefined,
  limit: number,
  of: 'Minimum' | 'Maximum',
) {
  return exclusive === true && own === limit ? `exclusive${of}` : of.toLowerCase();
}
