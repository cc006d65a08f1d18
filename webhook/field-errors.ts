import { goJson } from './go-json.ts';

/**
 * One field error with the API server's own text (1.36: apimachinery's field.Error; protocol.md §3.2). `field`
 * is the path (`spec.ports[0].name`), `reason` the type of the cause, `message` what follows the path.
 */
export interface FieldError {
  readonly field: string;
  readonly reason: string;
  readonly message: string;
}

/** The field must be there and is not. */
export function required(field: string, detail = ''): FieldError {
  return { field, reason: 'FieldValueRequired', message: detailed('Required value', detail) };
}

/** The field's value breaks a rule; `detail` says what would be right ("must be …"). */
export function invalid(field: string, value: unknown, detail: string): FieldError {
  return { field, reason: 'FieldValueInvalid', message: detailed(`Invalid value: ${shown(value)}`, detail) };
}

/** The field's value is of another JSON type than the schema's: the API server shows the type, not the value. */
export function typeInvalid(field: string, value: unknown, expected: string): FieldError {
  const actual = quoted(jsonType(value));
  const message = `Invalid value: ${actual}: ${field} in body must be of type ${expected}: ${actual}`;
  return { field, reason: 'FieldValueTypeInvalid', message };
}

/** The field's value is none of those supported. */
export function notSupported(field: string, value: unknown, supported: readonly string[]): FieldError {
  const known = supported.length === 0 ? '' : `supported values: ${supported.map(quoted).join(', ')}`;
  return { field, reason: 'FieldValueNotSupported', message: detailed(`Unsupported value: ${shown(value)}`, known) };
}

/** The same value stands twice where it may stand once. */
export function duplicate(field: string, value: unknown): FieldError {
  return { field, reason: 'FieldValueDuplicate', message: `Duplicate value: ${shown(value)}` };
}

/** The field refers to something that does not exist. */
export function notFound(field: string, value: unknown): FieldError {
  return { field, reason: 'FieldValueNotFound', message: `Not found: ${shown(value)}` };
}

/** The field may not be set, or not changed, here. */
export function forbidden(field: string, detail: string): FieldError {
  return { field, reason: 'FieldValueForbidden', message: detailed('Forbidden', detail) };
}

/** The text is longer than `max` bytes. The API server does not repeat the value. */
export function tooLong(field: string, max: number): FieldError {
  return { field, reason: 'FieldValueTooLong', message: `Too long: may not be more than ${max} bytes` };
}

/** The list or map has `actual` elements and may have `max`. */
export function tooMany(field: string, actual: number, max: number): FieldError {
  return { field, reason: 'FieldValueTooMany', message: `Too many: ${actual}: must have at most ${max} items` };
}

function detailed(text: string, detail: string): string {
  return detail === '' ? text : `${text}: ${detail}`;
}

function shown(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  return goJson(value);
}

/** The name that OpenAPI validation gives a JSON value's type. */
function jsonType(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

const ESCAPES: { readonly [character: string]: string } = {
  '"': '\\"',
  '\\': '\\\\',
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

/** A text as Go's %q prints it (strconv.Quote), which is how the API server shows values. */
export function quoted(text: string): string {
  return `"${text.toWellFormed().replace(/["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, escaped)}"`;
}

function escaped(character: string): string {
  const short = ESCAPES[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
