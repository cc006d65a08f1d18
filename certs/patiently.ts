import { setTimeout } from 'node:timers/promises';
import { ApiError } from '../cluster/api-error.ts';
import { BACKOFF, pauseAfter } from '../cluster/backoff.ts';

/** Waits so many milliseconds, or rejects once the signal is aborted. */
export type Pause = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** By the machine's clock. */
export const wallPause: Pause = (milliseconds, signal) => setTimeout(milliseconds, undefined, { signal });

/**
 * Gives what the work gives, tried again and again with growing pauses. Each failure is told. Rejects only once the
 * signal is aborted.
 */
export async function patiently<T>(
  work: () => Promise<T>,
  { onFailure, pause, signal }: { onFailure: (error: unknown) => void; pause: Pause; signal: AbortSignal },
): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      onFailure(error);
      await pause(pauseAfter(failures, error, BACKOFF, Math.random()), signal);
    }
  }
}

/** Why a request failed, and where the API server did not permit it, who does. */
export function reasonOf(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  if (!(error instanceof ApiError) || error.code !== 403) return reason;
  return `${reason}; the roles that "portcullis manifests server" prints permit it`;
}
