import { X509Certificate } from 'node:crypto';
import { sha256Of } from './fingerprint.ts';
import { pemBlocks } from './pem.ts';

/** What of a configuration is looked at (admissionregistration.k8s.io/v1). */
export interface Configuration {
  readonly metadata: {
    readonly resourceVersion: string;
    readonly managedFields?: readonly { readonly time?: string }[];
  };
  readonly webhooks?: readonly { readonly name: string; readonly clientConfig: { readonly caBundle?: string } }[];
}

/** What one version of a configuration trusts. */
export interface BundleLook {
  /** By their SHA-256, the CAs that one of its webhooks at least trusts. */
  readonly present: ReadonlyMap<string, X509Certificate>;
  /** Whether all of its webhooks trust the CA; those of a configuration without any do. */
  carries(sha256: string): boolean;
  /** When somebody last changed it, by the API server's clock and to the second; undefined where it does not say. */
  readonly changedAt?: Date;
}

/** Reads the caBundles of all webhooks; damaged certificates count as missing. */
export function bundleLook({ metadata, webhooks = [] }: Configuration): BundleLook {
  const bundles = webhooks.map(({ clientConfig }) => readBundle(clientConfig.caBundle).certificates);
  const changedAt = newest(metadata.managedFields ?? []);
  return {
    present: new Map(bundles.flatMap((bundle) => [...bundle])),
    carries: (sha256) => bundles.every((bundle) => bundle.has(sha256)),
    ...(changedAt === undefined ? {} : { changedAt }),
  };
}

/** The certificates of a caBundle by their SHA-256, and whether there is anything else in it that begins like one. */
export function readBundle(base64 = ''): {
  readonly certificates: ReadonlyMap<string, X509Certificate>;
  isClean: boolean;
} {
  const blocks = pemBlocks(Buffer.from(base64, 'base64').toString());
  const readable = blocks.flatMap((block) => certificate(block) ?? []);
  return {
    certificates: new Map(readable.map((certificate) => [sha256Of(certificate), certificate])),
    isClean: readable.length === blocks.length,
  };
}

function certificate(block: string): X509Certificate | undefined {
  try {
    return new X509Certificate(block);
  } catch {
    return undefined;
  }
}

/** Each manager of fields is told with the time of its last change (metav1.ManagedFieldsEntry). */
function newest(managedFields: readonly { readonly time?: string }[]): Date | undefined {
  const times = managedFields.map(({ time }) => Date.parse(time ?? '')).filter((time) => !Number.isNaN(time));
  return times.length === 0 ? undefined : new Date(Math.max(...times));
}
