import type { Decided, Deciding } from '../webhook/deciding.ts';
import type { Engine } from '../webhook/engine.ts';
import { inTime, millisecondsFor } from '../webhook/in-time.ts';
import { resourceName } from '../webhook/kind.ts';
import type { Lookups } from '../webhook/lookup.ts';

/** A review on its way. Times are those of `performance.now()`. */
export interface Waiting {
  readonly body: Uint8Array;
  readonly route: Parameters<Deciding>[1];
  readonly lookups: Lookups;
  /** When nobody waits for its answer any more. */
  readonly deadline: number;
  /** Until when it has to begin; once it has, it may be begun elsewhere until its deadline. */
  latest: number;
  /** How long its rules may go on without a sign of life. */
  readonly ruleMs: number;
  /** There is no time to end one worker to learn that it does, and another to learn which rule it is. */
  readonly isBrief: boolean;
  /** The rules that ended a worker with this review, by their names, and how. */
  readonly heldBack: { [rule: string]: string };
  readonly resolve: (decided: Decided) => void;
  /** The place among the rules of the one that it said last that it began or went on with, where that is traced. */
  rule: number | undefined;
  /** How many workers ended while they were at it. */
  ends: number;
  /** How the last of those ended. */
  why: string | undefined;
  /** How many workers ended while it waited there for what was looked up, and they were at another or at none. */
  besides: number;
}

/** A review has arrived: its time begins. */
export function waiting(
  { body, route, url }: { readonly body: Uint8Array; readonly route: Waiting['route']; readonly url: string },
  engine: Engine,
  { ruleMs, resolve }: { readonly ruleMs: number; readonly resolve: Waiting['resolve'] },
): Waiting {
  const milliseconds = millisecondsFor(url);
  const arrived = performance.now();
  const longest = Math.min(ruleMs, milliseconds / 4) * (1 + Math.floor(body.length / MIB));
  return {
    body,
    route,
    lookups: onlyOnce(inTime(engine, url).lookups),
    deadline: arrived + milliseconds - LOOK_MS,
    latest: arrived + milliseconds / 2,
    ruleMs: longest,
    isBrief: 2 * longest + START_MS > milliseconds,
    heldBack: {},
    resolve,
    rule: undefined,
    ends: 0,
    why: undefined,
    besides: 0,
  };
}

/**
 * Whether there is no point in beginning it. One that begins just before its end ends its worker at the deadline,
 * and under overload they all would: what the workers' starts then take keeps the next ones waiting as long. So it is
 * refused while its sender can still ask again, and another replica may have time.
 */
export function isTooLate({ latest }: Waiting, now: number): boolean {
  return now >= latest;
}

/** A review that has ended so many workers, with no rule to blame, is not tried again. */
export const MOST_ENDS = 3;

/**
 * What has ended a worker must not meet others' reviews; nor what was there three times when one ended, which few are by
 * chance. A large one needs all the memory.
 */
export function isAlone(review: Waiting): boolean {
  return review.ends > 0 || review.besides >= MOST_ENDS || isLarge(review);
}

/** Whether it goes to a worker with more memory (LARGE_BYTES). */
export function isLarge({ body }: Waiting): boolean {
  return body.length > LARGE_BYTES;
}

/**
 * Parsed, and with the copies for several rules that edit it, a review takes some 45 times its bytes where they are
 * hundreds of thousands of short members, and three times where they are long texts. So this much always fits a worker
 * of the usual kind, and etcd takes no object of more than 1.5 MiB.
 */
export const LARGE_BYTES = 2 * 2 ** 20;

/** How often it is looked whether a review goes on too long; so much later it may be told. */
export const LOOK_MS = 50;

const MIB = 2 ** 20;
/** A process starts within 0.4 s, and where two start at once on a machine that is busy, within this. */
const START_MS = 1500;

/** A review that is decided again sees what it saw before, and costs the API server nothing more. */
function onlyOnce(lookups: Lookups): Lookups {
  const asked = new Map<string, Promise<unknown>>();
  return {
    find(kind, namespace, name) {
      const key = [resourceName(kind), kind.version, namespace, name].join(' ');
      const found = asked.get(key) ?? lookups.find(kind, namespace, name);
      asked.set(key, found);
      return found;
    },
  };
}
