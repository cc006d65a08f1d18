import type { JsonObject } from '../webhook/decode.ts';
import { type Kind, resourceName } from '../webhook/kind.ts';
import { ApiError } from './api-error.ts';
import type { ClusterClient } from './client.ts';
import { asRead } from './object-store.ts';
import { objectPath } from './paths.ts';

/** What came of a live read. */
export type LiveResult = 'found' | 'not_found' | 'failed';

/**
 * Gives a function that asks the API server for one object: undefined only when it answers that this object does not
 * exist; all else that is not the object rejects, at the latest after `timeoutMs`. Those who ask for an object that is
 * being read share what is found; a "not found" they do not, because theirs may have been made since: it is read once
 * more for all of them. Beyond `atOnce` different objects, a further one fails at once.
 */
export function liveReads({
  client,
  signal,
  onResult,
  atOnce = 64,
  timeoutMs = 2000,
}: {
  client: ClusterClient;
  signal: AbortSignal;
  onResult: (kind: Kind, result: LiveResult) => void;
  atOnce?: number;
  timeoutMs?: number;
}): (kind: Kind, namespace: string, name: string) => Promise<JsonObject | undefined> {
  const underWay = new Map<string, Promise<JsonObject | undefined>>();
  return async (kind, namespace, name) => {
    const path = objectPath(kind, namespace, name);
    const earlier = underWay.get(path);
    if (earlier === undefined) return started();
    // Whatever is under way after that one was started after this was asked.
    return (await earlier) ?? underWay.get(path) ?? started();

    function started(): Promise<JsonObject | undefined> {
      const reading = read(kind, path, name).finally(() => underWay.delete(path));
      underWay.set(path, reading);
      return reading;
    }
  };

  async function read(kind: Kind, path: string, name: string): Promise<JsonObject | undefined> {
    try {
      if (underWay.size >= atOnce) {
        throw new Error(`${resourceName(kind)} ${name}: ${atOnce} objects are being looked up already`);
      }
      const object = asRead(await client.request('GET', path, { timeoutMs, signal }), kind);
      onResult(kind, 'found');
      return object;
    } catch (error) {
      const isMissing = isNotFound(error, name);
      onResult(kind, isMissing ? 'not_found' : 'failed');
      if (isMissing) return undefined;
      throw error;
    }
  }
}

/** The API server also answers 404 for a resource that it does not serve; then it names no object. */
function isNotFound(error: unknown, name: string): boolean {
  return error instanceof ApiError && error.code === 404 && error.reason === 'NotFound' && error.details.name === name;
}
