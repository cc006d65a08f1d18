import type { Followed } from './followed.ts';
import type { Time } from './keep-renewed.ts';

/** Tells people what is wrong with the files, each thing once. */
export interface Alarm<T> {
  /** The files have this problem, and `state` differs where they do. */
  problem(problem: string, state: string, used: T): void;
  /** The files are those in use. */
  inUse(used: T): void;
  stop(): void;
}

/** Whoever replaces two files one after the other, or writes them slowly, is not alarmed for it. */
const patience = 10_000;

/**
 * Tells `onError` of each state that is a problem when something has been wrong for ten seconds, and of what is in use,
 * without a successor, when it is about to end and when it has ended. Calls `onOverdue` when the ten seconds are over, so
 * that somebody looks.
 */
export function createAlarm<T>(
  { noun, place, consequence, lifeOf }: Pick<Followed<T>, 'noun' | 'place' | 'consequence' | 'lifeOf'>,
  { onError, onOverdue, time }: { onError: (error: Error) => void; onOverdue: () => void; time: Time },
): Alarm<T> {
  let trouble: { isOverdue: boolean; readonly cancel: () => void } | undefined;
  let told: string | undefined;
  let warned: string | undefined;
  return {
    problem(problem, state, used) {
      if (state === told) {
        forget();
        warn(used, problem);
        return;
      }
      trouble ??= begun();
      if (!trouble.isOverdue) return;
      forget();
      told = state;
      warned = ending(used);
      const end = lifeOf(used).until.toISOString();
      onError(new Error(`The ${noun} in ${place} is not taken: ${problem}. The one in use stays, and ends at ${end}.`));
    },
    inUse(used) {
      forget();
      told = undefined;
      warn(used);
    },
    stop: forget,
  };

  function begun(): NonNullable<typeof trouble> {
    const cancel = time.after(patience, () => {
      if (trouble !== undefined) trouble.isOverdue = true;
      onOverdue();
    });
    return { isOverdue: false, cancel };
  }

  function forget(): void {
    trouble?.cancel();
    trouble = undefined;
  }

  function warn(used: T, problem?: string): void {
    const now = ending(used);
    if (now === warned) return;
    warned = now;
    if (now === undefined) return;
    const because = problem === undefined ? '' : `: ${problem}`;
    onError(new Error(`The ${noun} in use ${now}, and ${place} holds no successor${because}.`));
  }

  /** What to say of one that ends soon or has ended. */
  function ending(used: T): string | undefined {
    const { from, until } = lifeOf(used);
    const left = until.getTime() - time.now().getTime();
    if (left <= 0) return `ended at ${until.toISOString()}, so that ${consequence}`;
    const life = until.getTime() - from.getTime();
    return left < Math.min(lastDay, life / 10) ? `ends at ${until.toISOString()}` : undefined;
  }
}

/** A day has working hours in it wherever the operator is. What lives under ten days has a tenth of its life. */
const lastDay = 86_400_000;
