import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { FromWorker, ToWorker } from './messages.ts';

/** A process that decides one review at a time. */
export interface WorkerProcess {
  send(message: ToWorker): void;
  /** What it holds in memory, in MiB; undefined where the system does not tell (proc(5) does). */
  megabytes(): number | undefined;
  /** Ends it, whatever it does. `onEnd` is called as well. */
  end(): void;
}

/** Starts a process that runs `serveReviews`, with an IPC channel whose serialization is `advanced`. */
export type StartProcess = () => ChildProcess;

/** Starts a worker. `onEnd` is called once, with how it ended, and when nothing that it sent is still to come. */
export function startWorker(
  start: StartProcess,
  { onMessage, onEnd }: { onMessage: (message: FromWorker) => void; onEnd: (how: string) => void },
): WorkerProcess {
  const child = start();
  let how: string | undefined;
  let isOver = false;
  child.on('message', (message) => onMessage(message as FromWorker));
  child.on('exit', (code, signal) => {
    how = ended(code, signal);
    over();
  });
  // It may have sent something just before its end. One that only closes its channel is of no use any more.
  child.on('disconnect', () => {
    child.kill('SIGKILL');
    over();
  });
  // It could not be started; or it ended while it was sent something, and then its end is told as well.
  child.on('error', (error) => {
    if (child.pid !== undefined || isOver) return;
    isOver = true;
    onEnd(error.message);
  });
  return {
    send: (message) => void child.send(message, () => {}),
    megabytes: () => (child.pid === undefined ? undefined : megabytesOf(child.pid)),
    end: () => void child.kill('SIGKILL'),
  };

  function over(): void {
    if (how === undefined || child.connected || isOver) return;
    isOver = true;
    onEnd(how);
  }
}

/** V8 aborts where its heap is full (SIGABRT), or where no memory could hold what is asked for (SIGTRAP, SIGILL). */
function ended(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === 'SIGABRT' || signal === 'SIGTRAP' || signal === 'SIGILL')
    return `it ran out of memory, or aborted (${signal})`;
  return `it ended its process with ${signal ?? `code ${code}`}`;
}

function megabytesOf(pid: number): number | undefined {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
}
