import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type Frame, hearFrames, type Stream, sendFrame } from './channel.ts';
import type { ToWorker } from './messages.ts';

/** Why a worker has ended, or has to be ended. */
export interface Ending {
  readonly why: string;
  /** It took too much, or could not have as much as it wanted. */
  readonly isOfMemory?: boolean;
  /** Whatever it was at had hardly begun, and is not to blame. */
  readonly isEarly?: boolean;
  /** Nothing is wrong with it. */
  readonly isUsual?: boolean;
}

/** A process that decides reviews. */
export interface WorkerProcess {
  /** Throws for what is no JSON, and then has sent nothing. */
  send(message: ToWorker, bytes?: Uint8Array): void;
  /** What it holds in memory, in MiB; undefined where the system does not tell (proc(5) does). */
  megabytes(): number | undefined;
  /** Ends it, whatever it does. `onEnd` is called as well. */
  end(): void;
}

/**
 * Starts a process that runs `serveReviews` over a stream that both ends read and write, the file descriptor CHANNEL;
 * it may have a heap of so many MiB.
 */
export type StartProcess = (heapMegabytes: number) => ChildProcess;

/**
 * The worker's end of the channel. Not Node's own, which gives `process.send` to whoever runs in the process, and hands
 * over objects of all sorts, read before anybody can look at them.
 */
export const CHANNEL = 3;

/** Starts a worker. `onEnd` is called once, with how it ended, and when nothing that it sent is still to come. */
export function startWorker(
  child: ChildProcess,
  { onFrame, onEnd }: { onFrame: (frame: Frame) => void; onEnd: (how: Ending) => void },
): WorkerProcess {
  const stream = child.stdio[CHANNEL] as (Stream & { readonly closed: boolean; on: ChildProcess['on'] }) | undefined;
  let how: Ending | undefined;
  let fault: string | undefined;
  let isOver = false;
  child.on('exit', (code, signal) => {
    how = fault === undefined ? ended(code, signal) : { why: fault };
    // A process that it has left behind may hold the channel open.
    setTimeout(() => stream?.destroy(), END_MS).unref();
    over();
  });
  // It could not be started; its end, where it has begun, is told besides.
  child.on('error', (error) => {
    if (child.pid !== undefined || isOver) return;
    isOver = true;
    onEnd({ why: error.message });
  });
  if (stream !== undefined) {
    hearFrames(stream, {
      most: MOST_BYTES,
      onFrame,
      onFault(what) {
        fault = what;
        child.kill('SIGKILL');
      },
    });
    // It may have sent something just before its end.
    stream.on('close', () => {
      if (how === undefined) setTimeout(leaves, END_MS).unref();
      over();
    });
    // It ended while it was sent something.
    stream.on('error', () => {});
  }
  return {
    send(message, bytes) {
      if (stream !== undefined) sendFrame(stream, message, bytes);
    },
    megabytes: () => (child.pid === undefined ? undefined : megabytesOf(child.pid)),
    end: () => void child.kill('SIGKILL'),
  };

  /** One that only closes its channel is of no use any more. */
  function leaves(): void {
    if (how !== undefined) return;
    fault = 'it closed the channel to the server';
    child.kill('SIGKILL');
  }

  function over(): void {
    if (how === undefined || stream?.closed === false || isOver) return;
    isOver = true;
    onEnd(how);
  }
}

/** An answer with a patch of all that a rule could put in place of the largest review (limits.ts), in base64. */
const MOST_BYTES = 64 * 2 ** 20;

/** A process that ends closes the channel, too: of one it is heard within milliseconds of the other. */
const END_MS = 100;

/** V8 aborts where its heap is full (SIGABRT), or where no memory could hold what is asked for (SIGTRAP, SIGILL). */
function ended(code: number | null, signal: NodeJS.Signals | null): Ending {
  if (signal === 'SIGABRT' || signal === 'SIGTRAP' || signal === 'SIGILL')
    return { why: `it ran out of memory, or aborted (${signal})`, isOfMemory: true };
  return { why: `it ended its process with ${signal ?? `code ${code}`}` };
}

function megabytesOf(pid: number): number | undefined {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
}
