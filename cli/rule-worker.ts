import { Socket } from 'node:net';
import { hearFrames, sendFrame } from '../isolation/channel.ts';
import type { FromWorker, ToWorker } from '../isolation/messages.ts';
import { serveReviews } from '../isolation/worker.ts';
import { CHANNEL } from '../isolation/worker-process.ts';
import { configFrom } from './config.ts';
import { hardenIntrinsics } from './harden-intrinsics.ts';
import { loadHashed } from './hashed-rules.ts';
import type { Given } from './usage.ts';

/** What a process that decides reviews is started with, as JSON: what the server was told, so that it loads the same rules. */
export interface RuleWorkerData {
  readonly given: Given;
  /** Of the server's rules (HashedRules). */
  readonly sha256: string;
}

// A process's own file: it loads the rules as the server did, and decides what comes.
const server = new Socket({ fd: CHANNEL, readable: true, writable: true });
// The server says when it is over, and a terminal says so to all processes at once; without the server, nobody does.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
for (const event of ['close', 'error']) server.on(event, () => process.exit());
// What a rule leaves behind (a promise, a timer) may fail; nobody's review is to be lost for it.
let isReady = false;
for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
  process.on(event, (error: unknown) => {
    if (isReady) tell({ failure: `${event}: ${described(error)}` });
    else unable(error);
  });
}

const { given, sha256 } = JSON.parse(process.argv[2] ?? '') as RuleWorkerData;
const hashed = await loadHashed(configFrom(given, process.env));
if (hashed.sha256 !== sha256) {
  throw new Error('the rules or their settings have changed since the server loaded them: restart it');
}
hardenIntrinsics();
isReady = true;
serveReviews(hashed.rules, {
  send: tell,
  hear: (listener) =>
    hearFrames(server, {
      most: Number.POSITIVE_INFINITY,
      onFrame: ({ header, bytes }) => listener(header as ToWorker, bytes),
      onFault: () => process.exit(1),
    }),
});

function tell(message: FromWorker, text?: string): void {
  sendFrame(server, message, text === undefined ? undefined : Buffer.from(text));
}

function unable(error: unknown): void {
  tell({ unable: error instanceof Error ? error.message : String(error) });
  server.end(() => process.exit(1));
}

function described(error: unknown): string {
  try {
    return error instanceof Error ? String(error.stack) : String(error);
  } catch {
    return 'something that cannot be described';
  }
}
