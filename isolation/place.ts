import type { Decided, Deciding } from '../webhook/deciding.ts';
import type { Lookups } from '../webhook/lookup.ts';
import type { WorkerProcess } from './worker-process.ts';

/** A review on its way. Times are those of `performance.now()`. */
export interface Waiting {
  readonly body: Uint8Array;
  readonly route: Parameters<Deciding>[1];
  readonly lookups: Lookups;
  /** When nobody waits for its answer any more. */
  readonly deadline: number;
  /** How long its rules may go on without a sign of life. */
  readonly ruleMs: number;
  /** The rules that ended a worker with this review, by their names, and how. */
  readonly heldBack: { [rule: string]: string };
  readonly resolve: (decided: Decided) => void;
  /** How many workers it has ended. */
  ends: number;
}

/** A worker, and what it is at. */
export interface Place {
  readonly worker: WorkerProcess;
  isReady: boolean;
  job: Waiting | undefined;
  /** Of the job; each has another. */
  id: number;
  /** When it last gave a sign of life: was sent a review or what it looked up, or began a rule and said so. */
  since: number;
  /** How many of its lookups are not answered yet. */
  wanted: number;
  /** The place among the rules of the one that began last, where that is traced. */
  rule: number | undefined;
  /** Why it is being ended. */
  ending: string | undefined;
}

/** What a worker may hold in memory, in MiB, while it is at one review. */
export const MOST_MEGABYTES = 288;

/** Why a worker has to be ended that is at this review; undefined while all is well. */
export function overrun(place: Place, job: Waiting, now: number): string | undefined {
  const { since, wanted, worker } = place;
  if (wanted === 0 && now - since >= job.ruleMs) return `it did not end within ${Math.round(job.ruleMs) / 1000} s`;
  if (now >= job.deadline) return 'the time of this review is over';
  // Nearly all reviews are over before anybody looks.
  if (now - since < LOOK_AT_MEMORY_MS) return undefined;
  const megabytes = worker.megabytes();
  if (megabytes === undefined || megabytes <= MOST_MEGABYTES) return undefined;
  return `it took more than ${MOST_MEGABYTES} MiB of memory`;
}

const LOOK_AT_MEMORY_MS = 50;
