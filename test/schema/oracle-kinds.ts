import type { StructuralSchema } from '../../schema/structural-schema.ts';

/** What Go decodes a JSON value to. */
export type Kind = 'null' | 'boolean' | 'string' | 'int64' | 'float64' | 'array' | 'object';

/** util/json of apimachinery: a number whose text is a whole number that fits is an int64, every other one a float64. */
export function kindOf(value: unknown): Kind {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) && fitsInt64(value) ? 'int64' : 'float64';
  return typeof value as 'boolean' | 'string' | 'object';
}

/** Whether a whole number is one that 64 bits can count. */
export function fitsInt64(value: number): boolean {
  return value >= -(2 ** 63) && value < 2 ** 63;
}

/** The types that the schema's value may have; none: any. */
export function typesOf(schema: StructuralSchema): readonly string[] {
  if (schema['x-kubernetes-int-or-string']) return ['integer', 'string'];
  return schema.type === undefined ? [] : [schema.type];
}

/**
 * IsFloat64AJSONInteger of go-openapi/swag 0.23, which Kubernetes 1.36 holds: whole, or above a positive whole number by a
 * relative error of less than 1e-9; and no larger than 2^53-1. What is a little below one is not whole.
 */
export function isJsonInteger(value: number): boolean {
  if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER) return false;
  const whole = Math.trunc(value);
  return value === whole || (whole > 0 && (value - whole) / (value + whole) < 1e-9);
}

/** validator.go: a value equals an enum's when Go can convert it to the other's type, and it is then the same. Null never is. */
export function isAllowed(value: unknown, allowed: unknown): boolean {
  const from = kindOf(value);
  const to = kindOf(allowed);
  if (from === 'null' || to === 'null') return false;
  if (from === 'int64' && to === 'string') return character(value as number) === allowed;
  if (from === 'float64' && to === 'int64') return Math.trunc(value as number) === allowed;
  return canonical(value) === canonical(allowed);
}

/** JSON with sorted keys: equal texts are equal values. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}

/** Go converts an integer to the text of that code point. */
function character(code: number): string {
  const isScalar = code >= 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return isScalar ? String.fromCodePoint(code) : '\ufffd';
}
