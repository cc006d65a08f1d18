import { X509Certificate } from 'node:crypto';
import { type Signer, signer } from './authorities.ts';
import { encodedNames } from './encoded-names.ts';
import { issueCertificateAuthority, issueServingCertificate } from './issue.ts';
import type { SelfTimes } from './self-times.ts';
import type { IssuedCertificate } from './serving-certificate.ts';

/** Who makes certificates. */
export interface Issuer {
  readonly authority: typeof issueCertificateAuthority;
  readonly leaf: typeof issueServingCertificate;
}

/** With keys of this process' own. */
export const ISSUER: Issuer = { authority: issueCertificateAuthority, leaf: issueServingCertificate };

/** A serving certificate, and the CA that signed it. */
export interface Leaf {
  /** Without the CA: its key is for nobody else. */
  readonly certificate: IssuedCertificate;
  readonly ca: Signer;
}

/**
 * A new serving certificate, whose life begins at `now`: that is to be when the Secret was read that has the CA sign, so
 * that whoever writes there that another does knows when the last one ends. Rejects with a predicate's Error where the CA
 * signs nothing that API servers accept.
 */
export async function issuedLeaf(
  ca: Signer,
  { names, now, times, issuer }: { names: readonly string[]; now: Date; times: SelfTimes; issuer: Issuer },
): Promise<Leaf> {
  const days = times.leafMs / 86_400_000;
  const leaf = await issuer.leaf({ ca, names, now, days }).catch((error: Error) => {
    throw new Error(`signs nothing: ${error.message}`);
  });
  // selfsigned writes the CA's name anew, and not always as a CA that a person made has it.
  if (!encodedNames(new X509Certificate(leaf.cert)).issuer.equals(encodedNames(ca.certificate).subject)) {
    throw new Error('has a name in an encoding that no certificate of ours can repeat, and API servers look for');
  }
  return { certificate: { ...leaf, renewAt: jittered(leaf) }, ca };
}

/** A new CA, with a key of this process' own. */
export async function newSigner(now: Date, { caMs }: Pick<SelfTimes, 'caMs'>, issuer = ISSUER): Promise<Signer> {
  const { cert, key } = await issuer.authority({ now, days: caMs / 86_400_000 });
  return signer(new X509Certificate(cert), key);
}

/** Up to two days of thirty earlier, so that replicas that started together do not renew together. */
function jittered({ renewAt, notAfter }: IssuedCertificate): Date {
  const rest = notAfter.getTime() - renewAt.getTime();
  return new Date(renewAt.getTime() - (rest / 5) * Math.random());
}
