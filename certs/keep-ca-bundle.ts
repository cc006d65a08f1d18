import type { X509Certificate } from 'node:crypto';
import type { ClusterClient } from '../cluster/client.ts';
import { CONFIGURATIONS } from './ca-bundle.ts';
import type { ConfigurationTrust } from './certificate-state.ts';
import type { Clock } from './clock.ts';
import { keptConfiguration } from './kept-configuration.ts';
import type { Log } from './log.ts';
import type { SelfTimes } from './self-times.ts';
import { watchConfiguration } from './watch-configuration.ts';

/** What the configurations are to trust, and what no more. */
export interface Wanted {
  /** By their SHA-256. */
  readonly trusted: ReadonlyMap<string, X509Certificate>;
  /** SHA-256s of what is taken out of them, where `isGone` still says so of the Secret as it is then. */
  readonly gone: ReadonlySet<string>;
}

/** How the configurations are kept. */
export interface KeepOptions {
  readonly client: ClusterClient;
  /** Of both. */
  readonly name: string;
  readonly wanted: Wanted;
  /** Reads anew which CAs are not to be trusted any more: SHA-256s. */
  readonly readGone: () => Promise<ReadonlySet<string>>;
  /** For `none`, what to do about a configuration that lacks a CA: then that is up to whoever reads it. */
  readonly registration: { readonly mode: 'bundle' } | { readonly mode: 'none'; readonly advice: string };
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly times: SelfTimes;
}

/** Keeps the webhook configurations trusting. */
export interface CaBundleKeeper {
  /** From now on this is what is kept there. Where it is more than before, the configurations are looked at at once. */
  want(wanted: Wanted): void;
  /**
   * For how long every configuration that exists has been seen to trust the CA: Infinity where there is none at all, 0
   * where that is not known.
   */
  carriedForMs(sha256: string): number;
  /** All that the configurations trusted when they were looked at. */
  present(): readonly X509Certificate[];
  state(): readonly ConfigurationTrust[];
}

/** After each mending: whoever takes the CA out again and again is not to be answered at full speed. */
const MENDED_MS = 500;

/**
 * Puts the CAs that are wanted into both webhook configurations of this name and keeps them there until the signal is
 * aborted: whatever is applied later, or replaced by others, gets them again at once. Any number of replicas may do so at
 * once. Under registration `none` it looks, and writes nothing. Resolves after the first look at both, which is tried
 * until it succeeds or the API server forbids it: before an installation they are not there, and must not be waited
 * for. Failures are told, once until they change, and tried again.
 */
export async function keepCaBundle(options: KeepOptions): Promise<CaBundleKeeper> {
  const { client, name, log, signal, clock } = options;
  let wanted = options.wanted;
  const kept = CONFIGURATIONS.map((resource) => {
    const place = { client, resource, name };
    return { place, configuration: keptConfiguration(place, options), told: new AbortController() };
  });
  const firsts = await Promise.all(kept.map(({ configuration }) => configuration.first(wanted)));
  for (const [i, one] of kept.entries()) void keep(one, firsts[i] ?? 0);
  return {
    want(next) {
      const isMore = [...next.trusted.keys()].some((sha256) => !wanted.trusted.has(sha256));
      wanted = next;
      if (isMore) for (const { told } of kept) told.abort();
    },
    carriedForMs: (sha256) => Math.min(...kept.map(({ configuration }) => configuration.carriedForMs(sha256))),
    present: () => kept.flatMap(({ configuration }) => configuration.present()),
    state: () => kept.map(({ configuration }) => configuration.state(wanted)),
  };

  async function keep(one: (typeof kept)[number], firstMs: number): Promise<void> {
    void watchConfiguration(one.place, () => one.told.abort(), { log, pause: clock.pause, signal });
    try {
      for (let wait = firstMs; ; ) {
        await clock.pause(wait, AbortSignal.any([signal, one.told.signal])).catch(() => signal.throwIfAborted());
        // What is told from here on may be of a later version than the one that is looked at now.
        one.told = new AbortController();
        const { waitMs, isMended } = await one.configuration.look(wanted);
        if (isMended) await clock.pause(MENDED_MS, signal);
        wait = isMended ? waitMs - MENDED_MS : waitMs;
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
