import { parentPort, workerData } from 'node:worker_threads';
import { serveReviews } from '../isolation/worker.ts';
import { builtInRules, followed } from '../rules/index.ts';
import { configFrom } from './config.ts';
import type { Environment } from './environment.ts';
import { hardenIntrinsics } from './harden-intrinsics.ts';
import { loadRules } from './load.ts';
import type { Given } from './usage.ts';

/** What a thread that decides reviews is started with: what the server was told, so that it has the same rules. */
export interface RuleWorkerData {
  readonly given: Given;
  readonly environment: Environment;
  readonly cells: Int32Array;
}

// A thread's own file: it loads the rules as the server did, and decides what comes.
const { given, environment, cells } = workerData as RuleWorkerData;
const rules = await loadRules(builtInRules, configFrom(given, environment), { followed });
hardenIntrinsics();
if (parentPort !== null) serveReviews(rules, { port: parentPort, cells });
