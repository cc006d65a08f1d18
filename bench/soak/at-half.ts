import type { Generators } from './generators.ts';
import type { Told } from './recovery.ts';
import type { Soaked } from './server.ts';
import type { Watch } from './watch.ts';

/** What every part of the soak stands on. */
export interface Ground {
  readonly server: Soaked;
  readonly generators: Generators;
  readonly watching: Watch;
  /** Reviews a second. */
  readonly capacity: number;
}

/** As many as an API server opens to one replica when it is busy. */
export const CONNECTIONS = 64;

const MOST_WAITING_SECONDS = 5;

/** Begins a load of half of the server's capacity, under this name; gives what is told of it, which grows. */
export function startAtHalf({ generators, watching, capacity }: Ground, name: string): readonly Told[] {
  const told: Told[] = [];
  const perSecond = capacity / 2;
  const options = { perSecond, connections: CONNECTIONS, mostWaiting: perSecond * MOST_WAITING_SECONDS };
  generators.start(name, options, (tally) => {
    told.push({ at: performance.now(), tally });
    watching.heard(tally);
  });
  return told;
}
