/**
 * A hardware address of 6, 8 or 20 octets, as Go's net.ParseMAC takes it: octets between colons or dashes, or pairs of
 * octets between dots.
 */
export function isMac(text: string): boolean {
  const separator = text[2] === ':' || text[2] === '-' ? text[2] : '.';
  const parts = text.split(separator, 21);
  const digits = separator === '.' ? 4 : 2;
  return [6, 8, 20].includes((parts.length * digits) / 2) && parts.every((part) => isHex(part, digits));
}

function isHex(text: string, length: number): boolean {
  return text.length === length && /^[0-9a-f]*$/i.test(text);
}
