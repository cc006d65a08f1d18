import { apiVersionOf, type Kind, resourceName } from '../webhook/kind.ts';
import type { Lookups } from '../webhook/lookup.ts';
import { type Informer, type InformerObserver, type InformerOptions, startInformer } from './informer.ts';
import { type LiveResult, liveReads } from './live-reads.ts';
import { isPathSegment } from './paths.ts';

/** What lookups tell while they run. What these throw is logged. */
export interface LookupObserver extends InformerObserver {
  /** A live read came to its end. */
  liveRead?(kind: Kind, result: LiveResult): void;
}

/** What lookups need: the kinds that the rules in force look up; one may be among them several times. */
export interface LookupOptions extends Omit<InformerOptions, 'kind' | 'observe'> {
  readonly kinds: Iterable<Kind>;
  /** Tells the kinds for which nobody waits once the API server has ever refused to list them; none unless said. */
  readonly isOptional?: (kind: Kind) => boolean;
  readonly observe?: LookupObserver;
  /** How many objects may be read live at once; 64 unless said. */
  readonly liveReadsAtOnce?: number;
  /** How long one live read may take; 2 s unless said. */
  readonly liveReadMs?: number;
}

/** How it stands with a kind that is looked up. */
export interface LookupState {
  /** `websites.extensions.example.com`. */
  readonly resource: string;
  readonly isOptional: boolean;
  /** Whether all objects were listed, at any time. */
  readonly isSynced: boolean;
  /** Whether changes arrive now; else lookups are answered by live reads. */
  readonly isWatched: boolean;
  /** Why it is not synced or not watched. */
  readonly problem?: string;
}

/** Lookups that are running. */
export interface RunningLookups {
  readonly lookups: Lookups;
  /**
   * A sentence for each kind that was never listed, for `/readyz`: none once lookups can be answered. An optional kind has
   * none once the API server has refused to list it, either.
   */
  unsynced(): string[];
  /** How it stands with each kind. */
  states(): LookupState[];
  /** Ends all requests and timers; whoever still waits for a lookup is rejected. */
  stop(): void;
}

/**
 * Answers lookups in a cluster from one informer a kind. What the cache has is given as a copy while its watch is
 * connected; all else is confirmed by one live read, since an object may be younger than the news of it. Rejects while
 * a kind has not been listed, and whenever the API server's answer is not a plain "this object does not exist": a lookup
 * that cannot be answered must fail its rule (CVE-2025-46342 is what happens otherwise).
 */
export function startLookups(options: LookupOptions): RunningLookups {
  const {
    client,
    kinds,
    isOptional = () => false,
    log,
    observe = {},
    liveReadsAtOnce,
    liveReadMs,
    ...timing
  } = options;
  const ending = new AbortController();
  const informers = new Map<string, { readonly kind: Kind; readonly informer: Informer }>();
  for (const kind of kinds) {
    if (informers.has(keyOf(kind))) continue;
    informers.set(keyOf(kind), { kind, informer: startInformer({ client, kind, log, observe, ...timing }) });
  }
  const live = liveReads({
    client,
    signal: ending.signal,
    onResult,
    ...(liveReadsAtOnce === undefined ? {} : { atOnce: liveReadsAtOnce }),
    ...(liveReadMs === undefined ? {} : { timeoutMs: liveReadMs }),
  });
  return { lookups: { find }, unsynced, states, stop };

  async function find(kind: Kind, namespace: string, name: string): Promise<unknown> {
    const informer = informers.get(keyOf(kind))?.informer;
    if (informer === undefined) throw new Error(`${resourceName(kind)} are not among what this server looks up`);
    // What cannot be a name is that of no object; in a path it would mean another one.
    if (!isPathSegment(name) || !isPathSegment(namespace)) return undefined;
    if (!informer.isSynced()) throw new Error(`${resourceName(kind)} are not synced yet: ${informer.problem()}`);
    const cached = informer.isWatching() ? informer.get(namespace, name) : undefined;
    // A copy, since what a rule edits must not reach whoever shares the read.
    return cached ?? structuredClone(await live(kind, namespace, name));
  }

  function unsynced(): string[] {
    return [...informers.values()].flatMap(({ kind, informer }) =>
      (isOptional(kind) ? informer.isAnswered() : informer.isSynced())
        ? []
        : [`${resourceName(kind)} have not been listed yet: ${informer.problem()}`],
    );
  }

  function states(): LookupState[] {
    return [...informers.values()].map(({ kind, informer }) => {
      const problem = informer.problem();
      return {
        resource: resourceName(kind),
        isOptional: isOptional(kind),
        isSynced: informer.isSynced(),
        isWatched: informer.isWatching(),
        ...(problem === undefined ? {} : { problem }),
      };
    });
  }

  function stop(): void {
    ending.abort(new Error('lookups are not answered any more: the server is ending'));
    for (const { informer } of informers.values()) informer.stop();
  }

  function onResult(kind: Kind, result: LiveResult): void {
    try {
      observe.liveRead?.(kind, result);
    } catch (error) {
      log.error({ resource: resourceName(kind), err: error }, `an observer of ${resourceName(kind)} failed`);
    }
  }
}

function keyOf(kind: Kind): string {
  return `${apiVersionOf(kind)}/${kind.resource}`;
}
