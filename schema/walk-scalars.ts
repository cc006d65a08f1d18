import { isDeepStrictEqual } from 'node:util';
import { notSupported, tooLong } from '../webhook/field-errors.ts';
import type { SchemaNode } from './schema-node.ts';
import { addInBody, addTypeError, fieldOf, type Path, type Sink } from './sink.ts';
import { asFloat, asInteger, heldAs, isNearlyWhole, shownAs, truncated } from './values.ts';

/**
 * The value's type against the schema's (kube-openapi, validate/type.go): a format has its own words for a wrong type,
 * and takes a list for a text. Returns 1, or 0 where the type is wrong.
 */
export function walkType({ types, format, isNullable }: SchemaNode, value: unknown, path: Path, sink: Sink): 0 | 1 {
  const held = heldAs(value);
  if (held === 'null') {
    if (types.length === 0 || isNullable) return 1;
    addTypeError(sink, path, types.join(','), 'null');
    return 0;
  }
  const actual = TYPES[held];
  const isFloatInteger = held === 'float64' && types.includes('integer') && isNearlyWhole(asFloat(value));
  const isIntegerFloat = held === 'int64' && types.includes('number');
  const isRight = types.includes(actual) || isFloatInteger || isIntegerFloat;
  if (format !== undefined) {
    const isTextOrList = held === 'string' || held === 'array';
    if (isTextOrList && !types.includes('number') && !types.includes('integer')) return 1;
    const heldFormat = held === 'int64' || held === 'float64' ? held : '';
    if (!isTextOrList && !isRight && heldFormat !== format) {
      addTypeError(sink, path, format, heldFormat);
      return 0;
    }
  }
  if (isRight) return 1;
  addTypeError(sink, path, types.join(','), actual);
  return 0;
}

const TYPES = {
  boolean: 'boolean',
  string: 'string',
  int64: 'integer',
  float64: 'number',
  array: 'array',
  object: 'object',
} as const;

/** Of a text's limits and pattern the first that it breaks, and its format. */
export function walkText(node: SchemaNode, text: string, path: Path, sink: Sink): void {
  const { minLength, maxLength } = node.limits;
  if (maxLength !== undefined && text.length > maxLength && codePoints(text) > maxLength) {
    sink.errors.push(() => tooLong(fieldOf(path), maxLength));
  } else if (minLength !== undefined && codePoints(text) < minLength) {
    addInBody(
      sink,
      path,
      () => text,
      () => `be at least ${minLength} chars long`,
    );
  } else if (node.pattern !== undefined && !node.pattern.test(text)) {
    addInBody(
      sink,
      path,
      () => text,
      () => `match '${node.pattern}'`,
    );
  }
  if (node.isOfFormat !== undefined && !node.isOfFormat(text)) addTypeError(sink, path, node.format ?? '', text);
}

/** A value that the schema's enum does not list. */
export function walkEnum(node: SchemaNode, value: unknown, path: Path, sink: Sink): void {
  const listed = node.enum;
  if (listed === undefined) return;
  if (typeof value === 'string' ? node.enumTexts.has(value) : listed.some((one) => isListed(value, one))) return;
  sink.errors.push(() => {
    const names = listed.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
    return notSupported(fieldOf(path), shownAs(value), names);
  });
}

/** As Go compares after a conversion to the listed value's type: a float loses its fraction, a number is a character. */
function isListed(value: unknown, listed: unknown): boolean {
  const held = heldAs(value);
  const as = heldAs(listed);
  if (as === 'null') return false;
  if (held === 'int64' && as === 'string') return character(asInteger(value)) === listed;
  if (held !== 'int64' && held !== 'float64') return held === as && isDeepStrictEqual(value, listed);
  if (as === 'float64') return asFloat(value) === asFloat(listed);
  if (as !== 'int64') return false;
  return (held === 'int64' ? asInteger(value) : truncated(asFloat(value))) === asInteger(listed);
}

function character(code: bigint): string {
  const isOne = code >= 0n && code <= 0x10ffffn && !(code >= 0xd800n && code <= 0xdfffn);
  return isOne ? String.fromCodePoint(Number(code)) : '\ufffd';
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
