import type { Log } from './log.ts';

/** What is wrong at the moment, by subject. */
export interface Problems {
  /** Remembers it, and tells it where it is not what was told of the subject before. */
  set(subject: string, sentence: string, level?: 'error' | 'warn'): void;
  /** All is well with it again. */
  clear(subject: string): void;
  all(): readonly string[];
}

/** Begins with nothing wrong. Each line of the log has `detail` besides. */
export function keptProblems(log: Log, detail: object): Problems {
  const current = new Map<string, string>();
  return {
    set(subject, sentence, level = 'error') {
      if (current.get(subject) === sentence) return;
      current.set(subject, sentence);
      log[level]({ ...detail, reason: sentence }, subject);
    },
    clear: (subject) => void current.delete(subject),
    all: () => [...current].map(([subject, sentence]) => `${subject}: ${sentence}`),
  };
}
