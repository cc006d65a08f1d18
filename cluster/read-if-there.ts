import type { JsonObject } from '../webhook/decode.ts';
import { ApiError } from './api-error.ts';
import type { ClusterClient } from './client.ts';

/** GETs what is at a path of the API; undefined where the API server answers 404. Rejects as the client does for all else. */
export async function readIfThere(
  client: ClusterClient,
  path: string,
  signal: AbortSignal,
): Promise<JsonObject | undefined> {
  try {
    return await client.request('GET', path, { signal });
  } catch (error) {
    if (error instanceof ApiError && error.code === 404) return undefined;
    throw error;
  }
}
