import { isIpv6 } from './ip-address.ts';

/**
 * What an HTTP request line may name, as Go's url.ParseRequestURI takes it: `*`, an absolute path, or anything behind a
 * scheme. Behind a scheme and no slash (`mailto:x@y`), and behind the first `?`, nothing is looked at but control
 * characters; a `#` is a character like any other.
 */
export function isRequestUri(text: string): boolean {
  if (hasControlCharacter(text)) return false;
  if (text === '*') return true;
  const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(text)?.[0] ?? '';
  const [rest = ''] = text.slice(scheme.length).split('?', 1);
  if (!rest.startsWith('/')) return scheme !== '';
  if (scheme === '' || !rest.startsWith('//')) return hasGoodEscapes(rest);
  const slash = rest.indexOf('/', 2);
  const authority = rest.slice(2, slash < 0 ? undefined : slash);
  return isAuthority(authority, scheme.toLowerCase()) && (slash < 0 || hasGoodEscapes(rest.slice(slash)));
}

function hasControlCharacter(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return /[\0-\x1f\x7f]/.test(text);
}

function hasGoodEscapes(text: string): boolean {
  return !/%(?![0-9a-f]{2})/i.test(text);
}

function isAuthority(authority: string, scheme: string): boolean {
  const at = authority.lastIndexOf('@');
  const user = authority.slice(0, Math.max(at, 0));
  return !/[^\w.~!$&'()*+,;=:%@-]/.test(user) && hasGoodEscapes(user) && isHost(authority.slice(at + 1), scheme);
}

function isHost(host: string, scheme: string): boolean {
  if (host.includes('[')) return host.startsWith('[') && isBracketed(host);
  // Many schemes list several hosts and ports; those of the web may not (Go 1.26, golang/go#78077).
  const colon = scheme === 'http:' || scheme === 'https:' ? host.indexOf(':') : host.lastIndexOf(':');
  if (colon >= 0 && !isPort(host.slice(colon))) return false;
  return !NOT_IN_HOST.test(host) && !/%(?!25|[89a-f][0-9a-f])/i.test(host);
}

/** An IPv6 address and perhaps its zone behind `%25` (RFC 6874). */
function isBracketed(host: string): boolean {
  const end = host.lastIndexOf(']');
  if (end < 0 || host.lastIndexOf('[') > 0 || !isPort(host.slice(end + 1))) return false;
  const literal = host.slice(1, end);
  const percent = literal.indexOf('%25');
  if (percent < 0) return isIpv6(literal);
  const zone = literal.slice(percent + 3);
  return zone !== '' && isIpv6(literal.slice(0, percent)) && isZone(zone);
}

/** An escape may stand for a space or a percent sign, and otherwise only for what needs none. */
function isZone(zone: string): boolean {
  if (NOT_IN_HOST.test(zone) || !hasGoodEscapes(zone)) return false;
  return [...zone.matchAll(/%(..)/g)].every(([, code = '']) => {
    const character = String.fromCharCode(Number.parseInt(code, 16));
    return character === ' ' || (character <= '~' && !NOT_IN_HOST.test(character));
  });
}

const NOT_IN_HOST = /[^\w.~!$&'()*+,;=:[\]<>"%\u0080-\uffff-]/;

/** Nothing, or a colon and any number of digits, even none. */
function isPort(text: string): boolean {
  return /^(?::\d*)?$/.test(text);
}
