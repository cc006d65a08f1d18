import { X509Certificate } from 'node:crypto';
import type { Time } from './keep-renewed.ts';
import type { ServingCertificate } from './serving-certificate.ts';

/** Tells people what is wrong with the files, each thing once. */
export interface Alarm {
  /** The files have this problem, and `state` differs where they do. */
  problem(problem: string, state: string, used: ServingCertificate): void;
  /** The files are those in use. */
  inUse(used: ServingCertificate): void;
  stop(): void;
}

/** Whoever replaces two files one after the other, or writes them slowly, is not alarmed for it. */
const patience = 10_000;

/**
 * Tells `onError` of each state that is a problem when something has been wrong for ten seconds, and of a certificate
 * without a successor when it is about to end and when it has ended. Calls `onOverdue` when the ten seconds are over, so
 * that somebody looks.
 */
export function createAlarm({
  folder,
  onError,
  onOverdue,
  time,
}: {
  folder: string;
  onError: (error: Error) => void;
  onOverdue: () => void;
  time: Time;
}): Alarm {
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
      warned = ending(used, time.now());
      const end = used.notAfter.toISOString();
      onError(
        new Error(`The certificate in ${folder} is not taken: ${problem}. The one in use stays, and ends at ${end}.`),
      );
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

  function warn(used: ServingCertificate, problem?: string): void {
    const now = ending(used, time.now());
    if (now === warned) return;
    warned = now;
    if (now === undefined) return;
    const because = problem === undefined ? '' : `: ${problem}`;
    onError(new Error(`The certificate in use ${now}, and ${folder} holds no successor${because}.`));
  }
}

/** What to say of a certificate that ends soon or has ended. */
function ending({ cert, notAfter }: ServingCertificate, now: Date): string | undefined {
  const left = notAfter.getTime() - now.getTime();
  if (left <= 0) return `ended at ${notAfter.toISOString()}, so that API servers refuse it`;
  const life = notAfter.getTime() - new X509Certificate(cert).validFromDate.getTime();
  return left < Math.min(lastDay, life / 10) ? `ends at ${notAfter.toISOString()}` : undefined;
}

/** A day has working hours in it wherever the operator is. What lives under ten days has a tenth of its life. */
const lastDay = 86_400_000;
