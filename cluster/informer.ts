import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { JsonObject } from '../webhook/decode.ts';
import { type Kind, resourceName } from '../webhook/kind.ts';
import { ApiError } from './api-error.ts';
import { BACKOFF, type Backoff, pauseAfter } from './backoff.ts';
import type { ClusterClient } from './client.ts';
import { listAll } from './list.ts';
import { objectStore } from './object-store.ts';
import { listPath } from './paths.ts';
import { FaultyStream } from './watch-events.ts';

/** A copy of all objects of a kind, in all namespaces, kept up by a watch. */
export interface Informer {
  /** A copy of the object that the cache has. That it is not there says nothing of the cluster's. */
  get(namespace: string, name: string): JsonObject | undefined;
  /** Whether all objects were listed, at any time. */
  isSynced(): boolean;
  /**
   * Whether changes arrive now, and those of an outage have arrived, as far as can be known: that is taken for granted a
   * second after a watch began, and a connection that went silent is noticed after 40 s.
   */
  isWatching(): boolean;
  /** Why it is not synced or not watching; undefined while nothing is wrong. */
  problem(): string | undefined;
  /** Whether the API server ever listed this kind, or said that it does not: it has none, or this client may not. */
  isAnswered(): boolean;
  /** Ends it for good: no timer, request or call remains. */
  stop(): void;
}

/** What an informer tells while it runs. What these throw is logged. */
export interface InformerObserver {
  /** Whenever a watch is lost, or found again. */
  watching?(kind: Kind, isWatching: boolean): void;
  /** After each list and each event: how many objects the cache holds. */
  objects?(kind: Kind, count: number): void;
  /** A watch is started after another that `ended` in good order, was `broken`, or whose version `expired`. */
  restarted?(kind: Kind, because: 'ended' | 'broken' | 'expired'): void;
}

/** What an informer needs; `backoff` and `random` (0 to 1) are for tests. */
export interface InformerOptions {
  readonly client: ClusterClient;
  readonly kind: Kind;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly observe?: InformerObserver;
  readonly backoff?: Backoff;
  readonly random?: () => number;
}

/**
 * Lists and then watches a kind until stopped, whatever happens: a stream that ends is taken up where it was, a
 * version that expired means a new list, and what fails is tried again after 1 s, then 2 s, and so on up to 30 s. A
 * problem is logged once, until it changes. Never throws.
 */
export function startInformer(options: InformerOptions): Informer {
  const { client, kind, log, observe = {}, backoff = BACKOFF, random = Math.random } = options;
  const name = resourceName(kind);
  const ending = new AbortController();
  const store = objectStore(kind);
  let version: string | undefined;
  let synced = false;
  let watching = false;
  let answered = false;
  let problem: string | undefined = 'they are being listed for the first time';
  let logged: string | undefined;
  void run();
  return {
    get: store.get,
    isSynced: () => synced,
    isWatching: () => watching,
    problem: () => problem,
    isAnswered: () => answered,
    stop() {
      watching = false;
      problem = 'the server is ending';
      ending.abort(new Error(`${name} are not watched any more: the server is ending`));
    },
  };

  async function run(): Promise<void> {
    let last: 'ended' | 'broken' | 'expired' | undefined;
    for (let failures = 0; ; ) {
      const before = last;
      const watch = { opened: 0, heard: false };
      let error: unknown;
      let catchingUp: NodeJS.Timeout | undefined;
      try {
        version ??= await list();
        await client.watch(listPath(kind), { resourceVersion: version }, onEvent, ending.signal, onOpen);
        last = 'ended';
      } catch (thrown) {
        error = thrown;
        last = isOutdated(thrown) ? 'expired' : 'broken';
        if (last === 'expired') version = undefined;
      } finally {
        clearTimeout(catchingUp);
      }
      if (ending.signal.aborted) return;
      // An API server that ends each watch at once must not be asked without a pause.
      const isGood = watch.heard || (watch.opened > 0 && performance.now() - watch.opened >= backoff.firstMs);
      if (isGood) failures = 0;
      if (isGood && error === undefined) continue;
      failures++;
      lost(error ?? new Error('the API server ends each watch at once'));
      await pause(pauseAfter(failures, error, backoff, random()), undefined, { signal: ending.signal }).catch(() => {});
      if (ending.signal.aborted) return;

      function onOpen(): void {
        watch.opened = performance.now();
        // The API server accepts first, and then tells what happened since that version, or that it does not know any more.
        catchingUp = setTimeout(found, backoff.firstMs);
        if (before !== undefined) tell(() => observe.restarted?.(kind, before ?? 'ended'));
      }

      function onEvent(event: Parameters<typeof store.apply>[0]): void {
        if (ending.signal.aborted) return;
        version = store.apply(event);
        watch.heard = true;
        tell(() => observe.objects?.(kind, store.count()));
      }
    }
  }

  async function list(): Promise<string> {
    // Nobody trusts what was there, and together with its successor it would take twice the memory.
    store.replace([]);
    const { items, resourceVersion } = await listAll(client, listPath(kind), store.entry, ending.signal);
    store.replace(items);
    synced = answered = true;
    tell(() => observe.objects?.(kind, store.count()));
    return resourceVersion;
  }

  function found(): void {
    if (logged !== undefined) log.info({ resource: name }, `${name} are watched again`);
    problem = logged = undefined;
    if (watching) return;
    watching = true;
    tell(() => observe.watching?.(kind, true));
  }

  function lost(error: unknown): void {
    problem = error instanceof Error ? error.message : String(error);
    answered ||= error instanceof ApiError && [403, 404].includes(error.code);
    if (problem !== logged) log.warn({ resource: name }, `${name} are not watched: ${problem}`);
    logged = problem;
    if (!watching) return;
    watching = false;
    tell(() => observe.watching?.(kind, false));
  }

  function tell(observer: () => void): void {
    try {
      observer();
    } catch (error) {
      log.error({ resource: name, err: error }, `an observer of ${name} failed`);
    }
  }
}

/**
 * Tells whether a watch cannot go on from where it was: what came cannot be trusted, or the API server refuses the
 * version. It says 410 to one that is too old, and 504 to one from before a restore (too large a resource version).
 */
function isOutdated(error: unknown): boolean {
  if (error instanceof FaultyStream) return true;
  if (!(error instanceof ApiError)) return false;
  // A gateway in between gives 504 of its own, and no reason.
  return error.code === 410 || (error.reason !== '' && [400, 504].includes(error.code));
}
