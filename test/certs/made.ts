import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';
import { isIP } from 'node:net';
import { bits, explicit, implicit, octets, oid, sequence, set, text, time, whole } from './der.ts';

/** A certificate, its key, and what it takes to sign others with it. */
export interface Made {
  readonly cert: string;
  readonly key: string;
}

export interface Wish {
  /** EC on P-256 unless said. */
  readonly key?: KeyObject;
  readonly commonName?: string;
  /** In place of that one: several in one subject, or none. */
  readonly commonNames?: readonly string[];
  /** DNS names and addresses; localhost unless said, and none at all for []. */
  readonly names?: readonly string[];
  readonly from?: Date;
  readonly until?: Date;
  /** Itself unless said. */
  readonly issuer?: Made;
  readonly isAuthority?: boolean;
  readonly digest?: 'sha1' | 'sha256';
  /** Object identifiers of extended key usages: TLS servers unless said, and no such extension for []. */
  readonly usages?: readonly string[];
}

const serverAuth = '1.3.6.1.5.5.7.3.1';
const basicConstraints = '2.5.29.19';
const subjectAltName = '2.5.29.17';
const extendedKeyUsage = '2.5.29.37';

/** Makes a certificate (RFC 5280) as good or as bad as a test wishes; selfsigned, which issues ours, knows fewer ways. */
export function made({
  key = ec(),
  commonName = 'a webhook',
  commonNames = [commonName],
  names = ['localhost'],
  from = hoursFromNow(-1),
  until = hoursFromNow(24),
  issuer,
  isAuthority = false,
  digest = 'sha256',
  usages = isAuthority ? [] : [serverAuth],
}: Wish = {}): Made {
  const signingKey = issuer === undefined ? key : createPrivateKey(issuer.key);
  const issuerName = issuer === undefined ? commonName : new X509Certificate(issuer.cert).subject.slice('CN='.length);
  const algorithm = signatureAlgorithm(signingKey, digest);
  const extensions = [
    extension(basicConstraints, sequence(...(isAuthority ? [Buffer.from([1, 1, 255])] : []))),
    ...(names.length === 0 ? [] : [extension(subjectAltName, sequence(...names.map(generalName)))]),
    ...(usages.length === 0 ? [] : [extension(extendedKeyUsage, sequence(...usages.map(oid)))]),
  ];
  const body = sequence(
    explicit(0, whole(Buffer.from([2]))),
    whole(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm.identifier,
    distinguishedName(issuerName),
    sequence(time(from), time(until)),
    distinguishedName(...commonNames),
    publicKeyOf(key),
    explicit(3, sequence(...extensions)),
  );
  const signature = sign(algorithm.digest, body, signingKey);
  return {
    cert: pem('CERTIFICATE', sequence(body, algorithm.identifier, bits(signature))),
    key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** A new EC key, on P-256 unless said. */
export function ec(namedCurve = 'P-256'): KeyObject {
  return generateKeyPairSync('ec', { namedCurve }).privateKey;
}

/** A new RSA key of 2048 bits unless said. */
export function rsa(modulusLength = 2048): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength }).privateKey;
}

export function hoursFromNow(hours: number): Date {
  return new Date(Date.now() + hours * 3_600_000);
}

/** DER as PEM with this label. */
export function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

function extension(id: string, value: Buffer): Buffer {
  return sequence(oid(id), octets(value));
}

function generalName(name: string): Buffer {
  if (isIP(name) === 0) return implicit(2, Buffer.from(name));
  return implicit(7, Buffer.from(name.split('.').map(Number)));
}

function distinguishedName(...commonNames: readonly string[]): Buffer {
  return sequence(...commonNames.map((name) => set(sequence(oid('2.5.4.3'), text(name)))));
}

function publicKeyOf(key: KeyObject): Buffer {
  return createPublicKey(key).export({ type: 'spki', format: 'der' });
}

function signatureAlgorithm(
  { asymmetricKeyType }: KeyObject,
  digest: 'sha1' | 'sha256',
): { identifier: Buffer; digest: string | null } {
  if (asymmetricKeyType === 'ed25519') return { identifier: sequence(oid('1.3.101.112')), digest: null };
  if (asymmetricKeyType === 'ed448') return { identifier: sequence(oid('1.3.101.113')), digest: null };
  const ids =
    asymmetricKeyType === 'ec'
      ? { sha1: '1.2.840.10045.4.1', sha256: '1.2.840.10045.4.3.2' }
      : { sha1: '1.2.840.113549.1.1.5', sha256: '1.2.840.113549.1.1.11' };
  return { identifier: sequence(oid(ids[digest])), digest };
}
