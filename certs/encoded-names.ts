import type { X509Certificate } from 'node:crypto';

/**
 * The issuer's and the subject's names as the certificate encodes them (DER, RFC 5280 §4.1). Go looks for a
 * certificate's CA by the very bytes of its name (crypto/x509, CertPool); OpenSSL, and so Node, by what they mean.
 */
export function encodedNames({ raw }: X509Certificate): { readonly issuer: Buffer; readonly subject: Buffer } {
  const [signed = raw] = elementsIn(raw);
  const [first, ...others] = elementsIn(signed);
  // A version, under [0], comes before the serial number; without one it is version 1.
  const [, , issuer, , subject] = first?.[0] === 0xa0 ? others : [first, ...others];
  if (issuer === undefined || subject === undefined) throw new Error('the certificate has no names');
  return { issuer, subject };
}

/** The elements within an element, each with its tag and length. */
function elementsIn(element: Buffer): Buffer[] {
  const elements: Buffer[] = [];
  let rest = element.subarray(sizeOf(element).header);
  while (rest.length > 0) {
    const { header, content } = sizeOf(rest);
    elements.push(rest.subarray(0, header + content));
    rest = rest.subarray(header + content);
  }
  return elements;
}

/** In bytes. A length over 127 says in how many bytes it follows (X.690 §8.1.3). */
function sizeOf(element: Buffer): { header: number; content: number } {
  const length = element[1] ?? 0;
  if (length < 128) return { header: 2, content: length };
  return { header: 2 + length - 128, content: element.readUIntBE(2, length - 128) };
}
