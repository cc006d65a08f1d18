import { createPrivateKey, X509Certificate } from 'node:crypto';
import { pemBlocks } from './pem.ts';

/** Why the text is not one or more whole PEM certificates; what stands between them does not matter (RFC 7468 §2). */
export function certificateTextProblem(text: string, file = 'tls.crt'): string | undefined {
  const blocks = certificateBlocks(text);
  if (blocks.length === 0) return `${file} ${instead(text, 'certificate', 'CERTIFICATE')}`;
  for (const [i, block] of blocks.entries()) {
    const problem = failure(() => new X509Certificate(block));
    const which = blocks.length === 1 ? file : `certificate ${i + 1} of ${blocks.length} in ${file}`;
    if (problem !== undefined) return `${which} is damaged or cut short (${problem})`;
  }
  return undefined;
}

/** The certificates of a text in which `certificateTextProblem` sees none, in their order. */
export function certificatesOf(text: string): X509Certificate[] {
  return certificateBlocks(text).map((block) => new X509Certificate(block));
}

/** Why the text is not a PEM private key that can be read without a passphrase. Never repeats any of the text's key. */
export function keyTextProblem(text: string): string | undefined {
  if (!labels(text).some((label) => label.endsWith('PRIVATE KEY'))) {
    return `tls.key ${instead(text, 'private key', 'PRIVATE KEY')}`;
  }
  if (/^-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(text)) {
    return 'tls.key is encrypted, and nobody is here to give the passphrase: store the key without one';
  }
  const problem = failure(() => createPrivateKey(text));
  return problem && `tls.key is damaged, cut short or of an unknown kind (${problem})`;
}

// OpenSSL knows three names for a certificate, and readers of PEM take all of them.
function certificateBlocks(text: string): string[] {
  return pemBlocks(text).filter((block) => /^-----BEGIN (X509 |TRUSTED )?CERTIFICATE-----/.test(block));
}

// A byte order mark before the first line is what Windows' editors write; OpenSSL reads past it.
function labels(text: string): string[] {
  return [...text.matchAll(/^\u{feff}?-----BEGIN ([A-Z0-9 ]{1,40})-----/gmu)].map(([, label = '']) => label);
}

function instead(text: string, what: string, label: string): string {
  const found = labels(text);
  if (found.length > 0) return `holds no ${what}, but ${[...new Set(found)].join(', ')}`;
  const isBinary = text.includes('\0') || text.includes('\u{fffd}');
  return isBinary
    ? `is binary (DER, PKCS#12 or UTF-16?), not PEM: it must be text with a line "-----BEGIN ${label}-----"`
    : `is not PEM: it must have a line "-----BEGIN ${label}-----"`;
}

/** What OpenSSL says, without its numbers. */
function failure(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    return (error as Error).message.replace(/^error:[0-9A-F]+:/, '').replace('::', ': ');
  }
}
