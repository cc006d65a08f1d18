import { join } from 'node:path';
import { capacityOf } from './capacity.ts';
import { type Generators, startGenerators } from './generators.ts';
import { overloaded } from './overloaded.ts';
import { type Soaked, startSoaked } from './server.ts';
import { settled } from './settled.ts';
import type { SoakOptions, SoakResults } from './soak-results.ts';
import { steadily } from './steadily.ts';
import { watch } from './watch.ts';

/**
 * Serves for so long at half of what the server can do, then for so long at ten times that, then again at half. While the
 * first half of the long part lasts, a rule without an end costs workers now and then; the second half leaves them
 * alone, so that they grow old. Rejects only where nothing can be measured: what is wrong is in the results.
 */
export async function soak(options: SoakOptions): Promise<SoakResults> {
  const server = await startSoaked([...OWN_RULES, ...(options.rules ?? [])], options);
  const generators = startGenerators(server.peer, options);
  try {
    return await Promise.race([soaked(options, server, generators), generators.failed]);
  } finally {
    await generators.end();
    await server.stop();
  }
}

const OWN_RULES = [join(import.meta.dirname, '../serving/rules'), join(import.meta.dirname, 'rules')];

async function soaked(options: SoakOptions, server: Soaked, generators: Generators): Promise<SoakResults> {
  const { say = () => {} } = options;
  const ms = options.minutes * 60_000;
  // A short run has short parts.
  const briefMs = Math.min(5000, ms / 6);
  const capacity = await capacityOf(generators, briefMs);
  say(`capacity: ${Math.round(capacity)} reviews a second`);
  const before = await settled(server.pid, server.peer);
  const watching = watch(server.pid, options.onSample);
  const ground = { server, generators, watching, capacity };
  const { steady, quiet } = await steadily(ground, { ms, briefMs });
  say('overload');
  const overload = await overloaded(ground, quiet, options);
  watching.stop();
  const after = await settled(server.pid, server.peer, before);
  return { capacity, steady, ...overload, before, after, samples: watching.samples };
}
