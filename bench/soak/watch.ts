import { readFileSync } from 'node:fs';
import { childrenOf, descriptorsOf, residentBytesOf } from '../serving/server-process.ts';
import type { Tally } from './load.ts';
import { percentileOf } from './percentile.ts';

/** How a server was at one moment. Memory is resident, in MB (10^6 bytes). */
export interface Sample {
  /** Since the watch began. */
  readonly seconds: number;
  readonly serverMB: number;
  /** Of each of its workers, by process id, without the files (Node itself) that all share: a pod holds those once. */
  readonly workersMB: { readonly [pid: string]: number };
  /** How many have been started since the watch began, with those that were there. */
  readonly workersStarted: number;
  /** Open files, sockets and the like of the server alone. */
  readonly descriptors: number;
  /** Of the reviews decided since the sample before, in ms; undefined where there were none. */
  readonly p99: number | undefined;
  /** How many those were. */
  readonly decided: number;
}

/** Whoever looks at a server once a second. */
export interface Watch {
  readonly samples: readonly Sample[];
  /** To be told what came of the load. */
  heard(tally: Tally): void;
  stop(): void;
}

/** Watches the server with this process id; `onSample` is called for each sample. Needs proc(5). */
export function watch(pid: number, onSample: (sample: Sample) => void = () => {}): Watch {
  const started = performance.now();
  const samples: Sample[] = [];
  const seen = new Set<string>();
  let latencies: number[] = [];
  const looking = setInterval(() => {
    const sorted = latencies.sort((a, b) => a - b);
    const state = stateOf(pid);
    for (const worker of Object.keys(state.workersMB)) seen.add(worker);
    const sample = {
      seconds: Math.round(performance.now() - started) / 1000,
      ...state,
      workersStarted: seen.size,
      p99: percentileOf(sorted, 0.99),
      decided: sorted.length,
    };
    latencies = [];
    samples.push(sample);
    onSample(sample);
  }, 1000);
  return {
    samples,
    heard: (tally) => latencies.push(...tally.latencies),
    stop: () => clearInterval(looking),
  };
}

/** How many workers there were. */
export function workersIn({ workersMB }: Pick<Sample, 'workersMB'>): number {
  return Object.keys(workersMB).length;
}

/** What server and workers took together, in MB. */
export function totalMB({ serverMB, workersMB }: Pick<Sample, 'serverMB' | 'workersMB'>): number {
  return Object.values(workersMB).reduce((sum, one) => sum + one, serverMB);
}

/** What a server holds right now. */
export function stateOf(pid: number): Pick<Sample, 'serverMB' | 'workersMB' | 'descriptors'> {
  return {
    serverMB: (residentBytesOf(pid) ?? 0) / 1e6,
    workersMB: Object.fromEntries(childrenOf(pid).map((worker) => [worker, anonymousBytesOf(worker) / 1e6])),
    descriptors: descriptorsOf(pid) ?? 0,
  };
}

/** Resident memory that is in no file; 0 once the process has ended. */
function anonymousBytesOf(pid: number): number {
  try {
    return Number(/^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
