import { setTimeout } from 'node:timers/promises';
import type { JsonObject } from '../webhook/decode.ts';
import { BACKOFF, pauseAfter } from './backoff.ts';
import type { ClusterClient } from './client.ts';
import { readIfThere } from './read-if-there.ts';
import { watchObject } from './watch-object.ts';

/** One object, by its name in the list at a path of the API. */
export interface ObjectPlace {
  readonly path: string;
  readonly name: string;
}

/** When objects are looked at; milliseconds. */
export interface FollowTimes {
  /** Between two looks at what does not change: what a watch misses is seen then. */
  readonly everyMs: number;
  /** From a change to the look: what one command changes is seen together, and nobody who changes things keeps us busy. */
  readonly settleMs: number;
}

const TIMES: FollowTimes = { everyMs: 30_000, settleMs: 500 };

/**
 * Reads these objects now, whenever one of them changes, and now and then, until the signal is aborted. Each time `read`
 * gets all of them, in their order, undefined where there is none; or `failed` why they could not be read, and they are
 * tried again. Needs the rights to get and to watch them, by their names. Never rejects.
 */
export async function followObjects(
  client: ClusterClient,
  places: readonly ObjectPlace[],
  { read, failed }: { read(objects: readonly (JsonObject | undefined)[]): void; failed(error: unknown): void },
  { signal, times: { everyMs, settleMs } = TIMES }: { readonly signal: AbortSignal; readonly times?: FollowTimes },
): Promise<void> {
  let change = new AbortController();
  const changed = () => change.abort();
  // What cannot be watched is looked at all the same, and that says what is wrong.
  for (const place of places) void watchObject(client, place, { changed }, { pause, signal });
  for (let failures = 0; ; ) {
    // What is told from here on may be of a later version than the one that is read now.
    change = new AbortController();
    let wait = everyMs;
    try {
      const paths = places.map(({ path, name }) => `${path}/${encodeURIComponent(name)}`);
      const objects = await Promise.all(paths.map((path) => readIfThere(client, path, signal)));
      failures = 0;
      read(objects);
    } catch (error) {
      if (signal.aborted) return;
      failed(error);
      wait = pauseAfter(++failures, error, BACKOFF, Math.random());
    }
    const isChanged = await pause(wait, AbortSignal.any([signal, change.signal])).then(
      () => false,
      () => true,
    );
    if (isChanged) await pause(settleMs, signal).catch(() => {});
    if (signal.aborted) return;
  }
}

/** Nothing is lost when the process ends while this waits. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal, ref: false });
}
