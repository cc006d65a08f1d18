import { createPrivateKey, X509Certificate } from 'node:crypto';
import { signingProblem } from './check.ts';
import { sha256Of } from './fingerprint.ts';
import type { CertificateAuthority } from './issue.ts';
import { pemBlocks } from './pem.ts';
import { type RotationRecord, readRotation, writtenRotation } from './rotation-record.ts';

/** A CA that can sign. */
export interface Signer extends CertificateAuthority {
  readonly sha256: string;
  readonly certificate: X509Certificate;
}

/** The CAs that all replicas share, as the Secret holds them. */
export interface Authorities extends RotationRecord {
  /** Every certificate is signed with it. */
  readonly signing: Signer;
  /** It will be the signing one, once every configuration trusts it. */
  readonly next?: Signer;
  /** By their SHA-256, all that clients are to trust: the signing one first, then the next one, then others. */
  readonly trusted: ReadonlyMap<string, X509Certificate>;
}

/** What a Secret holds (v1 Secret, `data`): base64 by key. */
export type SecretData = { readonly [key: string]: string | undefined };

/**
 * The CAs in a Secret's data: in `ca.crt` the certificates, that of the signing one first, in `ca.key` its key, in
 * `next.crt` and `next.key` the next one, in `rotation.json` what became of others. Without the last three nothing is on
 * its way: so did older versions leave it, and so do people. Neither does it matter if those are damaged, for nothing
 * was signed with a next one yet. Gives a predicate that says why the signing one is of no use; it repeats nothing of
 * what the Secret holds.
 */
export function authoritiesIn(data: SecretData): Authorities | string {
  const [bundle, key] = [text(data['ca.crt']), text(data['ca.key'])];
  const problem = missing({ 'ca.crt': bundle, 'ca.key': key }) ?? signingProblem({ cert: bundle, key });
  if (problem !== undefined) return problem;
  const certificates = pemBlocks(bundle).map((block) => new X509Certificate(block));
  const signing = signer(certificates[0] as X509Certificate, key);
  const next = nextIn(data, signing);
  return authorities(
    { signing, ...(next === undefined ? {} : { next }) },
    certificates,
    readRotation(text(data['rotation.json'])),
  );
}

/** Puts them together so that they agree: who signs is neither old nor gone, and whoever is trusted is not gone. */
export function authorities(
  { signing, next }: Pick<Authorities, 'signing' | 'next'>,
  others: Iterable<X509Certificate>,
  { old, gone }: RotationRecord,
): Authorities {
  const all = [signing.certificate, ...(next === undefined ? [] : [next.certificate]), ...others];
  const trusted = new Map(all.map((certificate) => [sha256Of(certificate), certificate]));
  const isOld = (sha256: string) => trusted.has(sha256) && sha256 !== signing.sha256 && sha256 !== next?.sha256;
  return {
    signing,
    ...(next === undefined ? {} : { next }),
    trusted,
    old: new Map([...old].filter(([sha256]) => isOld(sha256))),
    gone: gone.filter((sha256) => !trusted.has(sha256)),
  };
}

/** A Secret's data that hold these CAs, and whatever else it held. */
export function dataWith(data: SecretData, { signing, next, trusted, ...record }: Authorities): SecretData {
  const { 'next.crt': _, 'next.key': __, ...others } = data;
  const pair = next === undefined ? {} : { 'next.crt': base64(next.cert), 'next.key': base64(next.key) };
  return {
    ...others,
    'ca.crt': base64([...trusted.values()].join('')),
    'ca.key': base64(signing.key),
    ...pair,
    'rotation.json': base64(writtenRotation(record)),
  };
}

/** The pair of a CA, its key as PKCS#8 whatever it was. Throws for what `signingProblem` complains of. */
export function signer(certificate: X509Certificate, key: string): Signer {
  const pkcs8 = createPrivateKey(key).export({ type: 'pkcs8', format: 'pem' }).toString();
  return { cert: certificate.toString(), key: pkcs8, sha256: sha256Of(certificate), certificate };
}

function nextIn(data: SecretData, signing: Signer): Signer | undefined {
  const pair = { cert: text(data['next.crt']), key: text(data['next.key']) };
  if (signingProblem(pair) !== undefined) return undefined;
  const next = signer(new X509Certificate(pair.cert), pair.key);
  return next.sha256 === signing.sha256 ? undefined : next;
}

function missing(files: { readonly [key: string]: string }): string | undefined {
  const keys = Object.keys(files).filter((key) => files[key] === '');
  return keys.length === 0 ? undefined : `has no ${keys.join(' and no ')}`;
}

function text(base64 = ''): string {
  return Buffer.from(base64, 'base64').toString();
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
