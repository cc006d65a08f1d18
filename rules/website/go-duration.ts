const UNITS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['µs', 1_000n],
  ['μs', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);
const LARGEST = 2n ** 63n - 1n;
const LONGEST = 64;

/**
 * The nanoseconds that Go's time.ParseDuration reads from a text such as `1h30m` or `-1.5s`, or undefined where it
 * would refuse. A text of more than 64 characters is refused too: no duration needs them, and big numbers cost time.
 */
export function parseGoDuration(text: string): bigint | undefined {
  if (text.length > LONGEST) return undefined;
  const unsigned = text.replace(/^[+-]/, '');
  if (unsigned === '0') return 0n;
  const parts = [...unsigned.matchAll(/([0-9]*)(?:\.([0-9]*))?([^0-9.]+)/g)];
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== unsigned) return undefined;
  let sum = 0n;
  for (const [, digits = '', fraction = '', unit = ''] of parts) {
    const scale = UNITS.get(unit);
    if (scale === undefined || digits + fraction === '') return undefined;
    sum += BigInt(digits) * scale + (BigInt(fraction) * scale) / 10n ** BigInt(fraction.length);
  }
  if (sum > LARGEST) return undefined;
  return text.startsWith('-') ? -sum : sum;
}
