/** DER, as much of it as certificates need (X.690). Each function gives one element, tag and length included. */

export function sequence(...elements: Buffer[]): Buffer {
  return element(0x30, Buffer.concat(elements));
}

export function set(...elements: Buffer[]): Buffer {
  return element(0x31, Buffer.concat(elements));
}

/** An integer: its bytes, the highest first, of which the first is below 128. */
export function whole(bytes: Buffer): Buffer {
  return element(0x02, bytes);
}

/** A bit string of whole bytes. */
export function bits(bytes: Buffer): Buffer {
  return element(0x03, Buffer.concat([Buffer.from([0]), bytes]));
}

export function octets(bytes: Buffer): Buffer {
  return element(0x04, bytes);
}

/** An object identifier, given in dots and numbers. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...others] = dotted.split('.').map(Number);
  return element(0x06, Buffer.from([first * 40 + second, ...others.flatMap(base128)]));
}

export function text(value: string): Buffer {
  return element(0x0c, Buffer.from(value));
}

/** A time in whole seconds, of this century's first half (RFC 5280 §4.1.2.5.1). */
export function time(date: Date): Buffer {
  return element(0x17, Buffer.from(`${date.toISOString().slice(2, 19).replaceAll(/[-:T]/g, '')}Z`));
}

/** Another element, under this number in its context. */
export function explicit(number: number, inner: Buffer): Buffer {
  return element(0xa0 + number, inner);
}

/** Bytes in place of another element's, under this number in its context. */
export function implicit(number: number, bytes: Buffer): Buffer {
  return element(0x80 + number, bytes);
}

function element(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function base128(value: number): number[] {
  const digits = [value & 127];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) digits.unshift((rest & 127) | 128);
  return digits;
}
