import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { SelfTimes } from '../../../certs/self-times.ts';
import type { Status } from '../../../cli/status-report.ts';
import { COMPILE_CACHE } from '../../compile-cache.ts';
import { freePorts } from '../free-ports.ts';
import { type Program, startProgram } from '../program.ts';
import { reached } from '../reached.ts';

/** What a replica's process is told besides its flags. */
export interface ReplicaSettings {
  readonly times: SelfTimes;
  /** By how much its clock is ahead. */
  readonly skewMs: number;
  /** The file in which it writes down its connections. */
  readonly connections: string;
  /** How old a connection may become; without it, one ends after a few reviews, as a long life would bring about. */
  readonly connectionMs?: number | undefined;
}

/** How to start one. */
export interface ReplicaOptions {
  readonly name: string;
  /** For its log, in a folder of its own. */
  readonly folder: string;
  readonly kubeconfig: string;
  readonly times: SelfTimes;
  /** 0 unless said. */
  readonly skewMs?: number;
  /** A checkout of another version, which knows neither these times nor another clock. */
  readonly checkout?: string;
  /** A folder of rules besides the built-in ones. */
  readonly rules?: string;
  /** How old a connection may become; without it, one ends after a few reviews, as a long life would bring about. */
  readonly connectionMs?: number;
  /** How long it goes on serving after SIGTERM: longer than a balancer takes to notice. 1 unless said. */
  readonly drainSeconds?: number;
}

/** A server process in certificate mode `self`. */
export interface Replica {
  readonly name: string;
  /** Of 127.0.0.1. */
  readonly port: number;
  readonly healthUrl: string;
  /** Waits until it is ready; rejects, with the end of its log, when it ends. */
  ready(): Promise<void>;
  /** Whether it is at this moment. */
  isReady(): Promise<boolean>;
  status(): Promise<Status>;
  log(): string;
  /** How many connections have brought it reviews, by the CA behind the certificate that they began with. */
  connections(ca: string): number;
  /** How many reviews it has answered so far. */
  reviews(): Promise<number>;
  /** Sends the signal (SIGTERM unless said) and waits for the end. Gives the exit code, null when a signal ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Three at once, with their workers, are nine processes on a machine of two cores. */
const PATIENTLY = { everyMs: 25, timeoutMs: 60_000 };

/** Starts the process; whether it ever is ready is another matter. It cannot outlive this one. */
export async function startReplica({
  name,
  folder: parent,
  kubeconfig,
  times,
  skewMs = 0,
  checkout,
  rules,
  connectionMs,
  drainSeconds = 1,
}: ReplicaOptions): Promise<Replica> {
  const folder = await mkdtemp(join(parent, `${name}-`));
  const [port = 0, healthPort = 0] = await freePorts(2);
  const connections = join(folder, 'connections');
  const settings: ReplicaSettings = { times, skewMs, connections, connectionMs };
  const own = [resolve(import.meta.dirname, 'replica-process.ts'), JSON.stringify(settings)];
  const program: Program = await startProgram({
    name,
    command: process.execPath,
    args: [
      ...(checkout === undefined ? own : [join(checkout, 'cli/portcullis.js'), 'serve']),
      ...['--certificate', 'self', '--kubeconfig', kubeconfig, '--drain-seconds', `${drainSeconds}`],
      ...['--port', `${port}`, '--health-port', `${healthPort}`],
      ...(rules === undefined ? [] : ['--rules', rules]),
    ],
    folder,
    env: { PATH: process.env.PATH, HOME: folder, ...COMPILE_CACHE },
  });
  const healthUrl = `http://127.0.0.1:${healthPort}`;
  return {
    name,
    port,
    healthUrl,
    async ready() {
      await reached(program, `${name} is ready`, async () => (await isReady()) || undefined, PATIENTLY);
    },
    isReady,
    status: async () => (await (await fetch(`${healthUrl}/status`)).json()) as Status,
    log: program.log,
    connections(ca) {
      if (!existsSync(connections)) return 0;
      return readFileSync(connections, 'utf8').split(`${ca}\n`).length - 1;
    },
    async reviews() {
      const metrics = await (await fetch(`${healthUrl}/metrics`)).text();
      const counts = metrics.matchAll(/^portcullis_review_duration_seconds_count\{.*\} (\d+)$/gm);
      return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
    },
    stop: (signal) => program.stop(signal, 30_000),
  };

  async function isReady(): Promise<boolean> {
    try {
      return (await fetch(`${healthUrl}/readyz`)).ok;
    } catch {
      return false;
    }
  }
}
