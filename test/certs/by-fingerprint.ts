import { X509Certificate } from 'node:crypto';
import { sha256Of } from '../../certs/fingerprint.ts';
import { pemBlocks } from '../../certs/pem.ts';

/** The certificates of a PEM by their SHA-256. */
export function byFingerprint(pem: string): ReadonlyMap<string, X509Certificate> {
  const certificates = pemBlocks(pem).map((block) => new X509Certificate(block));
  return new Map(certificates.map((certificate) => [sha256Of(certificate), certificate]));
}
