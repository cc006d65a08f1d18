import { BACKOFF, pauseAfter } from './backoff.ts';
import type { ClusterClient } from './client.ts';

/** Between two watches: an API server that ends each at once is not to be kept busy. */
const AFTER_MS = 1000;

/** What is told of a watch. */
export interface WatchTold {
  /** The object was made, changed or deleted, or a watch began and it is there. */
  changed(): void;
  /** A watch came to its end in good order. */
  watched?(): void;
  /** It cannot be watched; it is tried again. */
  failed?(error: unknown): void;
}

/**
 * Watches one object, by its name in the list at `path` (`/apis/GROUP/VERSION/RESOURCE`), until the signal is aborted.
 * Needs the right to watch that name alone. Whoever has to know of every change looks now and then as well: between two
 * watches nothing is told. Never rejects.
 */
export async function watchObject(
  client: ClusterClient,
  { path, name }: { readonly path: string; readonly name: string },
  { changed, watched, failed }: WatchTold,
  {
    pause,
    signal,
  }: { readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>; readonly signal: AbortSignal },
): Promise<void> {
  // RBAC takes this selector for the name, so that the right to watch can be limited to it.
  const query = { fieldSelector: `metadata.name=${name}` };
  let failures = 0;
  while (!signal.aborted) {
    let wait = AFTER_MS;
    try {
      await client.watch(path, query, ({ type }) => type !== 'BOOKMARK' && changed(), signal);
      failures = 0;
      watched?.();
    } catch (error) {
      if (signal.aborted) return;
      failed?.(error);
      wait = pauseAfter(++failures, error, BACKOFF, Math.random());
    }
    await pause(wait, signal).catch(() => {});
  }
}
