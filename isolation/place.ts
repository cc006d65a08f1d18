import type { Found } from './messages.ts';
import { isAlone, LARGE_BYTES, type Waiting } from './waiting.ts';
import type { Ending, WorkerProcess } from './worker-process.ts';

/** A worker, and what it is at. Times are those of `performance.now()`. */
export interface Place {
  readonly worker: WorkerProcess;
  /** What it may hold in memory, in MiB, while it is at a review. */
  readonly mostMegabytes: number;
  /** It is for large reviews, and for nothing else. */
  readonly isLarge: boolean;
  isReady: boolean;
  /** All that have begun in it, by the words that only it and its owner know: the one it is at, and those that wait. */
  readonly reviews: Map<string, Waiting>;
  /** Of their bodies. */
  bytes: number;
  /** The one that it is at. */
  running: string | undefined;
  /** When it last gave a sign of life: was sent a review or what it waited for, or said which rule begins, or that it waits. */
  since: number;
  /** What has been found for those that wait, and is not sent yet. */
  readonly found: Found[];
  /** For how many milliseconds in all it let reviews wait without being at them. */
  heldMs: number;
  /** Why it is being ended. */
  ending: Ending | undefined;
}

/** A worker that is at one review for so long may never come back: others go elsewhere, before it is missed. */
const STUCK_MS = 100;

/** Could begin a review, or go on with one. */
export function isFree({ isReady, ending, running }: Place): boolean {
  return isReady && ending === undefined && running === undefined;
}

/** Is not there for others: at one review for long, or kept for one that waits. */
export function isStuck(place: Place, now: number): boolean {
  return (place.running !== undefined || isTaken(place)) && now - place.since > STUCK_MS;
}

/** Whether one is there that must be alone. */
export function isTaken({ reviews }: Place): boolean {
  if (reviews.size !== 1) return false;
  for (const only of reviews.values()) return isAlone(only);
  return false;
}

/** Whether this review may begin beside those that wait there; one must not that needs a place of its own. */
export function hasRoom(place: Place, { body }: Waiting): boolean {
  if (place.reviews.size === 0) return true;
  if (isTaken(place)) return false;
  return place.bytes + sizeOf(body) <= LARGE_BYTES;
}

export function enter(place: Place, id: string, review: Waiting): void {
  place.reviews.set(id, review);
  place.bytes += sizeOf(review.body);
}

/** Gives the review that has left; undefined where it was not there. */
export function leave(place: Place, id: string): Waiting | undefined {
  const review = place.reviews.get(id);
  if (review === undefined) return undefined;
  place.reviews.delete(id);
  place.bytes -= sizeOf(review.body);
  if (place.running === id) place.running = undefined;
  return review;
}

/** Why a worker has to be ended, be it at a review or idle; undefined while all is well. */
export function overrun(place: Place, now: number): Ending | undefined {
  const { running, reviews, since, worker, mostMegabytes } = place;
  const review = running === undefined ? undefined : reviews.get(running);
  if (review !== undefined) {
    if (now - since >= review.ruleMs) return { why: `it did not end within ${Math.round(review.ruleMs) / 1000} s` };
    if (now >= review.deadline) return { why: 'the time of this review is over', isEarly: now - since < FAIR_MS };
    // Nearly all reviews are over before anybody looks.
    if (now - since < LOOK_AT_MEMORY_MS) return undefined;
  }
  const megabytes = worker.megabytes();
  if (megabytes === undefined || megabytes <= mostMegabytes) return undefined;
  // Reviews that are over at once may leave it there all the same, a little each.
  if (review === undefined) return { why: `it kept more than ${mostMegabytes} MiB of memory` };
  return { why: `it took more than ${mostMegabytes} MiB of memory`, isOfMemory: true };
}

const LOOK_AT_MEMORY_MS = 50;
/** A rule that began so shortly before the review's end may be as quick as any. */
const FAIR_MS = 250;

/**
 * The bodies in one worker are no more together than one that is not yet large, since all of them may be in memory,
 * parsed. The smallest counts as 4 KiB: so two workers have room for a thousand, as many as a server takes in
 * (limits.ts), and nobody waits because others do.
 */
const LEAST_BYTES = 4096;

function sizeOf(body: Uint8Array): number {
  return Math.max(body.length, LEAST_BYTES);
}
