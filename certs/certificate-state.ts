/** What can be told of the certificate that is served with, and of what trusts it. It holds no key, and no Secret's data. */
export interface CertificateState {
  readonly leaf: LeafState;
  /** In the order of the Secret's `ca.crt`: the signing one first. Empty where the mode knows of no CA. */
  readonly authorities: readonly AuthorityState[];
  /** Both, in the order of their kinds; empty where the mode does not look at them. */
  readonly configurations: readonly ConfigurationTrust[];
  /** What a person has to see to: whole sentences, each with what to do. */
  readonly problems: readonly string[];
}

/** A certificate, as people tell it from others. */
export interface CertificateName {
  /** The SHA-256 of its DER in 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  /** As X509Certificate writes it: `CN=…`, a line for each part. */
  readonly subject: string;
  /** When it ends. */
  readonly notAfter: Date;
}

/** The certificate that is presented at this moment. */
export interface LeafState extends CertificateName {
  readonly issuer: string;
  /** When its successor is due; where others replace it, nobody here knows. */
  readonly renewAt?: Date;
}

/** A CA that clients are to trust. */
export interface AuthorityState extends CertificateName {
  /**
   * `signing`: certificates are signed with it. `next`: it will be, once every configuration carries it. `old`: it was,
   * and is trusted for as long as a certificate of its may be in use. `other`: somebody wants it to be trusted.
   */
  readonly role: 'signing' | 'next' | 'old' | 'other';
  /** Of an old one: when the last certificate that it signed has ended, and it is dropped. */
  readonly until?: Date;
}

/** What one webhook configuration trusts. */
export interface ConfigurationTrust {
  /** `mutatingwebhookconfigurations/portcullis`. */
  readonly configuration: string;
  /** Undefined until it was looked at: whether it is there. */
  readonly isThere?: boolean;
  /** When it was last looked at with success. */
  readonly seenAt?: Date;
  /** The SHA-256 of each CA that all of its webhooks trust. */
  readonly trusts: readonly string[];
  /** The SHA-256 of each CA that it is to trust, and one of its webhooks at least does not. */
  readonly lacks: readonly string[];
  /** Why it could not be looked at or mended, the last time that it was tried. */
  readonly problem?: string;
  /** What a person has to do about what it lacks, where nobody here may. */
  readonly advice?: string;
}
