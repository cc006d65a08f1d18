import { invalid } from '../webhook/field-errors.ts';
import { printedAs } from './exact-json.ts';
import type { SchemaNode } from './schema-node.ts';
import { addInBody, addOfNoField, fieldOf, type Path, type Sink, textOf } from './sink.ts';
import { asFloat, asInteger, heldAs, isInt64, isNearlyWhole, printedFloat, truncated } from './values.ts';

/**
 * A number against its type's range and the schema's limits (kube-openapi, validate/validator.go and values.go). A whole
 * number is compared with the whole part of a limit; a limit that the type cannot hold is an error of every value.
 */
export function walkNumber(node: SchemaNode, value: unknown, path: Path, sink: Sink): void {
  const { minimum, maximum, multipleOf, exclusiveMinimum, exclusiveMaximum } = node.limits;
  checkRange(node, value, 'Checked', path, sink);
  const isWhole = heldAs(value) === 'int64';
  if (multipleOf !== undefined) {
    const isHeld = checkRange(node, multipleOf, 'MultipleOf', path, sink);
    checkMultiple(value, multipleOf, isWhole && isHeld, path, sink);
  }
  if (maximum !== undefined) {
    const isHeld = checkRange(node, maximum, 'Maximum boundary', path, sink);
    checkLimit(value, maximum, exclusiveMaximum === true ? BELOW : AT_MOST, isWhole && isHeld, path, sink);
  }
  if (minimum !== undefined) {
    const isHeld = checkRange(node, minimum, 'Minimum boundary', path, sink);
    checkLimit(value, minimum, exclusiveMinimum === true ? ABOVE : AT_LEAST, isWhole && isHeld, path, sink);
  }
}

interface Comparison {
  readonly words: string;
  holds(value: number | bigint, limit: number | bigint): boolean;
}

const AT_MOST: Comparison = { words: 'less than or equal to', holds: (value, limit) => value <= limit };
const BELOW: Comparison = { words: 'less than', holds: (value, limit) => value < limit };
const AT_LEAST: Comparison = { words: 'greater than or equal to', holds: (value, limit) => value >= limit };
const ABOVE: Comparison = { words: 'greater than', holds: (value, limit) => value > limit };

function checkLimit(value: unknown, limit: number, must: Comparison, isWhole: boolean, path: Path, sink: Sink): void {
  const held = isWhole ? asInteger(value) : asFloat(value);
  if (must.holds(held, isWhole ? truncated(limit) : limit)) return;
  addInBody(sink, path, shown(value, isWhole), () => `be ${must.words} ${printed(limit, isWhole)}`);
}

function checkMultiple(value: unknown, factor: number, isWhole: boolean, path: Path, sink: Sink): void {
  if (isWhole ? truncated(factor) <= 0n : factor <= 0) {
    sink.errors.push(() => {
      const text = `factor MultipleOf declared for ${textOf(path)} must be positive: ${printed(factor, isWhole)}`;
      return invalid(fieldOf(path), Number(printed(factor, isWhole)), text);
    });
    return;
  }
  const float = asFloat(value);
  const quotient = factor < 1 ? (1 / factor) * float : float / factor;
  if (isWhole ? asInteger(value) % truncated(factor) === 0n : isNearlyWhole(quotient)) return;
  addInBody(sink, path, shown(value, isWhole), () => `be a multiple of ${printed(factor, isWhole)}`);
}

/** Beside a limit that its type cannot hold, the API server shows a whole number as a float. */
function shown(value: unknown, isWhole: boolean): () => unknown {
  return () => printedAs(isWhole ? String(asInteger(value)) : printedFloat(asFloat(value)));
}

function printed(limit: number, isWhole: boolean): string {
  return isWhole ? String(truncated(limit)) : printedFloat(limit);
}

/** Whether the type and format can hold the number, a value or a limit, at all; adds an error where not. */
function checkRange({ types, format }: SchemaNode, number: unknown, what: string, path: Path, sink: Sink): boolean {
  const type = types.length === 1 ? types[0] : undefined;
  if (type === 'integer' ? isInteger(number, format) : format !== 'float' || isFloat32(number)) return true;
  const of = format === undefined ? '(default format)' : `with format ${format}`;
  addOfNoField(sink, () => `${what} value must be of type ${type ?? ''} ${of} in ${textOf(path)}`);
  return false;
}

function isInteger(number: unknown, format: string | undefined): boolean {
  const float = asFloat(number);
  if (!Number.isInteger(float)) return false;
  const whole = heldAs(number) === 'int64' ? asInteger(number) : BigInt(float);
  return format === 'int32' ? whole >= -(2n ** 31n) && whole < 2n ** 31n : isInt64(whole);
}

function isFloat32(number: unknown): boolean {
  return Number.isFinite(Math.fround(asFloat(number)));
}
