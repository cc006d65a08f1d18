import { ApiError } from '../cluster/api-error.ts';
import type { ClusterClient } from '../cluster/client.ts';
import { readIfThere } from '../cluster/read-if-there.ts';
import type { SecretData } from './authorities.ts';

/** The Secret in which the replicas share their CAs. */
export interface CaSecret {
  readonly client: ClusterClient;
  readonly namespace: string;
  readonly name: string;
}

/** The Secret as it was read, one version of it. */
export interface StoredSecret {
  readonly data: SecretData;
  /** The whole object: what is written in its place keeps all but the data. */
  readonly object: object;
}

/** Reads the Secret; undefined where there is none. Rejects as the client does. */
export async function readSecret(secret: CaSecret, signal: AbortSignal): Promise<StoredSecret | undefined> {
  const found = await readIfThere(secret.client, pathOf(secret), signal);
  return found === undefined ? undefined : stored(found);
}

/**
 * Makes the Secret with these data; undefined where there is one already: of any number of replicas that do so at once,
 * one makes it. Rejects as the client does.
 */
export async function createSecret(
  secret: CaSecret,
  data: SecretData,
  signal: AbortSignal,
): Promise<StoredSecret | undefined> {
  const { namespace, name } = secret;
  const metadata = { namespace, name, labels: { 'app.kubernetes.io/name': 'portcullis' } };
  const body = { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data };
  return unlessOvertaken(
    () => secret.client.request('POST', secretsOf(namespace), { body, signal }),
    (error) => error.code === 409,
  );
}

/**
 * Puts other data in the place of that very version; undefined where the Secret is another by now, or gone. Rejects as
 * the client does.
 */
export async function replaceSecret(
  secret: CaSecret,
  { object }: StoredSecret,
  data: SecretData,
  signal: AbortSignal,
): Promise<StoredSecret | undefined> {
  return unlessOvertaken(
    () => secret.client.request('PUT', pathOf(secret), { body: { ...object, data }, signal }),
    (error) => error.code === 409 || error.code === 404,
  );
}

async function unlessOvertaken(
  write: () => Promise<object>,
  isOvertaken: (error: ApiError) => boolean,
): Promise<StoredSecret | undefined> {
  try {
    return stored(await write());
  } catch (error) {
    if (error instanceof ApiError && isOvertaken(error)) return undefined;
    throw error;
  }
}

function stored(object: object): StoredSecret {
  return { object, data: ((object as { data?: SecretData | null }).data ?? {}) as SecretData };
}

function pathOf({ namespace, name }: CaSecret): string {
  return `${secretsOf(namespace)}/${encodeURIComponent(name)}`;
}

function secretsOf(namespace: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets`;
}
