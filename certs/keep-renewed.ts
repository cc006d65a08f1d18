import type { IssuedCertificate } from './serving-certificate.ts';

/** The clock, and a timer that does not keep the process alive; it returns what cancels it. */
export interface Time {
  now(): Date;
  after(milliseconds: number, run: () => void): () => void;
}

/**
 * Asks for the next certificate at `current.renewAt`, hands it to `apply` (the server's setSecureContext), and goes on
 * so until the returned function is called; after that `apply` is not called any more. What `renew` or `apply` throws
 * goes to `onError`; the old certificate stays and it is tried again a minute later.
 */
export function keepRenewed<C extends IssuedCertificate>({
  current,
  renew,
  apply,
  onError,
  time = wallTime,
}: {
  current: C;
  renew: () => Promise<C>;
  apply: (next: C) => void;
  onError: (error: unknown) => void;
  time?: Time;
}): () => void {
  let stopped = false;
  let cancel = waitUntil(current.renewAt.getTime());
  return () => {
    stopped = true;
    cancel();
  };

  function waitUntil(due: number): () => void {
    const rest = due - time.now().getTime();
    return time.after(Math.min(Math.max(rest, 0), longestWait), () => {
      if (time.now().getTime() >= due) void attempt();
      else cancel = waitUntil(due);
    });
  }

  async function attempt(): Promise<void> {
    // A successor that is due already (a clock that jumped, a file not yet replaced) must not make this a hot loop.
    const soonest = time.now().getTime() + retryWait;
    let due = soonest;
    try {
      const next = await renew();
      if (stopped) return;
      apply(next);
      due = Math.max(soonest, next.renewAt.getTime());
    } catch (error) {
      if (!stopped) onError(error);
    }
    if (!stopped) cancel = waitUntil(due);
  }
}

/** An hour: a timer's clock stands still while a laptop sleeps, and beyond 2^31-1 ms Node fires at once. */
const longestWait = 3_600_000;
const retryWait = 60_000;

/** The machine's own. */
export const wallTime: Time = {
  now: () => new Date(),
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds).unref();
    return () => clearTimeout(timer);
  },
};
