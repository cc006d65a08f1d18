import type { X509Certificate } from 'node:crypto';
import { ApiError } from '../cluster/api-error.ts';
import { BACKOFF, pauseAfter } from '../cluster/backoff.ts';
import { type BundleOutcome, lookAtBundle, putCaBundle, type WebhookConfigurationPlace } from './ca-bundle.ts';
import type { ConfigurationTrust } from './certificate-state.ts';
import type { KeepOptions, Wanted } from './keep-ca-bundle.ts';
import { onChange } from './log.ts';
import { reasonOf } from './patiently.ts';
import { seenSince } from './seen-since.ts';

/** One configuration, and what is known of it. */
export interface KeptConfiguration {
  /** Looks, until that succeeds or the API server forbids it; gives the pause until the next look. */
  first(wanted: Wanted): Promise<number>;
  /** Looks at it and mends it. Rejects only once the signal is aborted. */
  look(wanted: Wanted): Promise<Look>;
  carriedForMs(sha256: string): number;
  present(): readonly X509Certificate[];
  state(wanted: Wanted): ConfigurationTrust;
}

/** What came of looking. */
export interface Look {
  /** The pause until the next one. */
  readonly waitMs: number;
  readonly isMended: boolean;
  /** Why it failed. */
  readonly error?: unknown;
}

/** While a configuration is not there: whoever has just applied it waits for us. */
const MISSING_MS = 2000;

/** Begins with nothing known. */
export function keptConfiguration(
  place: WebhookConfigurationPlace,
  { readGone, registration, log, signal, clock, times }: Omit<KeepOptions, 'wanted'>,
): KeptConfiguration {
  const configuration = `${place.resource}/${place.name}`;
  const tell = onChange();
  const seen = seenSince(clock, times);
  let found: Found | undefined;
  let problem: string | undefined;
  let failures = 0;
  let removedAt = Number.NEGATIVE_INFINITY;
  return {
    async first(wanted) {
      for (;;) {
        const { waitMs, error } = await look(wanted);
        if (error === undefined || (error instanceof ApiError && error.code === 403)) return waitMs;
        await clock.pause(waitMs, signal);
      }
    },
    look,
    carriedForMs: seen.forMs,
    present: () => [...(found?.outcome?.present.values() ?? [])],
    state,
  };

  async function look(wanted: Wanted): Promise<Look> {
    try {
      const outcome = await (registration.mode === 'bundle' ? mended(wanted) : lookedAt());
      failures = 0;
      problem = undefined;
      found = { at: clock.now(), outcome, trusts: outcome === undefined ? [] : trustedAfter(outcome, wanted) };
      const { trusts } = found;
      seen.looked(outcome, trusts);
      const lacks =
        outcome === undefined ? [] : [...wanted.trusted.keys()].filter((sha256) => !trusts.includes(sha256));
      if (outcome === undefined) {
        tell('missing', () => log.info({ configuration }, 'waiting for the configuration: it is not there yet'));
        return { waitMs: Math.min(MISSING_MS, times.lookMs), isMended: false };
      }
      report(outcome, lacks, wanted);
      return { waitMs: times.lookMs, isMended: outcome.mended.length > 0 };
    } catch (error) {
      signal.throwIfAborted();
      seen.failed();
      problem = reasonOf(error);
      const reason = problem;
      tell(reason, () => log.error({ configuration, reason }, 'the CA cannot be kept in the configuration; trying on'));
      return { waitMs: pauseAfter(++failures, error, BACKOFF, Math.random()), isMended: false, error };
    }
  }

  async function mended({ trusted, gone }: Wanted): Promise<BundleOutcome | undefined> {
    // Whoever still puts in what is taken out is not to be answered without end: once in a while is enough.
    const mayRemove = clock.elapsedMs() - removedAt >= times.plannedSettleMs;
    const unwanted = async (present: readonly string[]) => {
      const candidates = mayRemove ? present.filter((sha256) => gone.has(sha256)) : [];
      return candidates.length === 0 ? new Set<string>() : new Set(candidates).intersection(await readGone());
    };
    const outcome = await putCaBundle(place, { trusted, unwanted }, signal);
    if (outcome !== undefined && outcome.removed.length > 0) removedAt = clock.elapsedMs();
    return outcome;
  }

  async function lookedAt(): Promise<BundleOutcome | undefined> {
    const look = await lookAtBundle(place, signal);
    return look === undefined ? undefined : { ...look, mended: [], removed: [] };
  }

  function report({ mended, removed, present }: BundleOutcome, lacks: readonly string[], { trusted }: Wanted): void {
    const subjects = (sha256s: readonly string[], of: ReadonlyMap<string, X509Certificate>) =>
      sha256s.flatMap((sha256) => of.get(sha256)?.subject ?? []);
    if (removed.length > 0) {
      log.info(
        { configuration, cas: subjects(removed, present) },
        'took what is trusted no more out of the configuration',
      );
    } else if (mended.length > 0) {
      log.info({ configuration, webhooks: mended }, 'put the CA into the configuration');
    }
    if (registration.mode === 'none' && lacks.length > 0) {
      const cas = subjects(lacks, trusted);
      tell(`lacks ${lacks}`, () =>
        log.warn({ configuration, cas }, `the configuration lacks a CA: ${registration.advice}`),
      );
      return;
    }
    tell('trusts', () => {
      if (mended.length === 0) log.info({ configuration }, 'the configuration trusts the CA');
    });
  }

  /** A configuration without any webhook carries whatever there is, and nothing is present in it. */
  function trustedAfter({ present, carries, removed }: BundleOutcome, { trusted }: Wanted): string[] {
    const candidates = [...trusted.keys(), ...present.keys()];
    const carried = candidates.filter((sha256) => carries(sha256) && !removed.includes(sha256));
    return [...new Set([...(registration.mode === 'bundle' ? trusted.keys() : []), ...carried])];
  }

  function state({ trusted }: Wanted): ConfigurationTrust {
    const { outcome, trusts = [], at } = found ?? {};
    const lacks = outcome === undefined ? [] : [...trusted.keys()].filter((sha256) => !trusts.includes(sha256));
    return {
      configuration,
      ...(at === undefined ? {} : { isThere: outcome !== undefined, seenAt: at }),
      trusts,
      lacks,
      ...(problem === undefined ? {} : { problem }),
      ...(registration.mode === 'none' && lacks.length > 0 ? { advice: registration.advice } : {}),
    };
  }
}

/** What the last look that succeeded has found. */
interface Found {
  readonly at: Date;
  readonly outcome: BundleOutcome | undefined;
  /** SHA-256s, after whatever was mended. */
  readonly trusts: readonly string[];
}
