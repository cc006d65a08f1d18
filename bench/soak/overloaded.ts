import { setTimeout as pause } from 'node:timers/promises';
import { type Ground, startAtHalf } from './at-half.ts';
import type { Tally } from './load.ts';
import { percentileOf } from './percentile.ts';
import { startProbe } from './probe.ts';
import { recovery, type Told } from './recovery.ts';
import type { SoakOptions, SoakResults } from './soak-results.ts';
import { total } from './total.ts';

const FACTOR = 10;
const MOST_RECOVERY_MS = 30_000;

/**
 * Ten times the capacity for so long, then half of it again, until the server is as good as in the quiet before; that is
 * waited for, for half a minute at the most.
 */
export async function overloaded(
  ground: Ground,
  quiet: readonly Told[],
  { overloadSeconds, mostConnections }: Pick<SoakOptions, 'overloadSeconds' | 'mostConnections'>,
): Promise<Pick<SoakResults, 'overload' | 'recovery'>> {
  const { server, generators, watching, capacity } = ground;
  const probe = startProbe(server.healthUrl);
  const tallies: Tally[] = [];
  const from = watching.samples.length;
  const load = { perSecond: capacity * FACTOR, connections: mostConnections, mostWaiting: 0 };
  generators.start('overload', load, (tally) => {
    tallies.push(tally);
    watching.heard(tally);
  });
  await pause(overloadSeconds * 1000);
  const end = performance.now();
  const stopped = generators.stop('overload');
  const told = startAtHalf(ground, 'recovery');
  const samples = watching.samples.slice(from);
  const { latencies, faults } = await probe.stop();
  const ms = await recovered(quiet, told, end);
  await stopped;
  await generators.stop('recovery');
  const health = {
    answered: latencies.length,
    faults,
    p99: percentileOf(latencies, 0.99),
    longest: latencies.at(-1),
  };
  return {
    overload: { seconds: overloadSeconds, tally: total(tallies), samples, health },
    recovery: { ms, tally: total(told.map(({ tally }) => tally)) },
  };
}

async function recovered(quiet: readonly Told[], told: readonly Told[], end: number): Promise<number | undefined> {
  while (performance.now() < end + MOST_RECOVERY_MS) {
    await pause(250);
    const ms = recovery(quiet, told, end);
    if (ms !== undefined) return ms;
  }
  return undefined;
}
