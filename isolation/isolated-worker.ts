import type { Worker } from 'node:worker_threads';
import { BEGUN, CELLS, type FromWorker, RUNNING, type ToWorker, WAITING } from './messages.ts';

/** A worker thread that decides one review at a time. */
export interface IsolatedWorker {
  send(message: ToWorker): void;
  /** Which rule runs now: its place among the rules; undefined while none does, or one waits for a lookup. */
  running(): Running | undefined;
  /** Which rule ran last of all, when the thread came to its end. */
  ranLast(): number | undefined;
  /** Ends the thread, whatever it does. `onEnd` is called as well. */
  end(): void;
}

/** A rule that runs. The same again, begun later, has another count. */
export interface Running {
  readonly rule: number;
  readonly count: number;
}

/** Makes a thread that runs `serveReviews` on its parent's port with these cells. */
export type StartThread = (cells: Int32Array) => Worker;

/** Starts a worker. `onEnd` is called once, with the reason, when it is no more; `onMessage` before that alone. */
export function startWorker(
  start: StartThread,
  { onMessage, onEnd }: { onMessage: (message: FromWorker) => void; onEnd: (reason: string) => void },
): IsolatedWorker {
  const cells = new Int32Array(new SharedArrayBuffer(CELLS * Int32Array.BYTES_PER_ELEMENT));
  const thread = start(cells);
  let reason: string | undefined;
  let isOver = false;
  thread.on('message', (message: FromWorker) => !isOver && onMessage(message));
  thread.on('messageerror', () => thread.terminate());
  thread.on('error', (error: Error & { code?: string }) => {
    reason =
      error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'it ran out of memory' : `it ended its thread: ${error.message}`;
  });
  thread.on('exit', (code) => {
    if (isOver) return;
    isOver = true;
    onEnd(reason ?? `it ended its thread with code ${code}`);
  });
  return {
    send(message) {
      // Clones of a small Buffer would take its whole pool along, and a transfer would take that away from others.
      if (!('body' in message)) return thread.postMessage(message);
      const body = new Uint8Array(message.body);
      thread.postMessage({ ...message, body }, [body.buffer]);
    },
    running() {
      const rule = Atomics.load(cells, RUNNING) - 1;
      return rule < 0 || Atomics.load(cells, WAITING) > 0 ? undefined : { rule, count: Atomics.load(cells, BEGUN) };
    },
    ranLast() {
      const rule = Atomics.load(cells, RUNNING) - 1;
      return rule < 0 ? undefined : rule;
    },
    end() {
      void thread.terminate();
    },
  };
}
