import type { KubeVersion } from '../webhook/kube-version.ts';
import type { ClusterClient } from './client.ts';

/** The API server's minor version. Some providers write it with a plus behind (`28+`). */
export async function serverVersion(client: ClusterClient, signal?: AbortSignal): Promise<KubeVersion> {
  const { major, minor } = await client.request('GET', '/version', signal === undefined ? {} : { signal });
  const version = { major: numberOf(major), minor: numberOf(minor) };
  if (Number.isNaN(version.major) || Number.isNaN(version.minor)) {
    throw new Error(`GET /version: ${client.server} does not say which version of Kubernetes it is`);
  }
  return version;
}

function numberOf(text: unknown): number {
  return typeof text === 'string' && /^\d{1,4}\+?$/.test(text) ? Number.parseInt(text, 10) : Number.NaN;
}
