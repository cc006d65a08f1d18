import type { Kind } from '../../webhook/kind.ts';
import type { KubeVersion } from '../../webhook/kube-version.ts';
import type { Access, CertificateMode, Registration } from '../config-values.ts';

/** All that the manifests of a server follow from. */
export interface Installation {
  readonly namespace: string;
  readonly domain: string;
  readonly image: string;
  /** Portcullis' own, for a label. */
  readonly version: string;
  /** The oldest API server that the manifests are for. */
  readonly kubeVersion: KubeVersion;
  /** `dev` is not among them: its replicas would each have a CA of their own. */
  readonly certificate: {
    readonly mode: Exclude<CertificateMode, 'dev'>;
    readonly names: readonly string[];
    readonly secret: string;
  };
  readonly registration: Registration;
  readonly clusterAccess: Access;
  /** PEM of the CAs that clients have to show a certificate of, and its common names; undefined where anybody may ask. */
  readonly clients: { readonly ca: string; readonly names: readonly string[] } | undefined;
  readonly drainSeconds: number;
  /** What the rules in force look up. */
  readonly lookups: readonly Kind[];
  /** portcullis.yaml, and each folder of rules, as the pods get them. */
  readonly config: ConfigFiles | undefined;
  readonly ruleFolders: readonly ConfigFiles[];
}

/** Files that become a ConfigMap: names, and texts. */
export type ConfigFiles = { readonly [name: string]: string };

/** An object for kubectl. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly [member: string]: unknown };
  readonly [member: string]: unknown;
}

/** What every object is called, and both webhook configurations. */
export const NAME = 'portcullis';

/** Which pods are the server's: what selects them may never change, so nothing that changes is in it. */
export const SELECTED = { 'app.kubernetes.io/name': NAME, 'app.kubernetes.io/component': 'admission-webhook' };

/** Where private control planes may reach a node or a pod without another hole in the firewall: the kubelet's port. */
export const WEBHOOK_PORT = 10250;
export const HEALTH_PORT = 8081;

/** Where pods find the pair of mode `files`, in the Secret of this name (of type kubernetes.io/tls). */
export const CERTIFICATE_FOLDER = '/etc/portcullis-certificate';
export const CERTIFICATE_SECRET = 'portcullis-certificate';

/** Whether the pods ask the API server for anything: only then have they a token, rights, and a way out. */
export function needsCluster({ certificate, clusterAccess, lookups }: Installation): boolean {
  return clusterAccess === 'auto' && (certificate.mode === 'self' || lookups.length > 0);
}

/** The metadata of an object in Portcullis' namespace. */
export function ownMetadata(
  { namespace }: Installation,
  name = NAME,
): { name: string; namespace: string; labels: object } {
  return { name, namespace, labels: SELECTED };
}
