import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { ec, hoursFromNow, type Made, made, pem, rsa } from './made.ts';

/** A pair as tls.crt and tls.key hold it, and a client that may or may not accept it. */
export interface PairCase extends Made {
  /** The caBundle: what the client trusts. */
  readonly trusted: string;
  /** What the client calls the server; localhost unless said. */
  readonly name?: string;
  /** Whether OpenSSL's clients refuse what Go's accept. */
  readonly isForGoAlone?: boolean;
  /** Why it is refused; where it is not, it is served. */
  readonly problem?: RegExp;
}

const ca = made({ isAuthority: true, commonName: 'a CA' });
const intermediate = made({ isAuthority: true, commonName: 'an intermediate CA', issuer: ca });
const signed = (wish: Parameters<typeof made>[0] = {}): PairCase => ({
  ...made({ issuer: ca, ...wish }),
  trusted: ca.cert,
});
const alone = (pair: Made): PairCase => ({ ...pair, trusted: pair.cert });
const plain = signed();
const ofIntermediate = made({ issuer: intermediate });

/** Pairs that an API server can be served with, however odd. */
export const goodPairs: { readonly [sentence: string]: PairCase } = {
  'an EC key on P-256': plain,
  'an EC key on P-384': signed({ key: ec('P-384') }),
  'an EC key on P-521': signed({ key: ec('P-521') }),
  'an RSA key': signed({ key: rsa() }),
  'an Ed25519 key': signed({ key: generateKeyPairSync('ed25519').privateKey }),
  'an RSA key in the form of PKCS#1': inForm(signed({ key: rsa() }), 'pkcs1'),
  'an EC key behind its parameters, as openssl ecparam writes it': withParameters(inForm(plain, 'sec1')),
  'an intermediate CA behind the certificate': {
    cert: ofIntermediate.cert + intermediate.cert,
    key: ofIntermediate.key,
    trusted: ca.cert,
  },
  'the root before the intermediate CA': {
    cert: ofIntermediate.cert + ca.cert + intermediate.cert,
    key: ofIntermediate.key,
    trusted: ca.cert,
  },
  'a certificate that is its own CA bundle': alone(made()),
  'a certificate that is a CA and its own bundle, as openssl req -x509 makes it': alone(made({ isAuthority: true })),
  'a CA that is signed by another and has the name': signed({ isAuthority: true }),
  'a certificate that is its own CA bundle, signed with SHA-1': alone(made({ digest: 'sha1' })),
  'no word about what it is for': signed({ usages: [] }),
  'a certificate for any purpose': { ...signed({ usages: ['2.5.29.37.0'] }), isForGoAlone: true },
  'a name in upper case': signed({ names: ['LOCALHOST'] }),
  'a wildcard': { ...signed({ names: ['*.ns.localhost'] }), name: 'portcullis.ns.localhost' },
  'an address': { ...signed({ names: ['127.0.0.1'] }), name: '127.0.0.1' },
  'lines that end as on Windows': {
    ...plain,
    cert: plain.cert.replaceAll('\n', '\r\n'),
    key: plain.key.replaceAll('\n', '\r\n'),
  },
  'a byte order mark': { ...plain, cert: `\u{feff}${plain.cert}`, key: `\u{feff}${plain.key}` },
  'a description before the certificate': { ...plain, cert: `Certificate:\n    Version: 3\n${plain.cert}` },
  'the key in both files': { ...plain, cert: plain.key + plain.cert },
};

/** Pairs that a server can hold, and that every API server would hang up on. */
export const badPairs: { readonly [sentence: string]: PairCase & { readonly problem: RegExp } } = {
  'a name of its own alone': {
    ...signed({ names: ['portcullis.other.svc', '10.0.0.1'] }),
    problem: /^tls\.crt is not for localhost, but for DNS:portcullis\.other\.svc, IP Address:10\.0\.0\.1$/,
  },
  'its name as the common name alone': {
    ...signed({ names: [], commonName: 'localhost' }),
    problem: /^tls\.crt has no alternative names: API servers ignore the common name$/,
  },
  'the CA in its place': {
    ...signed({ names: [], isAuthority: true }),
    problem: /^tls\.crt is the certificate of a CA, and has no alternative names/,
  },
  'a wildcard for a part of a label': {
    ...signed({ names: ['port*.ns.localhost'] }),
    name: 'portcullis.ns.localhost',
    problem: /^tls\.crt is not for portcullis\.ns\.localhost, but for DNS:port\*\.ns\.localhost$/,
  },
  'a purpose that is not serving': {
    ...signed({ usages: ['1.3.6.1.5.5.7.3.2'] }),
    problem: /^tls\.crt is not for TLS servers: its extended key usages lack serverAuth$/,
  },
  'a signature with SHA-1': {
    ...signed({ digest: 'sha1' }),
    problem: /^tls\.crt is signed with ecdsa-with-SHA1, which API servers refuse: it must be SHA-256 or better$/,
  },
  'an end half an hour ago': {
    ...signed({ from: hoursFromNow(-2), until: hoursFromNow(-0.5) }),
    problem: /^tls\.crt ended at 20[-\d]+T[:.\d]+Z$/,
  },
  'a beginning in an hour': {
    ...signed({ from: hoursFromNow(1) }),
    problem: /^tls\.crt is not valid before 20[-\d]+T[:.\d]+Z$/,
  },
  'an EC key on secp256k1': {
    ...signed({ key: ec('secp256k1') }),
    problem: /^tls\.key is a key that API servers do not know \(EC on secp256k1\): it must be EC on P-256/,
  },
  'an Ed448 key': {
    ...signed({ key: generateKeyPairSync('ed448').privateKey }),
    problem: /^tls\.key is a key that API servers do not know \(ed448\)/,
  },
  'an RSA-PSS key': {
    ...signed({ key: generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey }),
    problem: /^tls\.key is a key that API servers do not know \(rsa-pss\)/,
  },
};

/** The names that a client of the pair wants of it. */
export function namesOf({ name = 'localhost' }: PairCase): readonly string[] {
  return [name];
}

function inForm<P extends PairCase>(pair: P, type: 'pkcs1' | 'sec1'): P {
  return { ...pair, key: createPrivateKey(pair.key).export({ type, format: 'pem' }).toString() };
}

function withParameters<P extends PairCase>(pair: P): P {
  const prime256v1 = Buffer.from('06082a8648ce3d030107', 'hex');
  return { ...pair, key: pem('EC PARAMETERS', prime256v1) + pair.key };
}
