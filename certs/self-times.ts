/** How long things take in mode `self`; milliseconds. */
export interface SelfTimes {
  /** A new CA's life. Its successor is made at two thirds of it. */
  readonly caMs: number;
  /** A serving certificate's life, unless its CA ends before. */
  readonly leafMs: number;
  /** Between two looks of a replica at the Secret, give or take a quarter. */
  readonly roundMs: number;
  /** Between two looks at a configuration, besides those that a watch leads to. */
  readonly lookMs: number;
  /** After which every API server acts on what a configuration says. */
  readonly settleMs: number;
  /** The same, where nothing presses: longer than any API server's news are old. */
  readonly plannedSettleMs: number;
  /** By how much two clocks may differ, and still nothing goes wrong. */
  readonly skewMs: number;
}

const DAY = 86_400_000;

/**
 * What holds unless a test says otherwise. A CA lives as long as cert-manager's own webhook's, a serving certificate is
 * in memory alone and made anew by each replica, so it can be short. An API server acts on what it heard of a
 * configuration about a second ago (protocol.md §2.2); there may be several.
 */
export const SELF_TIMES: SelfTimes = {
  caMs: 365 * DAY,
  leafMs: 30 * DAY,
  roundMs: 10_000,
  lookMs: 5000,
  settleMs: 5000,
  plannedSettleMs: 300_000,
  skewMs: 3_600_000,
};

/**
 * Until when a CA has to be trusted that signs no more after `now`: the last certificate that it signed has ended then by
 * every clock. Two replicas' clocks may be off in different directions.
 */
export function lastLeafEnds({ validToDate }: { readonly validToDate: Date }, now: Date, times: SelfTimes): Date {
  const ends = Math.min(now.getTime() + times.leafMs, validToDate.getTime());
  return new Date(ends + Math.min(2 * times.skewMs, times.leafMs / 2));
}
