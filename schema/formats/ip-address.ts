/** What the API server takes for IPv4: any IP address with a dot in it, so `::ffff:1.2.3.4` too; zeros may lead. */
export function isIpv4(text: string): boolean {
  return text.includes('.') && (isV4(text, SLOPPY) || isV6(text, SLOPPY));
}

/** IPv6 in any of RFC 4291's forms, without a zone. */
export function isIpv6(text: string): boolean {
  return isV6(text, STRICT);
}

/** An IP address in Go's strict form (net.ParseIP): no octet but 0 begins with a zero, no group has five digits. */
export function isIpAddress(text: string): boolean {
  return isV4(text, STRICT) || isV6(text, STRICT);
}

/** An IP address and the length of its prefix; bits beyond the prefix may be set, and zeros may lead everywhere. */
export function isCidr(text: string): boolean {
  const slash = text.indexOf('/');
  const address = text.slice(0, Math.max(slash, 0));
  const length = text.slice(slash + 1);
  const longest = isV4(address, SLOPPY) ? 32 : isV6(address, SLOPPY) ? 128 : -1;
  return /^\d+$/.test(length) && Number(length) <= longest;
}

interface Digits {
  readonly octet: RegExp;
  readonly group: RegExp;
}

/** As Go reads addresses. */
const STRICT: Digits = { octet: /^(?:0|[1-9]\d{0,2})$/, group: /^[0-9a-f]{1,4}$/i };
/** As Go read them before 1.17, and k8s.io/utils/net still does for the sake of what is stored. */
const SLOPPY: Digits = { octet: /^\d+$/, group: /^0*[0-9a-f]{1,4}$/i };

function isV4(text: string, { octet }: Digits): boolean {
  const octets = text.split('.', 5);
  return octets.length === 4 && octets.every((digits) => octet.test(digits) && Number(digits) <= 255);
}

function isV6(text: string, digits: Digits): boolean {
  const [head = '', tail, ...more] = text.split('::', 3);
  if (more.length > 0) return false;
  const groups = [head, tail ?? ''].flatMap((half) => (half === '' ? [] : half.split(':', 9)));
  const end = tail ?? head;
  const last = end.slice(end.lastIndexOf(':') + 1);
  const isV4Last = last.includes('.');
  if (isV4Last && !isV4(groups.pop() ?? '', digits)) return false;
  const length = groups.length + (isV4Last ? 2 : 0);
  return (tail === undefined ? length === 8 : length <= 7) && groups.every((group) => digits.group.test(group));
}
