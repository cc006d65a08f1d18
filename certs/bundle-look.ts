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
  /** In their order. */
  readonly webhooks: readonly { readonly name: string; readonly bundle: ReadBundle }[];
  /** By their SHA-256, the CAs that one of its webhooks at least trusts. */
  readonly present: ReadonlyMap<string, X509Certificate>;
  /** Whether all of its webhooks trust the CA; those of a configuration without any do. */
  carries(sha256: string): boolean;
  /** When somebody last changed it, by the API server's clock and to the second; undefined where it does not say. */
  readonly changedAt?: Date;
}

/** What a caBundle holds. */
export interface ReadBundle {
  /** By their SHA-256. */
  readonly certificates: ReadonlyMap<string, X509Certificate>;
  /** Whether there is nothing else in it that begins like one. */
  readonly isClean: boolean;
}

/** Reads the caBundles of all webhooks; damaged certificates count as missing. */
export function bundleLook(configuration: Configuration): BundleLook {
  // Mostly they are all the same.
  const read = new Map<string, ReadBundle>();
  const webhooks = (configuration.webhooks ?? []).map(({ name, clientConfig: { caBundle = '' } }) => {
    const bundle = read.get(caBundle) ?? readBundle(caBundle);
    read.set(caBundle, bundle);
    return { name, bundle };
  });
  const changedAt = newest(configuration.metadata.managedFields ?? []);
  return {
    webhooks,
    present: new Map([...read.values()].flatMap(({ certificates }) => [...certificates])),
    carries: (sha256) => webhooks.every(({ bundle }) => bundle.certificates.has(sha256)),
    ...(changedAt === undefined ? {} : { changedAt }),
  };
}

function readBundle(base64: string): ReadBundle {
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
