import { childrenOf, descriptorsOf, residentBytesOf } from '../serving/server-process.ts';
import type { Tally } from './load.ts';
import { percentileOf } from './percentile.ts';

/** How a server was at one moment. Memory is resident, in MB (10^6 bytes). */
export interface Sample {
  /** Since the watch began. */
  readonly seconds: number;
  readonly serverMB: number;
  /** Of all its workers together. */
  readonly workersMB: number;
  readonly workers: number;
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
  let latencies: number[] = [];
  const looking = setInterval(() => {
    const sorted = latencies.sort((a, b) => a - b);
    const sample = {
      seconds: Math.round(performance.now() - started) / 1000,
      ...stateOf(pid),
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

/** What a server holds right now. */
export function stateOf(pid: number): Pick<Sample, 'serverMB' | 'workersMB' | 'workers' | 'descriptors'> {
  const workers = childrenOf(pid);
  const megabytes = (process: number) => (residentBytesOf(process) ?? 0) / 1e6;
  return {
    serverMB: megabytes(pid),
    workersMB: workers.reduce((sum, worker) => sum + megabytes(worker), 0),
    workers: workers.length,
    descriptors: descriptorsOf(pid) ?? 0,
  };
}
