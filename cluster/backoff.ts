import { ApiError } from './api-error.ts';

/** How long to wait between attempts; milliseconds. */
export interface Backoff {
  readonly firstMs: number;
  readonly mostMs: number;
}

export const BACKOFF: Backoff = { firstMs: 1000, mostMs: 30_000 };

/**
 * The pause after so many failures in a row (1 and more): doubled each time, and between half and all of that, so that
 * replicas do not come back together. Where the API server said how long to wait, at least so long, within `mostMs`.
 */
export function pauseAfter(failures: number, error: unknown, { firstMs, mostMs }: Backoff, random: number): number {
  const doubled = Math.min(mostMs, firstMs * 2 ** Math.min(failures - 1, 30));
  const asked = error instanceof ApiError ? Number(error.details.retryAfterSeconds ?? 0) * 1000 : 0;
  return Math.max(doubled * (0.5 + random / 2), Math.min(asked || 0, mostMs));
}
