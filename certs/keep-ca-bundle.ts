import { BACKOFF, pauseAfter } from '../cluster/backoff.ts';
import type { ClusterClient } from '../cluster/client.ts';
import { CONFIGURATIONS, putCaBundle } from './ca-bundle.ts';
import { type Log, onChange } from './log.ts';
import { type Pause, reasonOf, wallPause } from './patiently.ts';
import { watchConfiguration } from './watch-configuration.ts';

/** Keeps the webhook configurations trusting. */
export interface CaBundleKeeper {
  /** From now on these CAs (PEM) are what is kept there, as soon as the configurations are looked at again. */
  trust(bundle: string): void;
  /**
   * The same, and resolves once every configuration that exists trusts them and API servers have had the time to see
   * it, so that it is safe to serve with any of them. Rejects as the client does.
   */
  publish(bundle: string): Promise<void>;
}

/** Between two looks where all is well. Changes are told by a watch at once; this is for what a watch may miss. */
const EVERY_MS = 5000;
/** While a configuration is not there: whoever has just applied it waits for us. */
const MISSING_MS = 2000;
/** After each mending: whoever takes the CA out again and again is not to be answered at full speed. */
const MENDED_MS = 500;
/** An API server acts on what it heard of a configuration about a second ago (protocol.md §2.2); there may be several. */
const SETTLE_MS = 5000;

/**
 * Puts the CAs of the PEM `trusted` into both webhook configurations of this name and keeps them there until the signal
 * is aborted: whatever is applied later, or replaced by others, gets them again at once. Any number of replicas
 * may do so at once. Resolves after the first look at both, whatever came of it: before an installation they are not
 * there, and must not be waited for. Failures are told, once until they change, and tried again.
 */
export async function keepCaBundle({
  client,
  name,
  trusted,
  log,
  signal,
  pause = wallPause,
}: {
  client: ClusterClient;
  name: string;
  trusted: string;
  log: Log;
  signal: AbortSignal;
  pause?: Pause;
}): Promise<CaBundleKeeper> {
  let bundle = trusted;
  const places = CONFIGURATIONS.map((resource) => ({ client, resource, name }));
  const looks = places.map(looking);
  const first = await Promise.all(looks.map((look) => look()));
  if (first.some(({ isChanged }) => isChanged)) await pause(SETTLE_MS, signal);
  for (const [i, place] of places.entries())
    void keep(place, looks[i] as (typeof looks)[number], first[i]?.nextMs ?? 0);
  return {
    trust(next) {
      bundle = next;
    },
    async publish(next) {
      bundle = next;
      await Promise.all(places.map((place) => putCaBundle(place, next, signal)));
      // Also where another replica was faster: it may have been so by a moment.
      await pause(SETTLE_MS, signal);
    },
  };

  async function keep(place: (typeof places)[number], look: () => Promise<Look>, firstMs: number): Promise<void> {
    let told = new AbortController();
    void watchConfiguration(place, () => told.abort(), { log, pause, signal });
    try {
      for (let wait = firstMs; ; ) {
        await pause(wait, AbortSignal.any([signal, told.signal])).catch(() => signal.throwIfAborted());
        // What is told from here on may be of a later version than the one that is looked at now.
        told = new AbortController();
        const { nextMs, isChanged } = await look();
        if (isChanged) await pause(MENDED_MS, signal);
        wait = isChanged ? nextMs - MENDED_MS : nextMs;
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** Gives a function that looks at one configuration, and mends it. It rejects only once the signal is aborted. */
  function looking(place: (typeof places)[number]): () => Promise<Look> {
    const configuration = `${place.resource}/${name}`;
    const tell = onChange();
    let failures = 0;
    return async () => {
      try {
        const mended = await putCaBundle(place, bundle, signal);
        failures = 0;
        if (mended === undefined) {
          tell('missing', () => log.info({ configuration }, 'waiting for the configuration: it is not there yet'));
          return { nextMs: MISSING_MS, isChanged: false };
        }
        tell('trusts', () => {
          if (mended.length === 0) log.info({ configuration }, 'the configuration trusts the CA');
        });
        if (mended.length > 0) log.info({ configuration, webhooks: mended }, 'put the CA into the configuration');
        return { nextMs: EVERY_MS, isChanged: mended.length > 0 };
      } catch (error) {
        signal.throwIfAborted();
        const reason = reasonOf(error);
        tell(reason, () =>
          log.error({ configuration, reason }, 'the CA cannot be kept in the configuration; trying on'),
        );
        return { nextMs: pauseAfter(++failures, error, BACKOFF, Math.random()), isChanged: false };
      }
    };
  }
}

/** What came of looking at a configuration. */
interface Look {
  readonly nextMs: number;
  readonly isChanged: boolean;
}
