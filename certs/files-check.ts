import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { covers, isSignedBy, type Pair } from './check.ts';
import { certificatesOf, certificateTextProblem, keyTextProblem } from './files-pem.ts';

/**
 * Why an API server would refuse every handshake with this pair at the time `now`: a clause that begins with the file.
 * Undefined where it would not, however odd the pair may be: a certificate that is a CA's too, CAs in any order behind
 * it. What is refused and what is not is what Go's crypto/tls and crypto/x509 do, and test/certs/ asks kubectl for it.
 */
export function pairProblem(pair: Pair, names: readonly string[], now: Date): string | undefined {
  return (
    certificateTextProblem(pair.cert) ??
    keyTextProblem(pair.key) ??
    togetherProblem(certificatesOf(pair.cert), createPrivateKey(pair.key)) ??
    certificateProblem(certificatesOf(pair.cert), names, now) ??
    contextProblem(pair)
  );
}

function togetherProblem(certificates: readonly X509Certificate[], key: KeyObject): string | undefined {
  const owner = certificates.findIndex((certificate) => certificate.checkPrivateKey(key));
  if (owner > 0) {
    return `tls.key belongs to certificate ${owner + 1} of ${certificates.length} in tls.crt: that one must come first`;
  }
  if (owner < 0) return 'tls.key is not the key of tls.crt';
  const { asymmetricKeyType: type = '', asymmetricKeyDetails: { namedCurve } = {} } = key;
  if (type === 'rsa' || type === 'ed25519' || (type === 'ec' && curves.has(namedCurve ?? ''))) return undefined;
  const kind = type === 'ec' ? `EC on ${namedCurve ?? 'a curve without a name'}` : type;
  return `tls.key is a key that API servers do not know (${kind}): it must be EC on P-256, P-384 or P-521, RSA or Ed25519`;
}

/** OpenSSL's names of P-256, P-384 and P-521, the curves that Go signs with. */
const curves = new Set(['prime256v1', 'secp384r1', 'secp521r1']);

function certificateProblem(
  [certificate]: readonly X509Certificate[],
  names: readonly string[],
  now: Date,
): string | undefined {
  if (certificate === undefined) return undefined;
  return (
    nameProblem(certificate, names) ??
    usageProblem(certificate) ??
    signatureProblem(certificate) ??
    timeProblem(certificate, now)
  );
}

function nameProblem(certificate: X509Certificate, names: readonly string[]): string | undefined {
  const { subjectAltName, ca } = certificate;
  const subject = ca ? 'tls.crt is the certificate of a CA, and' : 'tls.crt';
  if (!subjectAltName) return `${subject} has no alternative names: API servers ignore the common name`;
  const missing = names.filter((name) => !covers(certificate, name));
  if (missing.length === 0) return undefined;
  return `${subject} is not for ${missing.join(', ')}, but for ${shortened(subjectAltName)}`;
}

/** A certificate may carry hundreds of names, and this is for a line in a log. */
function shortened(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)} …`;
}

/** TLS servers, or anything (RFC 5280 §4.2.1.12). */
const serverUsages = ['1.3.6.1.5.5.7.3.1', '2.5.29.37.0'];

function usageProblem({ keyUsage }: X509Certificate): string | undefined {
  const usages: readonly string[] | undefined = keyUsage;
  if (usages === undefined || usages.some((usage) => serverUsages.includes(usage))) return undefined;
  return 'tls.crt is not for TLS servers: its extended key usages lack serverAuth';
}

// A certificate that is its own caBundle is compared, not verified: Go takes it whatever it is signed with.
function signatureProblem(certificate: X509Certificate): string | undefined {
  const { signatureAlgorithm = '' } = certificate;
  if (!/sha1|md5/i.test(signatureAlgorithm) || isSignedBy(certificate, certificate)) return undefined;
  return `tls.crt is signed with ${signatureAlgorithm}, which API servers refuse: it must be SHA-256 or better`;
}

/**
 * The API server's clock decides, and ours may be behind the issuer's: by up to five minutes, which is what Kubernetes'
 * own signer allows for (pkg/controller/certificates/signer/signer.go, Backdate).
 */
const clockSkew = 300_000;

function timeProblem({ validFromDate, validToDate }: X509Certificate, now: Date): string | undefined {
  if (now >= validToDate) return `tls.crt ended at ${validToDate.toISOString()}`;
  if (now.getTime() + clockSkew >= validFromDate.getTime()) return undefined;
  return `tls.crt is not valid before ${validFromDate.toISOString()}`;
}

/** What the server itself will do; it minds RSA keys under 2048 bits. */
function contextProblem(pair: Pair): string | undefined {
  try {
    createSecureContext({ cert: pair.cert, key: pair.key });
    return undefined;
  } catch (error) {
    return `tls.crt and tls.key are of no use to a TLS server (${(error as Error).message})`;
  }
}
