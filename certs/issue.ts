import { randomBytes, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { SelfsignedOptions } from 'selfsigned';
import { subjectNames } from './names.ts';
import type { IssuedCertificate } from './serving-certificate.ts';

/** A CA that can sign: PEM, the key as unencrypted PKCS#8. */
export interface CertificateAuthority {
  readonly cert: string;
  readonly key: string;
}

/**
 * Makes a new CA, valid from an hour before `now` (clients' clocks differ) for `days` after it. The common name gets
 * a random end: OpenSSL and Node cannot tell two CAs of one name apart in a bundle (protocol.md §4.2).
 */
export async function issueCertificateAuthority({
  commonName = 'Portcullis CA',
  now,
  days,
}: {
  commonName?: string;
  now: Date;
  days: number;
}): Promise<CertificateAuthority> {
  // X.520 allows 64 characters, of which 17 are the random end; selfsigned does not escape what has a meaning in a name.
  if (!/^[A-Za-z0-9 .:/-]{1,47}$/.test(commonName)) {
    throw new Error(
      `${JSON.stringify(commonName)} cannot name a CA: it must be 1 to 47 letters, digits, spaces, ".", ":", "/" or "-".`,
    );
  }
  return generate(`${commonName} ${randomBytes(8).toString('hex')}`, {
    notBeforeDate: hourBefore(now),
    notAfterDate: daysAfter(now, days),
    extensions: [
      { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
}

/**
 * Makes a new key and a certificate for it, for TLS servers alone, signed by the CA and carrying all names (see
 * `subjectNames`). Valid from an hour before `now` for `days` after it, but never longer than the CA; its successor is due
 * at two thirds of the time from `now` on.
 */
export async function issueServingCertificate({
  ca,
  names,
  now,
  days,
}: {
  ca: CertificateAuthority;
  names: readonly string[];
  now: Date;
  days: number;
}): Promise<IssuedCertificate> {
  const altNames = subjectNames(names).map((name) =>
    isIP(name) === 0 ? { type: 2 as const, value: name } : { type: 7 as const, ip: name },
  );
  if (altNames.length === 0) throw new Error('A serving certificate needs at least one name.');
  const end = new X509Certificate(ca.cert).validToDate;
  if (end <= now) throw new Error(`The CA ended at ${end.toISOString()}: it cannot sign any more.`);

  // Clients look at the alternative names only (RFC 9525 §2), and a DNS name may be longer than a common name.
  const issued = await generate('portcullis', {
    ca: { cert: ca.cert, key: ca.key },
    notBeforeDate: hourBefore(now),
    notAfterDate: new Date(Math.min(daysAfter(now, days).getTime(), end.getTime())),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames },
    ],
  });
  const leaf = new X509Certificate(issued.cert);
  // Of what is left of its life: the hour before would make a short one due at once.
  const rest = leaf.validToDate.getTime() - now.getTime();
  return { ...issued, notAfter: leaf.validToDate, renewAt: new Date(now.getTime() + (rest * 2) / 3) };
}

/** What selfsigned must always be told: it signs with SHA-1 and RSA unless asked, and ignores `days` (protocol.md §4.2). */
const always = { algorithm: 'sha256', keyType: 'ec', curve: 'P-256' } as const;

async function generate(
  commonName: string,
  options: SelfsignedOptions & Required<Pick<SelfsignedOptions, 'notBeforeDate' | 'notAfterDate' | 'extensions'>>,
): Promise<CertificateAuthority> {
  // Imported when needed: it costs 0.1 s and 20 MB, and most starts find a certificate that is still good.
  const selfsigned = await import('selfsigned');
  const made = await selfsigned.generate([{ name: 'commonName', value: commonName }], { ...options, ...always });
  // Its PEM lacks the last line break, without which certificates cannot be joined to a bundle.
  return { cert: `${made.cert.trim()}\n`, key: `${made.private.trim()}\n` };
}

function hourBefore(time: Date): Date {
  return new Date(time.getTime() - 3_600_000);
}

function daysAfter(time: Date, days: number): Date {
  return new Date(time.getTime() + days * 86_400_000);
}
