import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServingTable } from '../table.ts';
import { type Load, load, percentile, type Target } from './load.ts';
import { builtIn, loaded, type Measured } from './reviews.ts';
import { type ServerProcess, startServer } from './server-process.ts';

/** As many as an API server opens to one replica when it is busy; and for bodies so large that more would be refused. */
const CONNECTIONS = 16;
const FOR_LARGE = 4;
const ROUNDS = 3;
const ROUND_MS = 1500;

/** One server's figures for one review, over all rounds. */
interface Figures {
  readonly perSecond: number;
  /** CPU time of the server for one answer; undefined where the system does not tell. */
  readonly cpuMs: number | undefined;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
}

/**
 * What a review costs over HTTPS, beside a bare server that only parses it and answers a constant: both in processes of
 * their own, in turn, so that whatever else the machine does meets both. `peer` is the origin of another server that is
 * asked the same.
 */
export async function servingTable(peer?: string): Promise<ServingTable> {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-bench-'));
  const running: ServerProcess[] = [];
  try {
    const certs = join(folder, 'certs');
    const plain = await started(running, portcullis(certs));
    const own = await started(running, [...portcullis(certs), '--rules', join(import.meta.dirname, 'rules')]);
    const bare = await started(running, [
      join(import.meta.dirname, 'bare.ts'),
      join(certs, 'tls.crt'),
      join(certs, 'tls.key'),
    ]);
    const ca = readFileSync(join(certs, 'ca.crt'), 'utf8');
    const lines = [];
    for (const [server, reviews] of [
      [plain, builtIn],
      [own, loaded],
    ] as const) {
      for (const review of reviews) lines.push(await line(review, { bare, server, ca, peer }));
    }
    return {
      name: 'serving, a review over HTTPS',
      lines,
      readyMs: plain.readyMs,
      residentBytes: plain.residentBytes(),
    };
  } finally {
    for (const server of running) await server.stop();
    rmSync(folder, { recursive: true });
  }
}

function portcullis(certs: string): string[] {
  const command = join(import.meta.dirname, '../../cli/portcullis.js');
  return [command, 'serve', '--port', '0', '--health-port', '0', '--certs', certs, '--cluster-access', 'none'];
}

async function started(running: ServerProcess[], args: readonly string[]): Promise<ServerProcess> {
  const server = await startServer(args, portIn);
  running.push(server);
  return server;
}

/** A bare server says its port alone, Portcullis its URL in a line of its log. */
function portIn(line: string): number | undefined {
  const port = /^(\d+)$/.exec(line)?.[1] ?? /"url":"https:\/\/[^"]*:(\d+)"/.exec(line)?.[1];
  return port === undefined ? undefined : Number(port);
}

interface Servers {
  readonly bare: ServerProcess;
  readonly server: ServerProcess;
  readonly ca: string;
  readonly peer: string | undefined;
}

async function line(
  { what, path, body }: Measured,
  { bare, server, ca, peer }: Servers,
): Promise<ServingTable['lines'][number]> {
  const at = ({ port }: ServerProcess): Target => ({ host: '127.0.0.1', port, path, body, ca });
  const measured = new Map<ServerProcess | string, Round[]>([
    [bare, []],
    [server, []],
    ...(peer === undefined ? [] : [[peer, []] as [string, Round[]]]),
  ]);
  // The first round warms up.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [whom, rounds] of measured) {
      const done =
        typeof whom === 'string' ? await roundOf(peerTarget(whom, path, body)) : await roundOf(at(whom), whom);
      if (round > 0) rounds.push(done);
    }
  }
  const of = (whom: ServerProcess | string) => figures(measured.get(whom) ?? []);
  return {
    what,
    bytes: body.length,
    bare: of(bare),
    portcullis: of(server),
    peer: peer === undefined ? undefined : of(peer),
  };
}

function peerTarget(origin: string, path: string, body: Uint8Array): Target {
  const { hostname, port, pathname } = new URL(origin);
  return { host: hostname, port: Number(port || 443), path: pathname === '/' ? path : pathname, body };
}

interface Round {
  readonly load: Load;
  readonly cpuMs: number | undefined;
}

async function roundOf(target: Target, server?: ServerProcess): Promise<Round> {
  const before = server?.cpuMs();
  const done = await load(target, {
    connections: target.body.length > 1e6 ? FOR_LARGE : CONNECTIONS,
    ms: ROUND_MS,
  });
  const after = server?.cpuMs();
  const wrong = Object.keys(done.others);
  if (wrong.length > 0 && server !== undefined) throw new Error(`${target.path}: answered with ${wrong.join(', ')}`);
  return { load: done, cpuMs: before === undefined || after === undefined ? undefined : after - before };
}

function figures(rounds: readonly Round[]): Figures {
  const answers = rounds.reduce((sum, { load }) => sum + load.answers, 0);
  const seconds = rounds.reduce((sum, { load }) => sum + load.seconds, 0);
  const cpu = rounds.map(({ cpuMs }) => cpuMs);
  const latencies = Float64Array.from(rounds.flatMap(({ load }) => [...load.latencies])).sort();
  const all = { answers, others: {}, seconds, latencies };
  return {
    perSecond: answers / seconds,
    cpuMs: cpu.includes(undefined) ? undefined : (cpu as number[]).reduce((sum, ms) => sum + ms, 0) / answers,
    p50: percentile(all, 0.5),
    p99: percentile(all, 0.99),
    p999: percentile(all, 0.999),
  };
}
