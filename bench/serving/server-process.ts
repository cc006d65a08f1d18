import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** A server in a process of its own. */
export interface ServerProcess {
  readonly pid: number;
  readonly port: number;
  /** From its start until it said that it serves. */
  readonly readyMs: number;
  /** CPU time so far, of all its threads and workers, in milliseconds; undefined where the system does not tell. */
  cpuMs(): number | undefined;
  /** Resident memory with that of its workers, in bytes; undefined where the system does not tell. */
  residentBytes(): number | undefined;
  /** Ends it, at once unless another signal is said, and waits until it is gone. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/**
 * Starts `node ARGS`, and waits for the line of its output in which `portIn` finds its port. Where there are two cores and
 * the system can say so, it has the first of its own, with its workers, unless it is to run wherever it likes; whoever
 * loads it then calls `leaveServersTheirCore`. It ends with this process. Rejects, with what it said, when it ends before.
 */
export async function startServer(
  args: readonly string[],
  portIn: (line: string) => number | undefined,
  { hasOwnCore = true }: { readonly hasOwnCore?: boolean } = {},
): Promise<ServerProcess> {
  const cores = hasOwnCore ? '0' : `0-${CORES - 1}`;
  const command = [...(isPinned ? ['taskset', '-c', cores] : []), process.execPath, ...args];
  const started = performance.now();
  const child = spawn(command[0] ?? '', command.slice(1), { stdio: ['ignore', 'pipe', 'pipe'], env: ENVIRONMENT });
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
  const port = await firstPort(child, portIn);
  const readyMs = performance.now() - started;
  const pid = child.pid ?? 0;
  return {
    pid,
    port,
    readyMs,
    cpuMs: () => cpuMs(pid),
    residentBytes: () => residentBytes(pid),
    async stop(signal = 'SIGKILL') {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill(signal);
      await once(child, 'exit');
    },
  };
}

const CORES = availableParallelism();

/** Whether servers have a core of their own. */
export const isPinned = CORES > 1 && existsSync('/usr/bin/taskset');

/** Keeps this process, which loads servers, to the other cores. */
export function leaveServersTheirCore(): void {
  if (isPinned) execFileSync('taskset', ['-acp', `1-${CORES - 1}`, String(process.pid)]);
}

/** No one's configuration but what the command line says. */
const ENVIRONMENT = { PATH: process.env.PATH, HOME: '/nonexistent' };

function firstPort(child: ChildProcess, portIn: (line: string) => number | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (chunk) => {
      said += chunk;
    });
    let rest = '';
    const onData = (chunk: Buffer) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const port = portIn(line);
        if (port === undefined) continue;
        // The log of what follows is read, and forgotten: a pipe that nobody reads would stop the server.
        child.stdout?.off('data', onData).resume();
        resolve(port);
        return;
      }
    };
    child.stdout?.on('data', onData);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${said}`)));
    child.once('error', reject);
  });
}

/** With its workers, which are processes of its own. */
function cpuMs(pid: number): number | undefined {
  const all = [pid, ...childrenOf(pid)].map(cpuMsOf);
  return all.reduce((sum, one) => (sum === undefined || one === undefined ? undefined : sum + one), 0);
}

/** The processes that it has started and that have not ended; none where the system does not tell. */
export function childrenOf(pid: number): number[] {
  const text = read(`/proc/${pid}/task/${pid}/children`)?.trim();
  return text ? text.split(' ').map(Number) : [];
}

/**
 * Fields 14 to 17 of proc(5)'s stat: user and system time, of its own and of the processes of its that have ended (workers
 * are replaced), in ticks, of which Linux has 100 a second.
 */
function cpuMsOf(pid: number): number | undefined {
  const text = read(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * 10;
}

function residentBytes(pid: number): number | undefined {
  const all = [pid, ...childrenOf(pid)].map(residentBytesOf);
  return all.reduce((sum, one) => (sum === undefined || one === undefined ? undefined : sum + one), 0);
}

/** Resident memory of this process alone; undefined once it has ended, or where the system does not tell. */
export function residentBytesOf(pid: number): number | undefined {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

/** How many files, sockets and the like it has open; undefined where the system does not tell. */
export function descriptorsOf(pid: number): number | undefined {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return undefined;
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
