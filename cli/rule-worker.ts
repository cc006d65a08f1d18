import { parentPort, workerData } from 'node:worker_threads';
import { serveReviews } from '../isolation/worker.ts';
import { configFrom } from './config.ts';
import type { Environment } from './environment.ts';
import { hardenIntrinsics } from './harden-intrinsics.ts';
import { loadHashed } from './hashed-rules.ts';
import type { Given } from './usage.ts';

/** What a thread that decides reviews is started with: what the server was told, so that it loads the same rules. */
export interface RuleWorkerData {
  readonly given: Given;
  readonly environment: Environment;
  /** Of the server's rules (HashedRules). */
  readonly sha256: string;
  readonly cells: Int32Array;
}

// A thread's own file: it loads the rules as the server did, and decides what comes.
const { given, environment, sha256, cells } = workerData as RuleWorkerData;
const hashed = await loadHashed(configFrom(given, environment));
if (hashed.sha256 !== sha256) {
  throw new Error('the rules or their settings have changed since the server loaded them: restart it');
}
hardenIntrinsics();
if (parentPort !== null) serveReviews(hashed.rules, { port: parentPort, cells });
