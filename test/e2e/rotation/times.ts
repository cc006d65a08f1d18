import { SELF_TIMES, type SelfTimes } from '../../../certs/self-times.ts';

/**
 * A rotation every few seconds. API servers here act on a changed configuration a tenth of a second later (measured; a
 * fifth on a busy machine), so half a second is time enough; all clocks are one, but say when a configuration was changed
 * by the second alone, so `skewMs` and `settleMs` together are one. A serving certificate has to outlive a
 * pause of this busy machine, and its CA stays in the bundles as long: at most five old ones may.
 */
export const FAST: SelfTimes = {
  ...SELF_TIMES,
  caMs: 3_600_000,
  leafMs: 12_000,
  roundMs: 250,
  settleMs: 500,
  plannedSettleMs: 1000,
  skewMs: 500,
};

/** What a serving certificate lives as long as in an install, whose replicas look after it as often as a test can wait for. */
export const LASTING: SelfTimes = {
  ...FAST,
  caMs: SELF_TIMES.caMs,
  leafMs: SELF_TIMES.leafMs,
  skewMs: SELF_TIMES.skewMs,
};
