import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { COMPILE_CACHE } from '../compile-cache.ts';
import { startProgram } from './program.ts';
import { reached } from './reached.ts';

/** How to start it. */
export interface PortcullisOptions {
  /** What follows `serve`: `['--port', '0', '--health-port', '0', …]`, so that the ports are free ones. */
  readonly args: readonly string[];
  /** The working folder; the repository's unless said. */
  readonly cwd?: string;
  /** All of its environment but PATH and HOME (a temporary folder); `plane.env` points it at a control plane. */
  readonly env?: { readonly [name: string]: string | undefined };
}

/** A running Portcullis. */
export interface Portcullis {
  /** Where it serves webhooks: `https://127.0.0.1:PORT`. */
  readonly url: string;
  /** Where it serves `/livez`, `/readyz` and `/metrics`, in the clear. */
  readonly healthUrl: string;
  readonly pid: number;
  /** All that it has written so far, also after its end. */
  log(): string;
  /**
   * Sends the signal (SIGTERM unless said) and waits for the end, at most 60 s, then SIGKILL. Gives the exit code, null
   * when a signal ended it. It goes on serving for 10 s first: `--drain-seconds 0` where that is not the point.
   */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

const root = resolve(import.meta.dirname, '../..');

/**
 * Starts `portcullis serve` and gives it when its `/readyz` answers 200. Rejects, with the end of its log, when it ends
 * or is not ready within 30 s. It cannot outlive this process.
 */
export async function startPortcullis({ args, cwd = root, env = {} }: PortcullisOptions): Promise<Portcullis> {
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-serve-'));
  const program = await startProgram({
    name: 'portcullis',
    command: process.execPath,
    args: [join(root, 'cli/portcullis.js'), 'serve', ...args],
    folder,
    cwd,
    env: { PATH: process.env.PATH, HOME: folder, ...COMPILE_CACHE, ...env },
  });
  try {
    const often = { everyMs: 20 };
    const { url, healthUrl } = await reached(program, 'word of serving', async () => serving(program.log()), often);
    const isReady = async () => (await fetch(`${healthUrl}/readyz`)).ok || undefined;
    await reached(program, 'readiness', isReady, often);
    return { url, healthUrl, pid: program.pid, log: program.log, stop };
  } catch (error) {
    await stop('SIGKILL');
    throw error;
  }

  async function stop(signal?: NodeJS.Signals): Promise<number | null> {
    const code = await program.stop(signal, 60_000);
    await rm(folder, { recursive: true, force: true });
    return code;
  }
}

/** What the log line with the message `serving` says, once it is there in full. */
function serving(log: string): { url: string; healthUrl: string } | undefined {
  const lines = log.split('\n').slice(0, -1);
  const line = lines.find((text) => text.startsWith('{') && text.includes('"msg":"serving"'));
  return line === undefined ? undefined : JSON.parse(line);
}
