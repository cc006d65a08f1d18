import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Peer } from './connection.ts';
import type { FromGenerator, GeneratorData, ToGenerator } from './generator.ts';
import type { LoadOptions, Tally } from './load.ts';

/** Processes that send reviews, together as many as is said. */
export interface Generators {
  /** How many processes there are. */
  readonly processes: number;
  /** Rejects where one ends before its time. */
  readonly failed: Promise<never>;
  /** Begins a load, shared among them, under this name. `onTally` hears what came of it, several times a second. */
  start(name: string, options: LoadOptions, onTally: (tally: Tally) => void): void;
  /** Sends no more of it; resolves once all of it has come to something. */
  stop(name: string): Promise<void>;
  end(): Promise<void>;
}

/** More than the cores that the server leaves would be in each other's way. */
const MOST = 4;

/** Starts them; off the server's core where it has its own. */
export function startGenerators(peer: Peer, { hasOwnCore }: { readonly hasOwnCore: boolean }): Generators {
  const heard = new Map<string, (tally: Tally) => void>();
  const stopped = new Map<string, () => void>();
  const processes = Array.from({ length: Math.min(MOST, Math.max(1, availableParallelism() - 1)) }, () =>
    started({ peer, hasOwnCore }),
  );
  for (const process of processes) {
    process.on('message', (message: FromGenerator) => {
      if ('tally' in message) heard.get(message.load)?.(message.tally);
      else stopped.get(message.stopped)?.();
    });
  }
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => {});
  for (const process of processes) {
    process.once('exit', (code, signal) => failed.reject(new Error(`a generator ended with ${code ?? signal}`)));
  }
  const tellAll = (message: ToGenerator) => {
    for (const process of processes) process.send(message);
  };
  return {
    processes: processes.length,
    failed: failed.promise,
    start(name, { perSecond, connections, mostWaiting }, onTally) {
      const share = (of: number) => Math.ceil(of / processes.length);
      const options = {
        connections: share(connections),
        mostWaiting: share(mostWaiting),
        ...(perSecond === undefined ? {} : { perSecond: perSecond / processes.length }),
      };
      heard.set(name, onTally);
      tellAll({ start: name, options });
    },
    stop(name) {
      let missing = processes.length;
      const all = new Promise<void>((resolve) => {
        stopped.set(name, () => {
          missing -= 1;
          if (missing === 0) resolve();
        });
      });
      tellAll({ stop: name });
      return all;
    },
    async end() {
      await Promise.all(
        processes.map(async (process) => {
          if (process.exitCode !== null || process.signalCode !== null) return;
          process.kill('SIGKILL');
          await once(process, 'exit');
        }),
      );
    },
  };
}

function started(given: GeneratorData): ChildProcess {
  return fork(join(import.meta.dirname, 'generator.ts'), [JSON.stringify(given)]);
}
