import type { KubeVersion } from '../webhook/kube-version.ts';
import type { ClusterClient } from './client.ts';

/**
 * The API server's minor version; undefined where its answer says none. Some providers write it with a plus behind
 * (`28+`). Rejects as the client does.
 */
export async function serverVersion(client: ClusterClient, signal?: AbortSignal): Promise<KubeVersion | undefined> {
  const { major, minor } = await client.request('GET', '/version', signal === undefined ? {} : { signal });
  // Every rule gets this very object.
  const version = Object.freeze({ major: numberOf(major), minor: numberOf(minor) });
  return Number.isNaN(version.major) || Number.isNaN(version.minor) ? undefined : version;
}

function numberOf(text: unknown): number {
  return typeof text === 'string' && /^\d{1,4}\+?$/.test(text) ? Number.parseInt(text, 10) : Number.NaN;
}
