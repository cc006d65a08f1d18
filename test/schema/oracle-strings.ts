import { RE2JS } from 're2js';
import type { FieldError } from '../../author.ts';
import { FORMATS } from '../../schema/formats.ts';
import type { StructuralSchema } from '../../schema/structural-schema.ts';
import { isJsonInteger, kindOf, typesOf } from './oracle-kinds.ts';
import { mistyped, tooLong, wrong } from './oracle-texts.ts';

/** What an API server 1.36 knows beside these four, by their names without dashes, is in FORMATS. */
const NUMERIC: { readonly [type: string]: readonly string[] } = {
  integer: ['int32', 'int64'],
  number: ['float', 'double'],
};

/** apiserver/validation/formats.go: the format, unless it is none of the type's. Two types count as none, none as string. */
export function keptFormat(schema: StructuralSchema): string | undefined {
  const { format } = schema;
  const types = typesOf(schema);
  const type = types.length === 1 ? (types[0] as string) : 'string';
  const isKept =
    format !== undefined && (type === 'string' ? judgeOf(format) !== undefined : NUMERIC[type]?.includes(format));
  return isKept ? format : undefined;
}

/** type.go. A format takes the type's place in the text where no text or list is; and beside one, a list is left to others. */
export function typeError(schema: StructuralSchema, value: unknown, path: string): FieldError | undefined {
  const types = typesOf(schema);
  const kind = kindOf(value);
  if (kind === 'null') return mistyped(path, types.join(','), 'null');
  const type = { int64: 'integer', float64: 'number' }[kind as string] ?? kind;
  const isNumberOfType =
    (kind === 'float64' && types.includes('integer') && isJsonInteger(value as number)) ||
    (kind === 'int64' && types.includes('number'));
  const isOfType = types.includes(type) || isNumberOfType;
  const format = keptFormat(schema);
  if (format !== undefined && kind !== 'string' && kind !== 'array') {
    const actual = kind === 'int64' || kind === 'float64' ? kind : '';
    if (!isOfType && actual !== format) return mistyped(path, format, actual);
  }
  const isNumeric = types.includes('integer') || types.includes('number');
  if (format !== undefined && !isNumeric && (kind === 'string' || kind === 'array')) return undefined;
  return isOfType ? undefined : mistyped(path, types.join(','), type);
}

/** validator.go's stringValidator: the first of length and pattern that fails is all it tells. Lengths are in code points. */
export function stringErrors(schema: StructuralSchema, value: string, path: string): FieldError[] {
  const { minLength, maxLength, pattern } = schema;
  const { length } = [...value];
  if (maxLength !== undefined && length > maxLength) return [tooLong(path, maxLength)];
  if (minLength !== undefined && length < minLength) {
    return [wrong(path, value, `should be at least ${minLength} chars long`)];
  }
  const isMatch = pattern === undefined || pattern === '' || expressionOf(pattern).matcher(value.toWellFormed()).find();
  return isMatch ? [] : [wrong(path, value, `should match '${pattern}'`)];
}

/** formats.go, for a format that is kept. */
export function formatErrors(schema: StructuralSchema, value: string, path: string): FieldError[] {
  const format = schema.format as string;
  return judgeOf(format)?.(value) === false ? [mistyped(path, format, value)] : [];
}

const expressions = new Map<string, RE2JS>();

function expressionOf(pattern: string): RE2JS {
  const known = expressions.get(pattern) ?? RE2JS.compile(pattern);
  expressions.set(pattern, known);
  return known;
}

const judges = new Map(Object.entries(FORMATS).map(([name, judge]) => [name.replaceAll('-', ''), judge]));

function judgeOf(format: string): ((text: string) => boolean) | undefined {
  return judges.get(format.replaceAll('-', ''));
}
