/**
 * A duration in Go's form (`1h30m`, `-1.5s`) or in Scala's, which is any text in which a whole number is followed by a
 * unit: `5 days`, `1 week`, and so `PT1H` or `1d?` too (strfmt/duration.go).
 */
export function isDuration(text: string): boolean {
  return parseGoDuration(text) !== undefined || isScalaDuration(text);
}

const NANOSECONDS = new Map([
  ['ns', 1],
  ['us', 1e3],
  ['\u00b5s', 1e3], // the micro sign
  ['\u03bcs', 1e3], // the Greek letter
  ['ms', 1e6],
  ['s', 1e9],
  ['m', 60e9],
  ['h', 3600e9],
]);
const INT64 = 2n ** 63n;

/**
 * The nanoseconds that Go's time.ParseDuration reads from a text such as `1h30m` or `-1.5s`, or undefined where it would
 * refuse: the sum must fit into an int64, some 292 years.
 */
export function parseGoDuration(text: string): bigint | undefined {
  const isNegative = text.startsWith('-');
  const part = /(\d*)(?:\.(\d*))?([^.\d]+)/y;
  part.lastIndex = /^[+-]/.test(text) ? 1 : 0;
  if (text.slice(part.lastIndex) === '0') return 0n;
  if (part.lastIndex === text.length) return undefined;
  let total = 0n;
  for (let end = part.lastIndex; end < text.length; end = part.lastIndex) {
    const [, whole = '', fraction = '', unit = ''] = part.exec(text) ?? [];
    const nanoseconds = NANOSECONDS.get(unit);
    if (nanoseconds === undefined || whole + fraction === '' || !fitsInt64(whole)) return undefined;
    total += BigInt(whole) * BigInt(nanoseconds) + BigInt(Math.trunc(Number(`.${fraction}0`) * nanoseconds));
  }
  if (total > INT64 || (total === INT64 && !isNegative)) return undefined;
  return isNegative ? -total : total;
}

/** Every number before letters must fit into an int64; one of them must have a unit. What their sum is does not matter. */
function isScalaDuration(text: string): boolean {
  let hasUnit = false;
  // All but the digits is optional here, so that no match is given up and tried again from the next digit on.
  for (const [, number = '', letters] of text.matchAll(/(\d+)[\t\n\f\r ]*([A-Za-z\u00b5]+)?/g)) {
    if (letters === undefined) continue;
    if (!fitsInt64(number) || BigInt(number) === INT64) return false;
    hasUnit ||= SCALA_UNIT.test(letters);
  }
  return hasUnit;
}

const SCALA_UNIT = /^(?:(?:[num\u00b5]?s|m|hr?|d|wk?)$|nano|micro|milli|sec|min|hour|day|week)/i;

/** Up to 2^63 itself, which only a negative number may be; a million digits are not read. */
function fitsInt64(digits: string): boolean {
  const significant = digits.replace(/^0+/, '');
  return significant.length <= 19 && BigInt(significant) <= INT64;
}
