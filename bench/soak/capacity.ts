import { setTimeout as pause } from 'node:timers/promises';
import { CONNECTIONS } from './at-half.ts';
import type { Generators } from './generators.ts';
import type { Tally } from './load.ts';
import { total } from './total.ts';

const LEAST_DECIDED = 100;
const MOST_SECONDS = 30;

/**
 * Reviews a second, each connection sending its next as soon as it has its answer; the first half warms up. Either half
 * goes on until there is something to count: on a busy machine, connections alone take seconds.
 */
export async function capacityOf(generators: Generators, ms: number): Promise<number> {
  let tallies: Tally[] = [];
  generators.start('capacity', { connections: CONNECTIONS, mostWaiting: 0 }, (tally) => tallies.push(tally));
  await half();
  tallies = [];
  const rate = await half();
  await generators.stop('capacity');
  return rate;

  async function half(): Promise<number> {
    const started = performance.now();
    for (;;) {
      await pause(ms / 2);
      const { decided } = total(tallies);
      const seconds = (performance.now() - started) / 1000;
      if (decided >= LEAST_DECIDED || seconds > MOST_SECONDS) return decided / seconds;
    }
  }
}
