import type { FieldError } from '../../author.ts';
import { canonical, kindOf } from './oracle-kinds.ts';

/** validation.go: the name of an error in the schema as a field's path; the whole object's is Go's nil path. */
export function fieldOf(name: string): string {
  return name === '' || name === '.' ? '<nil>' : name.replace(/^\./, '');
}

/** An error with a field, whose text kube-openapi begins with the field's name. */
export function wrong(path: string, value: unknown, text: string): FieldError {
  return invalid(fieldOf(path), value, `${path} in body ${text}`);
}

/** field.Invalid. */
export function invalid(field: string, value: unknown, detail: string): FieldError {
  return { field, reason: 'FieldValueInvalid', message: `Invalid value: ${show(value)}: ${detail}` };
}

/** field.TypeInvalid: `actual` is shown in place of the value. */
export function mistyped(path: string, expected: string, actual: string): FieldError {
  const message = `Invalid value: ${quote(actual)}: ${path} in body must be of type ${expected}: ${quote(actual)}`;
  return { field: fieldOf(path), reason: 'FieldValueTypeInvalid', message };
}

/** An error without a field: those of combined schemas and of number ranges. */
export function plain(text: string): FieldError {
  return { field: '<nil>', reason: 'FieldValueInvalid', message: `Invalid value: "": ${text}` };
}

/** field.Required. */
export function required(field: string): FieldError {
  return { field, reason: 'FieldValueRequired', message: 'Required value' };
}

/** field.TooMany. */
export function tooMany(path: string, actual: number, max: number): FieldError {
  const message = `Too many: ${actual}: must have at most ${max} items`;
  return { field: fieldOf(path), reason: 'FieldValueTooMany', message };
}

/** field.TooLong. */
export function tooLong(path: string, max: number): FieldError {
  return { field: fieldOf(path), reason: 'FieldValueTooLong', message: `Too long: may not be more than ${max} bytes` };
}

/** field.Duplicate. */
export function duplicate(field: string, value: unknown): FieldError {
  return { field, reason: 'FieldValueDuplicate', message: `Duplicate value: ${show(value)}` };
}

/** field.NotSupported: what is no text is shown as JSON, and in quotes as well. */
export function notSupported(path: string, value: unknown, supported: readonly unknown[]): FieldError {
  const texts = supported.map((allowed) => quote(typeof allowed === 'string' ? allowed : canonical(allowed)));
  const message = `Unsupported value: ${show(value)}: supported values: ${texts.join(', ')}`;
  return { field: fieldOf(path), reason: 'FieldValueNotSupported', message };
}

/** A text as Go's strconv.Quote prints it; a lone surrogate was replaced when the JSON was decoded. */
export function quote(text: string): string {
  const short = new Map([...'\x07\b\f\n\r\t\v\\"'].map((character, index) => [character, `\\${'abfnrtv\\"'[index]}`]));
  const shown = [...text.toWellFormed()].map((character) => {
    if (short.has(character)) return short.get(character);
    if (/[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(character)) return character;
    const code = character.codePointAt(0) as number;
    const hex = code.toString(16);
    if (code < 0x20 || code === 0x7f) return `\\x${hex.padStart(2, '0')}`;
    return code > 0xffff ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`;
  });
  return `"${shown.join('')}"`;
}

/** A float64 as Go's %v prints it: with an exponent of two digits where it is below -4 or above 5 (strconv's shortest %g). */
export function showFloat(value: number): string {
  const [digits, exponent] = value.toExponential().split('e') as [string, string];
  if (Number(exponent) >= -4 && Number(exponent) < 6) return value.toString();
  return `${digits}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
}

/** An int64 as Go prints it. */
export function showInteger(value: number): string {
  return BigInt(value).toString();
}

/** field.Error's ErrorBody. */
function show(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value !== 'number') return encoded(value);
  return kindOf(value) === 'int64' ? showInteger(value) : showFloat(value);
}

/** Anything else, as encoding/json writes it: sorted keys, and escapes for HTML and for JavaScript. */
function encoded(value: unknown): string {
  const wellFormed = canonical(value).replace(/\\ud[89a-f][0-9a-f]{2}/g, '\ufffd');
  return wellFormed.replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
