import type { X509Certificate } from 'node:crypto';

/** What the server presents, whichever mode it comes from; cert and key are PEM, the leaf first. */
export interface ServingCertificate {
  readonly cert: string;
  readonly key: string;
  readonly notAfter: Date;
}

/** One that we issue, so that its successor is for us to ask for. Files are replaced by whoever put them there. */
export interface IssuedCertificate extends ServingCertificate {
  /** When to ask for its successor: early enough that days are left to notice that none comes. */
  readonly renewAt: Date;
}

/** Two thirds of the certificate's life, the point at which cert-manager renews too (protocol.md §4.1). */
export function renewalTime({ validFromDate, validToDate }: X509Certificate): Date {
  const from = validFromDate.getTime();
  return new Date(from + ((validToDate.getTime() - from) * 2) / 3);
}
