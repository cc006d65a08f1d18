import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../../test/e2e/eventually.ts';
import type { Resident, StartLine } from '../table.ts';
import { load } from './load.ts';
import type { Pace } from './pace.ts';
import { builtIn } from './reviews.ts';
import { childrenOf, residentBytesOf, type ServerProcess, startServer } from './server-process.ts';
import { portIn } from './servers.ts';

/** What is started. */
export interface Starter {
  readonly what: string;
  /** What follows `node`. */
  readonly args: readonly string[];
  /** It says nothing of its readiness: it is ready when it says its port. */
  readonly isBare?: boolean;
}

const [REVIEW] = builtIn;

/**
 * Starts each so often, in turn, and gives a line for each; the first is who the others are beside. Before that the second
 * is started once, so that certificates are in the folder `certs` and files in the system's memory.
 */
export async function started(certs: string, all: readonly Starter[], { starts, reviews }: Pace): Promise<StartLine[]> {
  const runs = all.map((starter) => ({ starter, readyMs: [] as number[], memory: [] as Memory[] }));
  const [, warming] = all;
  if (warming !== undefined) await (await begun(warming)).server.stop();
  for (let i = 0; i < starts; i++) {
    for (const { starter, readyMs, memory } of runs) {
      const { server, ms } = await begun(starter);
      readyMs.push(ms);
      if (i === starts - 1) memory.push(await memoryOf(server, certs, reviews));
      await server.stop();
    }
  }
  const first = median(runs[0]?.readyMs ?? []);
  return runs.map(({ starter: { what }, readyMs, memory }) => ({
    what,
    readyMs: median(readyMs),
    ofBare: median(readyMs) / first,
    ...memory[0],
  }));
}

interface Memory {
  readonly atFirst: Resident | undefined;
  readonly afterReviews: Resident | undefined;
}

/** From the start of the process until `/readyz` answers 200. It runs wherever the system lets it, as its users' does. */
async function begun({ args, isBare = false }: Starter): Promise<{ server: ServerProcess; ms: number }> {
  let healthUrl: string | undefined;
  const heard = (line: string) => {
    healthUrl = /"healthUrl":"([^"]+)"/.exec(line)?.[1];
    return portIn(line);
  };
  const since = performance.now();
  const server = await startServer(args, heard, { hasOwnCore: false });
  if (!isBare) {
    const isReady = async () => (await fetch(`${healthUrl}/readyz`)).ok || undefined;
    await eventually(`${args.join(' ')} is ready`, isReady, { everyMs: 2 });
  }
  return { server, ms: performance.now() - since };
}

async function memoryOf(server: ServerProcess, certs: string, reviews: number): Promise<Memory> {
  if (REVIEW === undefined) throw new Error('the benchmark has no review for the built-in rules any more');
  const atFirst = residentOf(server);
  const ca = readFileSync(join(certs, 'ca.crt'), 'utf8');
  const target = { host: '127.0.0.1', port: server.port, path: REVIEW.path, body: REVIEW.body, ca };
  for (let sent = 0; sent < reviews; ) sent += (await load(target, { connections: 16, ms: 10 })).answers;
  return { atFirst, afterReviews: residentOf(server) };
}

function residentOf({ pid }: ServerProcess): Resident | undefined {
  const own = residentBytesOf(pid);
  const workers = childrenOf(pid).map((worker) => residentBytesOf(worker) ?? 0);
  return own === undefined ? undefined : { own, workers: workers.reduce((sum, one) => sum + one, 0) };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
