import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import { isPinned } from './serving/server-process.ts';

/** Where figures come from: whoever reads them has to know what they are worth. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  /** Else it shares them with whoever loads it. */
  readonly serverHasItsOwnCore: boolean;
  /** Processes that ran or wanted to, in the minute before: more than none take from the figures. */
  readonly loadAverage: number;
}

/** Describes this machine as it is now. */
export function machine(): Machine {
  const [{ model = 'unknown' } = {}] = cpus();
  return {
    cpu: model,
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${release()} ${process.arch}`,
    node: process.version,
    serverHasItsOwnCore: isPinned,
    loadAverage: Number((loadavg()[0] ?? 0).toFixed(2)),
  };
}
