/**
 * Gives a function that runs at most `places` pieces of work at once, and the others in the order of their asking as
 * places become free. Waiting ends with the signal, by its reason.
 */
export function takingTurns(places: number): <T>(signal: AbortSignal, work: () => Promise<T>) => Promise<T> {
  const waiting = new Set<() => void>();
  let free = places;
  return async (signal, work) => {
    signal.throwIfAborted();
    if (free === 0) await place(signal);
    else free--;
    try {
      return await work();
    } finally {
      const [next] = waiting;
      if (next === undefined) free++;
      else {
        waiting.delete(next);
        next();
      }
    }
  };

  async function place(signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const leave = () => {
      // Who has just been given a place takes it, and gives it back at once.
      if (waiting.delete(resolve)) reject(signal.reason);
    };
    waiting.add(resolve);
    signal.addEventListener('abort', leave);
    try {
      await promise;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }
}
