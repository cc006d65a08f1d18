import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Target } from './load.ts';
import type { Measured } from './reviews.ts';
import { leaveServersTheirCore, type ServerProcess, startServer } from './server-process.ts';

/** Somebody who answers reviews. */
export interface Contender {
  /** As tables call it. */
  readonly name: string;
  /** Answers by the rules, so that anything but the right answer is a fault of the benchmark. */
  readonly isPortcullis: boolean;
  target(review: Measured): Target;
  /** CPU time so far, with its workers, in milliseconds; undefined where nobody knows. */
  cpuMs(): number | undefined;
}

/** Starts servers, each in a process of its own, with certificates of one CA. */
export interface Servers {
  /** `portcullis serve` with these flags more, without a cluster. */
  portcullis(name: string, flags?: readonly string[]): Promise<Contender>;
  /** Of node:https alone; not before there is a Portcullis. */
  bare(): Promise<Contender>;
}

/**
 * Lends servers to the action, and ends them when it is over. Those of Portcullis leave a CPU profile each in the folder
 * `profile`, where there is one: they are then ended in good order, which is when Node writes it.
 */
export async function withServers<T>(profile: string | undefined, action: (servers: Servers) => Promise<T>) {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-bench-'));
  const certs = join(folder, 'certs');
  const running: ServerProcess[] = [];
  leaveServersTheirCore();
  try {
    return await action({
      portcullis: (name, flags = []) => started(name, [...profiling(name), ...serve(certs), ...flags], true),
      bare: () => started('bare', [BARE, join(certs, 'tls.crt'), join(certs, 'tls.key')], false),
    });
  } finally {
    for (const server of running) await server.stop(profile === undefined ? 'SIGKILL' : 'SIGINT');
    rmSync(folder, { recursive: true });
  }

  function profiling(name: string): string[] {
    if (profile === undefined) return [];
    return ['--cpu-prof', `--cpu-prof-dir=${profile}`, `--cpu-prof-name=${name.replaceAll(' ', '-')}.cpuprofile`];
  }

  async function started(name: string, args: readonly string[], isPortcullis: boolean): Promise<Contender> {
    const server = await startServer(args, portIn);
    running.push(server);
    const ca = readFileSync(join(certs, 'ca.crt'), 'utf8');
    const target = ({ path, body }: Measured) => ({ host: '127.0.0.1', port: server.port, path, body, ca });
    return { name, isPortcullis, target, cpuMs: server.cpuMs };
  }
}

const BARE = join(import.meta.dirname, 'bare.ts');

/** What follows `node` to start `portcullis serve` on free ports, its certificates in that folder; without a cluster unless said. */
export function serve(certs: string, { command = COMMAND, kubeconfig }: HowToServe = {}): string[] {
  const cluster = kubeconfig === undefined ? ['--cluster-access', 'none'] : ['--kubeconfig', kubeconfig];
  return [command, 'serve', '--port', '0', '--health-port', '0', '--certs', certs, ...cluster];
}

export interface HowToServe {
  /** The path of portcullis.js; that of the sources unless said. */
  readonly command?: string | undefined;
  readonly kubeconfig?: string | undefined;
}

const COMMAND = join(import.meta.dirname, '../../cli/portcullis.js');

/** The port that a line of output tells: a bare server says it alone, Portcullis in its URL in a line of its log. */
export function portIn(line: string): number | undefined {
  const port = /^(\d+)$/.exec(line)?.[1] ?? /"url":"https:\/\/[^"]*:(\d+)"/.exec(line)?.[1];
  return port === undefined ? undefined : Number(port);
}
