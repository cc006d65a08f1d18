import { isRecord, type JsonObject } from '../webhook/decode.ts';
import { ApiError } from './api-error.ts';
import type { ClusterClient } from './client.ts';

/** A whole list, and the version to watch from. */
export interface Listed<T> {
  readonly items: readonly T[];
  readonly resourceVersion: string;
}

/**
 * Lists all objects of a path, 500 a page, as they were at one time, and gives what `taken` makes of each: nothing else
 * of a page is kept once the next one is asked for. Where the pages' token expires on the way (410), it begins anew, and
 * after the second time without pages, so that it comes to an end.
 */
export async function listAll<T>(
  client: ClusterClient,
  path: string,
  taken: (item: JsonObject) => T,
  signal: AbortSignal,
): Promise<Listed<T>> {
  const items: T[] = [];
  let query: { [name: string]: string } = { limit: '500' };
  let expired = 0;
  for (;;) {
    let page: Page;
    try {
      page = pageOf(await client.request('GET', path, { query, timeoutMs: PAGE_MS, signal }), path);
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 410 && query.continue !== undefined)) throw error;
      items.length = 0;
      query = ++expired < 2 ? { limit: '500' } : {};
      continue;
    }
    for (const item of page.items) items.push(taken(item));
    if (page.continue === '') return { items, resourceVersion: page.resourceVersion };
    query = { limit: '500', continue: page.continue };
  }
}

/** A page of large objects is many MiB, and may be read from a slow disk. */
const PAGE_MS = 30_000;

interface Page extends Listed<JsonObject> {
  readonly continue: string;
}

function pageOf(list: JsonObject, path: string): Page {
  const { items, metadata } = list;
  // Go writes an empty list as null here and there.
  const given = items ?? [];
  if (!Array.isArray(given) || !given.every(isRecord) || !isRecord(metadata)) {
    throw new Error(`GET ${path}: the answer is no list`);
  }
  const { resourceVersion, continue: next = '' } = metadata;
  if (typeof resourceVersion !== 'string' || resourceVersion === '' || typeof next !== 'string') {
    throw new Error(`GET ${path}: the list says no resourceVersion to watch from`);
  }
  return { items: given, resourceVersion, continue: next };
}
