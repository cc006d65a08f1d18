import type { X509Certificate } from 'node:crypto';

/** The SHA-256 of the certificate's DER, in 64 lower-case hexadecimal digits. */
export function sha256Of({ fingerprint256 }: X509Certificate): string {
  return fingerprint256.replaceAll(':', '').toLowerCase();
}
