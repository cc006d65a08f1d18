/** An IP address: 32 or 128 bits, and the one text that is canonical for it (RFC 5952 for IPv6, without brackets). */
export interface IpAddress {
  readonly version: 4 | 6;
  readonly bits: bigint;
  readonly text: string;
}

/**
 * The address that a host is, in whatever writing a resolver takes: `0x7f.1`, `2130706433` and `0177.0.0.1` are
 * 127.0.0.1, as inet_aton(3) and the URL standard's IPv4 parser have it. Undefined for a name. Of a host in brackets,
 * give what is between them.
 */
export function ipAddressOf(host: string): IpAddress | undefined {
  if (host.includes(':')) return ipv6Of(host);
  return endsInNumber(host) ? ipv4Of(host) : undefined;
}

/** Whether the last label is a number: such a host is an IPv4 address or nothing (URL standard, "ends in a number"). */
export function endsInNumber(host: string): boolean {
  return /(^|\.)(\d+|0x[0-9a-f]*)$/i.test(host);
}

/** The IPv4 address of 32 bits. */
export function ipv4From(bits: bigint): IpAddress {
  const bytes = [24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 0xffn);
  return { version: 4, bits, text: bytes.join('.') };
}

function ipv4Of(host: string): IpAddress | undefined {
  const text = canonical(host);
  if (text === undefined) return undefined;
  return ipv4From(text.split('.').reduce((bits, byte) => (bits << 8n) | BigInt(byte), 0n));
}

function ipv6Of(host: string): IpAddress | undefined {
  const text = canonical(`[${host}]`)?.slice(1, -1);
  if (text === undefined) return undefined;
  const [head = '', tail = ''] = text.split('::');
  const [left, right] = [head, tail].map((part) => part.split(':').filter((group) => group !== '')) as [[], []];
  const groups = [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
  return { version: 6, bits: groups.reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n), text };
}

/** The URL standard's parser is the platform's own, and knows every writing; it takes no IPv6 zone. */
function canonical(host: string): string | undefined {
  const url = `https://${host}/`;
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}
