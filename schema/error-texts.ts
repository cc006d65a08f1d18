import type { ErrorObject } from 'ajv';
import {
  duplicate,
  type FieldError,
  invalid,
  notSupported,
  required,
  tooLong,
  tooMany,
  typeInvalid,
} from '../webhook/field-errors.ts';
import { listProblems } from './list-type.ts';
import type { StructuralSchema } from './structural-schema.ts';
import { LIST_TYPE } from './to-json-schema.ts';

/**
 * The field errors, in the API server's texts (protocol.md §3.2), for one error that ajv found in `value`, which
 * stands at `field` and breaks `schema`. One error of ajv's may be several of the API server's.
 */
export function fieldErrors(error: ErrorObject, schema: StructuralSchema, field: string, value: unknown): FieldError[] {
  const body = (text: string, shown = value) => [invalid(field, shown, `${field} in body should ${text}`)];
  switch (error.keyword) {
    case 'type':
      return typeErrors(schema, field, value);
    case 'required':
      return [required(child(field, error.params.missingProperty))];
    case 'enum':
      return [notSupported(field, value, (schema.enum ?? []).map(plain))];
    case 'maxLength':
      return [tooLong(field, error.params.limit)];
    case 'minLength':
      return body(`be at least ${error.params.limit} chars long`);
    case 'pattern':
      return body(`match '${schema.pattern}'`);
    case 'format':
      return [formatError(field, value, schema.format)];
    case 'minimum':
      return body(`be greater than or equal to ${schema.minimum}`);
    case 'exclusiveMinimum':
      return body(`be greater than ${schema.minimum}`);
    case 'maximum':
      return body(`be less than or equal to ${schema.maximum}`);
    case 'exclusiveMaximum':
      return body(`be less than ${schema.maximum}`);
    case 'minItems':
      return body(`have at least ${error.params.limit} items`, sizeOf(value));
    case 'minProperties':
      return body(`have at least ${error.params.limit} properties`, sizeOf(value));
    case 'maxItems':
    case 'maxProperties':
      return [tooMany(field, sizeOf(value), error.params.limit)];
    case LIST_TYPE:
      return listErrors(schema, field, value as readonly unknown[]);
    default:
      throw new Error(`no text for the keyword ${error.keyword}, which broke at ${field}`);
  }
}

/** The path of a member as the API server writes it: dots, whatever the name holds. */
export function child(field: string, name: string): string {
  return field === '' ? name : `${field}.${name}`;
}

function typeErrors(schema: StructuralSchema, field: string, value: unknown): FieldError[] {
  if (schema['x-kubernetes-int-or-string'] === true) {
    const error = typeInvalid(field, value, 'integer,string');
    if (schema.anyOf === undefined) return [error];
    const none = invalid('<nil>', '', `"${field}" must validate at least one schema (anyOf)`);
    return [error, none, ...typeErrors({ type: 'integer' }, field, value)];
  }
  if (schema.format !== undefined && value !== null && !Array.isArray(value)) {
    return [formatError(field, goTypeOf(value), schema.format)];
  }
  const error = typeInvalid(field, value, schema.type ?? '');
  if (schema.type !== 'integer' || typeof value !== 'number') return [error];
  return [error, invalid('<nil>', '', `Checked value must be of type integer (default format) in ${field}`)];
}

function formatError(field: string, shown: unknown, format = ''): FieldError {
  const { message } = invalid(field, shown, '');
  const quoted = message.slice('Invalid value: '.length);
  return {
    field,
    reason: 'FieldValueTypeInvalid',
    message: `${message}: ${field} in body must be of type ${format}: ${quoted}`,
  };
}

/** What the API server shows instead of a value of another type than a format's: a name for numbers alone. */
function goTypeOf(value: unknown): string {
  if (typeof value !== 'number') return '';
  return Number.isInteger(value) ? 'int64' : 'float64';
}

function listErrors(schema: StructuralSchema, field: string, list: readonly unknown[]): FieldError[] {
  return listProblems(schema['x-kubernetes-list-map-keys'] ?? true, list).map((problem) => {
    const at = `${field}[${problem.index}]`;
    if ('duplicate' in problem) return duplicate(at, problem.duplicate);
    return invalid(at, list[problem.index], 'must be an object for an array of list-type map');
  });
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function sizeOf(value: unknown): number {
  return Object.keys(value as object).length;
}
