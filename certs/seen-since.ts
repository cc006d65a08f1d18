import type { BundleLook } from './bundle-look.ts';
import type { Clock } from './clock.ts';
import type { SelfTimes } from './self-times.ts';

/** For how long one configuration has been seen to trust each CA. */
export interface SeenSince {
  /** Takes in what a look found, and which CAs it trusts since then at the latest. */
  looked(look: BundleLook | undefined, trusted: Iterable<string>): void;
  /** What it trusts is not known any more, until it is looked at again. */
  failed(): void;
  /** Infinity where there is no such configuration: nobody is asked by it. 0 where that is not known. */
  forMs(sha256: string): number;
}

/** Begins with nothing seen. */
export function seenSince(clock: Clock, { skewMs, settleMs }: Pick<SelfTimes, 'skewMs' | 'settleMs'>): SeenSince {
  let isKnown = false;
  let isThere = false;
  let since = new Map<string, number>();
  return {
    looked(look, trusted) {
      const now = clock.elapsedMs();
      // What nobody has touched for long is known to all API servers, also to whom it is new.
      const found = isOld(look) ? Number.NEGATIVE_INFINITY : now;
      since = new Map(
        [...trusted].map((sha256) => [sha256, look?.carries(sha256) ? (since.get(sha256) ?? found) : now] as const),
      );
      isKnown = true;
      isThere = look !== undefined;
    },
    failed() {
      isKnown = false;
    },
    forMs(sha256) {
      if (!isKnown) return 0;
      if (!isThere) return Number.POSITIVE_INFINITY;
      const at = since.get(sha256);
      return at === undefined ? 0 : clock.elapsedMs() - at;
    },
  };

  function isOld(look: BundleLook | undefined): boolean {
    if (look?.changedAt === undefined) return false;
    return clock.now().getTime() - look.changedAt.getTime() > skewMs + settleMs;
  }
}
