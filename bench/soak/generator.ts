import { leaveServersTheirCore } from '../serving/server-process.ts';
import type { Peer } from './connection.ts';
import { type Load, type LoadOptions, startLoad, type Tally } from './load.ts';

/** What a generator is started with, as JSON. */
export interface GeneratorData {
  readonly peer: Peer;
  /** Whether the server has a core of its own. */
  readonly hasOwnCore: boolean;
}

/** What a generator is told. Loads go by names. */
export type ToGenerator = { readonly start: string; readonly options: LoadOptions } | { readonly stop: string };

/** What a generator tells: every so often what came of each load, and which one has come to its end. */
export type FromGenerator = { readonly load: string; readonly tally: Tally } | { readonly stopped: string };

/** Short enough for a recovery of two seconds to be seen in. */
const TELL_MS = 250;

// A process's own file: it sends what it is told to, so that whoever watches has a process to itself.
const { peer, hasOwnCore } = JSON.parse(process.argv[2] ?? '') as GeneratorData;
if (hasOwnCore) leaveServersTheirCore();
const loads = new Map<string, Load>();
process.on('message', (message: ToGenerator) => void heard(message));
process.on('disconnect', () => process.exit());
setInterval(() => {
  for (const load of loads.keys()) tell(load);
}, TELL_MS);

async function heard(message: ToGenerator): Promise<void> {
  if ('start' in message) {
    loads.set(message.start, startLoad(peer, message.options));
    return;
  }
  const name = message.stop;
  await loads.get(name)?.stop();
  tell(name);
  loads.delete(name);
  process.send?.({ stopped: name } satisfies FromGenerator);
}

function tell(load: string): void {
  const tally = loads.get(load)?.tally();
  if (tally !== undefined) process.send?.({ load, tally } satisfies FromGenerator);
}
