import { setTimeout as pause } from 'node:timers/promises';

/** How long to try, how often, and when there is no point any more. */
export interface Patience {
  /** 30,000 unless said. */
  readonly timeoutMs?: number;
  /** The pause between two attempts; 100 unless said. */
  readonly everyMs?: number;
  /** Ends the wait at once; its reason is what the caller gets. */
  readonly unless?: AbortSignal;
}

/**
 * Asks until there is an answer, and returns it. A probe that gives undefined or throws says "not yet", so a probe may
 * assert. When the time is over, even in the middle of an attempt, the error says `what` was awaited and what came of
 * the last attempt that ended.
 */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | undefined>,
  { timeoutMs = 30_000, everyMs = 100, unless }: Patience = {},
): Promise<T> {
  let last = 'the first attempt has not come back';
  let cause: unknown;
  const end = Promise.withResolvers<never>();
  end.promise.catch(() => {});
  const timer = setTimeout(
    () => end.reject(new Error(`${what}: not within ${timeoutMs} ms; ${last}`, { cause })),
    timeoutMs,
  );
  const abandon = () => end.reject(unless?.reason);
  unless?.addEventListener('abort', abandon);
  if (unless?.aborted) abandon();
  try {
    for (;;) {
      const value = await Promise.race([end.promise, attempt()]);
      if (value !== undefined) return value;
      await Promise.race([end.promise, pause(everyMs)]);
    }
  } finally {
    clearTimeout(timer);
    unless?.removeEventListener('abort', abandon);
  }

  async function attempt(): Promise<T | undefined> {
    try {
      const value = await probe();
      last = `the last attempt gave ${value}`;
      cause = undefined;
      return value;
    } catch (error) {
      last = `the last attempt failed: ${error instanceof Error ? error.message : error}`;
      cause = error;
      return undefined;
    }
  }
}
