import type { Time } from '../../certs/keep-renewed.ts';
import type { Pause } from '../../certs/patiently.ts';

/** Pauses by a clock that passes when a test says so. */
export function manualPause(clock: Pick<Time, 'after'>): Pause {
  return (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      const end = () => {
        cancel();
        reject(signal.reason);
      };
      const cancel = clock.after(milliseconds, () => {
        signal.removeEventListener('abort', end);
        resolve();
      });
      signal.addEventListener('abort', end);
      if (signal.aborted) end();
    });
}
