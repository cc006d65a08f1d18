import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { pemBlocks } from '../../certs/pem.ts';
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
  const blocks = pemBlocks(pem).filter((block) => block.startsWith('-----BEGIN CERTIFICATE-----'));
  if (blocks.length === 0) throw new UsageError(`--ca-bundle ${file} holds no PEM certificate`);
  const certificates = blocks.map((block, i) => {
    try {
      return new X509Certificate(block).toString();
    } catch {
      throw new UsageError(`--ca-bundle ${file}: certificate ${i + 1} of ${blocks.length} cannot be decoded`);
    }
  });
  return certificates.join('');
}
