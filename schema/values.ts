import { printedAs, rawNumber } from './exact-json.ts';

/** How the API server holds a JSON value (apimachinery, util/json): whole numbers within 64 bits are no floats to it. */
export type Held = 'null' | 'boolean' | 'string' | 'int64' | 'float64' | 'array' | 'object';

/** A JSON object, none of whose members is inherited. */
export type JsonObject = { readonly [name: string]: unknown };

const INT64 = 2n ** 63n;

/**
 * How the API server would hold the value. 2^63 itself counts as int64: it is what a double makes of the largest
 * int64, which is in use for "no limit", while 2^63 is in use for nothing.
 */
export function heldAs(value: unknown): Held {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) <= 2 ** 63 ? 'int64' : 'float64';
  if (Array.isArray(value)) return 'array';
  if (typeof value !== 'object') return typeof value as 'boolean' | 'string';
  const raw = rawNumber(value);
  if (raw === undefined) return 'object';
  return /^-?\d+$/.test(raw) && isInt64(BigInt(raw)) ? 'int64' : 'float64';
}

/** Whether the value is a JSON object: no list, no null, and no number that is kept as a text. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && rawNumber(value) === undefined;
}

/** The member of that name, `undefined` where there is no such object or member: inherited ones do not count. */
export function asMember(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** What of an element tells it from others in a list of type map: those of its keys that are there. */
export function keysOf(element: unknown, keys: readonly string[]): JsonObject {
  const there = keys.filter((key) => isObject(element) && Object.hasOwn(element, key));
  return Object.fromEntries(there.map((key) => [key, asMember(element, key)]));
}

/** A copy of the lists and objects; numbers that are kept as texts stay what they are. */
export function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copyOf(member)]));
}

/** The object with what `of` makes of each member, and without those of which it makes undefined; itself where that is the same. */
export function withMembers(object: JsonObject, of: (name: string, member: unknown) => unknown): JsonObject {
  const changed = new Map<string, unknown>();
  const names = Object.keys(object);
  for (const name of names) {
    const before = object[name];
    const member = of(name, before);
    if (member !== before) changed.set(name, member);
  }
  if (changed.size === 0) return object;
  const stay = names.filter((name) => !changed.has(name) || changed.get(name) !== undefined);
  return Object.fromEntries(stay.map((name) => [name, changed.has(name) ? changed.get(name) : object[name]]));
}

/** The number as a double. */
export function asFloat(value: unknown): number {
  return Number(rawNumber(value) ?? value);
}

/** An int64 exactly. */
export function asInteger(value: unknown): bigint {
  const exact = BigInt(rawNumber(value) ?? (value as number));
  return exact === INT64 ? INT64 - 1n : exact;
}

/** Go's int64(float): without the fraction; what is too large becomes the largest, as on arm64. */
export function truncated(float: number): bigint {
  const whole = BigInt(Math.trunc(float));
  if (isInt64(whole)) return whole;
  return whole < 0n ? -INT64 : INT64 - 1n;
}

export function isInt64(whole: bigint): boolean {
  return whole >= -INT64 && whole < INT64;
}

/**
 * Whether a float is whole as the API server sees it (go-openapi/swag, IsFloat64AJSONInteger): a little more than a
 * positive whole number is enough, a little less is not.
 */
export function isNearlyWhole(float: number): boolean {
  if (!(Math.abs(float) <= Number.MAX_SAFE_INTEGER)) return false;
  const whole = Math.trunc(float);
  return float === whole || (whole > 0 && (float - whole) / (float + whole) < 1e-9);
}

/** The value as `invalid` and the like shall show it: numbers as Go's %v prints them, all else as it is. */
export function shownAs(value: unknown): unknown {
  const held = heldAs(value);
  if (held === 'float64') return printedAs(printedFloat(asFloat(value)));
  return held === 'int64' ? printedAs(String(asInteger(value))) : value;
}

/** A double as Go's %v prints it (strconv, 'g' in the shortest form): with an exponent below 1e-4 and from 1e6. */
export function printedFloat(float: number): string {
  if (Object.is(float, -0)) return '-0';
  const [digits = '', exponent = ''] = float.toExponential().split('e');
  if (float === 0 || (Number(exponent) >= -4 && Number(exponent) < 6)) return String(float);
  return `${digits}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
}
