import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import { pemBlocks } from './pem.ts';
import { renewalTime } from './serving-certificate.ts';

/** A certificate and its key as files hold them: any text, perhaps none. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

/**
 * Why nothing more should be signed with this pair at the time `now`: a sentence's predicate ("is damaged: …"), or
 * undefined where it is a self-signed EC CA in the first two thirds of its life. selfsigned signs with EC keys only.
 */
export function authorityProblem(pair: Pair, now: Date): string | undefined {
  return signingProblem(pair) ?? explained(() => timeProblem(new X509Certificate(pair.cert), now));
}

/** The same whatever the time, for a CA that must go on to its end. */
export function signingProblem(pair: Pair): string | undefined {
  return explained(() => {
    const certificate = new X509Certificate(pair.cert);
    const key = createPrivateKey(pair.key);
    // Clients that are given an intermediate CA alone cannot end a chain at it.
    if (!certificate.ca || !isSignedBy(certificate, certificate)) return 'is not a self-signed CA';
    if (key.asymmetricKeyType !== 'ec') return `signs with ${key.asymmetricKeyType}, not with EC`;
    if (!certificate.checkPrivateKey(key)) return 'and its key do not belong together';
    readAll(pair.cert);
    return undefined;
  });
}

/** Why a server should not present this pair at the time `now`, to clients that know it by `names` and trust `ca`. */
export function servingProblem(pair: Pair, ca: string, names: readonly string[], now: Date): string | undefined {
  return explained(() => {
    const certificate = new X509Certificate(pair.cert);
    if (!certificate.checkPrivateKey(createPrivateKey(pair.key))) return 'and its key do not belong together';
    // What the server itself will do; it minds damage behind the first certificate too.
    createSecureContext({ cert: pair.cert, key: pair.key });
    if (!isSignedBy(certificate, new X509Certificate(ca))) return 'is not signed by the CA';
    const missing = names.filter((name) => !covers(certificate, name));
    if (missing.length > 0) return `is not for ${missing.join(', ')}`;
    return timeProblem(certificate, now);
  });
}

function explained(problem: () => string | undefined): string | undefined {
  try {
    return problem();
  } catch (error) {
    return `is damaged: ${error instanceof Error ? error.message : error}`;
  }
}

// Clients differ in what they make of damage behind the first certificate, so there must be none.
function readAll(bundle: string): void {
  for (const block of pemBlocks(bundle)) new X509Certificate(block);
}

/** Whether the issuer's name is the one that the certificate gives, and its key made the signature. */
export function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

/** Whether a client that calls the server by this DNS name or address would accept the certificate (RFC 9525 §6.3). */
export function covers(certificate: X509Certificate, name: string): boolean {
  const likeGo = { subject: 'never', partialWildcards: false } as const;
  const found = isIP(name) === 0 ? certificate.checkHost(name, likeGo) : certificate.checkIP(name);
  return found !== undefined;
}

function timeProblem(certificate: X509Certificate, now: Date): string | undefined {
  if (now < certificate.validFromDate) return `is not valid before ${certificate.validFromDate.toISOString()}`;
  if (now >= renewalTime(certificate)) return `was due for renewal at ${renewalTime(certificate).toISOString()}`;
  return undefined;
}
