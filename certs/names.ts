import { isIPv4, isIPv6 } from 'node:net';

/** What clients on the same machine call the server. */
export const loopbackNames: readonly string[] = ['localhost', '127.0.0.1', '::1'];

/**
 * The names that a certificate is to carry, each once and in one form (DNS names in lower case, IPv6 addresses as
 * RFC 5952 writes them), so that equal names are equal strings. Throws one Error for all that are neither a DNS name
 * (RFC 1123) nor an IP address. Wildcards are refused: a webhook is called by its full name.
 */
export function subjectNames(names: readonly string[]): readonly string[] {
  const wrong = names.filter((name) => canonical(name) === undefined);
  if (wrong.length > 0) {
    const quoted = wrong.map((name) => JSON.stringify(name)).join(', ');
    throw new Error(
      `A certificate cannot be issued for ${quoted}: a name must be a DNS name ("portcullis.example.com") or an ` +
        'IP address ("127.0.0.1", "::1"), without scheme, brackets, port or path.',
    );
  }
  return [...new Set(names.map((name) => canonical(name) ?? name))];
}

function canonical(name: string): string | undefined {
  if (isIPv4(name)) return name;
  if (isIPv6(name)) return compressed(name);
  const lower = name.toLowerCase();
  return isDnsName(lower) ? lower : undefined;
}

// A URL's host is the one place where Node writes an address in RFC 5952's form; it knows no zones ("fe80::1%eth0"),
// and a certificate cannot carry one. It also spells out ::ffff:1.2.3.4, which selfsigned would encode wrongly.
function compressed(address: string): string | undefined {
  return URL.parse(`http://[${address}]`)?.hostname.slice(1, -1);
}

function isDnsName(name: string): boolean {
  const labels = name.split('.');
  // A name that ends in a number is an IPv4 address to every URL parser, so no client could reach it.
  if (name.length > 253 || /^\d+$/.test(labels.at(-1) ?? '')) return false;
  return labels.every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label));
}
