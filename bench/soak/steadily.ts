import { setTimeout as pause } from 'node:timers/promises';
import { type Ground, startAtHalf } from './at-half.ts';
import { endlessReview, oddClients, repeat } from './oddities.ts';
import type { Told } from './recovery.ts';
import type { SoakResults } from './soak-results.ts';
import { total } from './total.ts';

const BETWEEN_ODD_CLIENTS_MS = 200;
/** So often in all, if it took no time. */
const ENDLESS_TIMES = 20;

/**
 * Half of capacity for so long, beside odd clients, in the first half with reviews that end workers; then for a brief
 * time with nothing besides, which is `quiet`.
 */
export async function steadily(
  ground: Ground,
  { ms, briefMs }: { readonly ms: number; readonly briefMs: number },
): Promise<{ readonly steady: SoakResults['steady']; readonly quiet: readonly Told[] }> {
  const { server, generators, watching } = ground;
  const told = startAtHalf(ground, 'steady');
  const oddities = repeat(server.peer, oddClients, BETWEEN_ODD_CLIENTS_MS);
  const endless = repeat(server.peer, [endlessReview], ms / 2 / ENDLESS_TIMES);
  await pause(ms / 2);
  await endless.stop();
  const half = watching.samples.length;
  await pause(ms / 2);
  await oddities.stop();
  const samples = watching.samples.slice(half);
  const quietFrom = told.length;
  await pause(briefMs);
  const quiet = told.slice(quietFrom);
  await generators.stop('steady');
  const steady = {
    tally: total(told.map(({ tally }) => tally)),
    samples,
    workersEnded: endless.times(),
    oddClients: oddities.times(),
    oddFaults: { ...oddities.faults, ...endless.faults },
  };
  return { steady, quiet };
}
