import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { UsageError } from '../usage.ts';

/** The certificates of a PEM file and nothing else of it, so that what comes with them is not published. */
export function caBundle(file: string): string {
  let pem: string;
  try {
    pem = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(
      `--ca-bundle ${file}: ${code === 'ENOENT' ? 'there is no such file' : `cannot be read: ${code}`}`,
    );
  }
  if (pem.includes('PRIVATE KEY'))
    throw new UsageError(`--ca-bundle ${file} holds a private key; give the CA's certificate`);
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  if (certificates.length === 0) throw new UsageError(`--ca-bundle ${file} holds no PEM certificate`);
  for (const [i, certificate] of certificates.entries()) {
    try {
      new X509Certificate(certificate);
    } catch {
      throw new UsageError(`--ca-bundle ${file}: certificate ${i + 1} of ${certificates.length} cannot be decoded`);
    }
  }
  return `${certificates.join('\n')}\n`;
}
