import { X509Certificate } from 'node:crypto';
import type { AuthorityState, CertificateName, CertificateState } from './certificate-state.ts';
import { sha256Of } from './fingerprint.ts';
import { pemBlocks } from './pem.ts';
import type { IssuedCertificate, ServingCertificate } from './serving-certificate.ts';

/**
 * What can be told of a certificate in modes that share nothing: itself, and the CA (PEM) that signed it, where that is
 * known. What trusts it is for others to see to.
 */
export function knownState(
  certificate: ServingCertificate & Partial<IssuedCertificate>,
  ca?: string,
): CertificateState {
  const leaf = new X509Certificate(certificate.cert);
  const { renewAt } = certificate;
  const authorities = pemBlocks(ca ?? '').map(
    (block, i): AuthorityState => ({ ...nameOf(new X509Certificate(block)), role: i === 0 ? 'signing' : 'other' }),
  );
  return {
    leaf: { ...nameOf(leaf), issuer: leaf.issuer, ...(renewAt === undefined ? {} : { renewAt }) },
    authorities,
    configurations: [],
    problems: [],
  };
}

/** A certificate, as people tell it from others. */
export function nameOf(certificate: X509Certificate): CertificateName {
  return { sha256: sha256Of(certificate), subject: certificate.subject, notAfter: certificate.validToDate };
}
