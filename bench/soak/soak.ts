import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Generators, startGenerators } from './generators.ts';
import type { Tally } from './load.ts';
import { endlessReview, oddClients, repeat } from './oddities.ts';
import { percentileOf } from './percentile.ts';
import { startProbe } from './probe.ts';
import { recovery, type Told } from './recovery.ts';
import { type Soaked, startSoaked } from './server.ts';
import { settled } from './settled.ts';
import type { SoakOptions, SoakResults } from './soak-results.ts';
import { total } from './total.ts';
import { watch } from './watch.ts';

/** As many as an API server opens to one replica when it is busy. */
const CONNECTIONS = 64;
const FACTOR = 10;

/**
 * Serves for so long at half of what the server can do, then for so long at ten times that, then again at half. While the
 * first half of the long part lasts, a rule without an end costs workers now and then; the second half leaves them
 * alone, so that they grow old. Rejects only where nothing can be measured: what is wrong is in the results.
 */
export async function soak(options: SoakOptions): Promise<SoakResults> {
  const server = await startSoaked([...OWN_RULES, ...(options.rules ?? [])], options);
  const generators = startGenerators(server.peer, options);
  try {
    return await soaked(options, server, generators);
  } finally {
    await generators.end();
    await server.stop();
  }
}

const OWN_RULES = [join(import.meta.dirname, '../serving/rules'), join(import.meta.dirname, 'rules')];

async function soaked(
  { minutes, overloadSeconds, mostConnections, onSample, say = () => {} }: SoakOptions,
  server: Soaked,
  generators: Generators,
): Promise<SoakResults> {
  const { peer, pid, healthUrl } = server;
  const ms = minutes * 60_000;
  // A short run has short parts.
  const briefMs = Math.min(5000, ms / 6);
  const capacity = await capacityOf(generators, briefMs);
  const before = await settled(pid, peer);
  say(`capacity: ${Math.round(capacity)} reviews a second`);

  const watching = watch(pid, onSample);
  const perSecond = capacity / 2;
  const steadily = (name: string) => {
    const told: Told[] = [];
    generators.start(name, { perSecond, connections: CONNECTIONS, mostWaiting: perSecond * 5 }, (tally) => {
      told.push({ at: performance.now(), tally });
      watching.heard(tally);
    });
    return told;
  };
  const told = steadily('steady');
  const oddities = repeat(peer, oddClients, 200);
  const endless = repeat(peer, [endlessReview], ms / 40);
  await pause(ms / 2);
  await endless.stop();
  const half = watching.samples.length;
  await pause(ms / 2);
  await oddities.stop();
  const steady = { samples: watching.samples.slice(half), tally: total(told.map(({ tally }) => tally)) };
  const quietFrom = told.length;
  await pause(briefMs);
  await generators.stop('steady');
  const quiet = told.slice(quietFrom, -generators.processes);

  say('overload');
  const health = startProbe(healthUrl);
  const overloaded: Tally[] = [];
  const calm = watching.samples.length;
  const load = { perSecond: capacity * FACTOR, connections: mostConnections, mostWaiting: 0 };
  generators.start('overload', load, (tally) => {
    overloaded.push(tally);
    watching.heard(tally);
  });
  await pause(overloadSeconds * 1000);
  const end = performance.now();
  const stopped = generators.stop('overload');
  const again = steadily('recovery');
  const samples = watching.samples.slice(calm);
  const { latencies, faults } = await health.stop();
  const recoveredMs = await recovered(quiet, again, end);
  await stopped;

  await generators.stop('recovery');
  watching.stop();
  const after = await settled(pid, peer, before);
  return {
    capacity,
    steady: {
      ...steady,
      perSecond,
      workersEnded: endless.times(),
      oddClients: oddities.times(),
      oddFaults: { ...oddities.faults, ...endless.faults },
    },
    overload: {
      samples,
      seconds: overloadSeconds,
      tally: total(overloaded),
      health: {
        answered: latencies.length,
        faults,
        p99: percentileOf(latencies, 0.99),
        longest: latencies.at(-1),
      },
    },
    recoveredMs,
    before,
    after,
    samples: watching.samples,
  };
}

/**
 * Reviews a second, each connection sending its next as soon as it has its answer; the first half warms up. Either half
 * goes on until there is something to count: on a busy machine, connections alone take seconds.
 */
async function capacityOf(generators: Generators, ms: number): Promise<number> {
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

const LEAST_DECIDED = 100;
const MOST_SECONDS = 30;

/** Waits until the server is as good as before, for half a minute at the most. */
async function recovered(before: readonly Told[], told: readonly Told[], end: number): Promise<number | undefined> {
  while (performance.now() < end + 30_000) {
    await pause(250);
    const ms = recovery(before, told, end);
    if (ms !== undefined) return ms;
  }
  return undefined;
}
