import type { Logger } from 'pino';
import type { Deciding } from '../webhook/deciding.ts';
import type { Engine } from '../webhook/engine.ts';
import { lookedUp } from '../webhook/lookup.ts';
import { onceASecond } from '../webhook/once-a-second.ts';
import { afterEnd } from './after-end.ts';
import { NONSENSE } from './channel.ts';
import { choice } from './choice.ts';
import { failed, tooLate } from './failed.ts';
import { foundFor, unknown } from './found.ts';
import type { FromWorker, Stretch, Unable, Waits } from './messages.ts';
import { enter, isFree, isStuck, isTaken, leave, overrun, type Place } from './place.ts';
import { MOST_MEGABYTES, startPool } from './pool.ts';
import { isAlone, isLarge, isTooLate, LARGE_BYTES, LOOK_MS, type Waiting, waiting } from './waiting.ts';
import type { Ending, StartProcess } from './worker-process.ts';

/** What isolation needs, and its limits; times in milliseconds. */
export interface IsolationOptions {
  readonly start: StartProcess;
  /** The same rules as the workers have, and what they look up. */
  readonly engine: Engine;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Workers that are always there. */
  readonly size: number;
  /** As many may be there while some are stuck. */
  readonly most?: number;
  /** What a worker for large reviews may hold in memory, in MiB: as much as for others unless said. */
  readonly largeMegabytes?: number;
  /**
   * How long the rules of a review may go on without an answer: at the most a quarter of its time, and as much again for
   * each MiB of it, since what is large takes long without anybody's fault.
   */
  readonly ruleMs?: number;
}

/** Workers that decide reviews. */
export interface Isolation {
  readonly decide: Deciding;
  /** Resolves once all workers that are always there have loaded their rules; rejects when one cannot. */
  readonly ready: Promise<void>;
  /** How many workers could begin a review or are at one, how many reviews wait, and why no worker can start, if so. */
  state(): { readonly workers: number; readonly waiting: number; readonly fault?: string | undefined };
  /** Ends all workers. Whatever is still undecided fails. */
  close(): void;
}

/** Rules take microseconds. Of a review's usual 4.5 s this leaves room for two more tries. */
const RULE_MS = 1000;

/**
 * Decides reviews in worker processes, so that what a rule does costs its own review alone. A worker is at one review at
 * a time; those that wait for what is looked up wait beside it, and go on before another begins. A review that goes on
 * too long, ends its worker or fills its memory is decided again (after-end.ts), by itself, once there is a worker
 * besides the one that it may end, and that one says which rule begins; the rule that ends this one, too, is left out of
 * the third try: it has failed, and its failure policy says what that comes to. Answers 500 for a review whose time is
 * over. How many may wait is for the server to say (overload.ts).
 */
export function isolate(options: IsolationOptions): Isolation {
  const { start, engine, log, size, most = 2 * size, largeMegabytes = MOST_MEGABYTES, ruleMs = RULE_MS } = options;
  const kinds = lookedUp(engine.rules).map(({ kind }) => kind);
  const queue: Waiting[] = [];
  const telling = onceASecond(() => performance.now());
  let isClosed = false;
  let looking: NodeJS.Timeout | undefined;
  let looked = 0;
  const rules = new Set(engine.rules.rules.map(({ rule }) => rule.name));
  const pool = startPool({
    start,
    log,
    size,
    most,
    largeMegabytes,
    rules,
    onChange: dispatch,
    onMessage: heard,
    onEnd: ended,
  });
  return {
    ready: pool.ready,
    decide: (body, route, url) =>
      new Promise((resolve) => {
        queue.push(waiting({ body, route, url }, engine, { ruleMs, resolve }));
        if (body.length > LARGE_BYTES) pool.wantLarge(performance.now());
        dispatch();
      }),
    state: () => ({ workers: pool.usual().length, waiting: queue.length, fault: pool.fault() }),
    close() {
      isClosed = true;
      clearInterval(looking);
      for (const { reviews } of pool.places) for (const { resolve } of reviews.values()) resolve(failed(ENDING));
      pool.close(ENDING);
      dispatch();
    },
  };

  function dispatch(): void {
    const nobody = isClosed ? ENDING : pool.nobody();
    if (nobody !== undefined) for (const { resolve } of queue.splice(0)) resolve(failed(nobody));
    if (isClosed) return;
    for (const place of pool.places) if (isFree(place)) resume(place);
    for (;;) {
      const now = performance.now();
      const chosen = choice(queue, pool.places, { size, now });
      const [review] = chosen === undefined ? [] : queue.splice(chosen.next, 1);
      if (chosen === undefined || review === undefined) break;
      if (isTooLate(review, now)) review.resolve(tooLate(review));
      else begin(chosen.place, review);
    }
    // It may have begun to be there when nobody waited for it any more.
    for (const place of pool.places)
      if (place.isLarge && isFree(place) && place.reviews.size === 0) retire(place, NOT_NEEDED);
    if (looking !== undefined) return;
    looked = performance.now();
    looking = setInterval(look, LOOK_MS).unref();
  }

  function begin(place: Place, review: Waiting): void {
    if (isAlone(review)) vacate(place);
    const { body, route, heldBack, ends, isBrief } = review;
    const job = crypto.randomUUID();
    Object.assign(review, { rule: undefined, latest: review.deadline } satisfies Partial<Waiting>);
    enter(place, job, review);
    runs(place, job);
    place.worker.send({ job, route, kubeVersion: engine.kubeVersion, heldBack, isTraced: isBrief || ends > 0 }, body);
  }

  /** Goes on with the first that has waited there. */
  function resume(place: Place): void {
    const found = place.found.shift();
    if (found === undefined) return;
    runs(place, found.job);
    // It says so again once it goes on: what keeps the worker from it until then is not that rule.
    const review = place.reviews.get(found.job);
    if (review !== undefined) review.rule = undefined;
    try {
      place.worker.send(found);
    } catch (error) {
      place.worker.send(unknown(found.job, error));
    }
  }

  function runs(place: Place, job: string): void {
    Object.assign(place, { running: job, since: performance.now() } satisfies Partial<Place>);
  }

  function heard(place: Place, message: AtWork, bytes: Buffer): void {
    if ('failure' in message) {
      const { failure: reason } = message;
      telling((passedOver) => log.error({ reason, ...passedOver }, 'outside of any review, in a worker'));
      return;
    }
    const review = message.job === place.running ? place.reviews.get(message.job) : undefined;
    if (review === undefined) {
      pool.end(place, { why: NONSENSE });
    } else if ('rule' in message) {
      review.rule = message.rule;
      place.since = performance.now();
    } else {
      if ('wanted' in message) void lookUp(place, review, message);
      else {
        leave(place, message.job);
        const { status, summary } = message;
        review.resolve({ status, body: bytes.toString(), summary });
      }
      stops(place, message);
      dispatch();
    }
  }

  async function lookUp(place: Place, review: Waiting, waits: Waits): Promise<void> {
    const found = await foundFor(review, waits, kinds);
    if (place.reviews.get(waits.job) !== review || place.ending !== undefined) return;
    place.found.push(found);
    dispatch();
  }

  /** It is free: for what waits there, for others, or to end. */
  function stops(place: Place, { ms, otherMs }: Stretch): void {
    const now = performance.now();
    // Whoever is slow since the machine is, is not to be replaced.
    const held = Math.min(now - place.since - ms, otherMs);
    if (held > LOOK_MS) place.heldMs += held;
    place.running = undefined;
    place.since = now;
    if (!place.isLarge && pool.isSurplus(now) && queue.length === 0) retire(place, NOT_NEEDED);
    else if (place.heldMs > RULE_MS && pool.mayReplace(now))
      retire(place, { why: 'what a rule left behind held up reviews' });
  }

  function retire(place: Place, ending: Ending): void {
    vacate(place);
    pool.end(place, ending);
  }

  /** Has those that wait there decided elsewhere, or there later. */
  function vacate(place: Place): void {
    const waiting = [...place.reviews.keys()].filter((job) => job !== place.running);
    for (const job of waiting.toReversed()) {
      const review = leave(place, job);
      if (review === undefined) continue;
      place.worker.send({ job, isForgotten: true });
      queue.unshift(review);
    }
    place.found.length = 0;
  }

  function ended(place: Place, ending: Ending): void {
    const { running, reviews } = place;
    for (const [job, review] of [...reviews].toReversed()) {
      const isGuilty = job === running || isAlone(review);
      if (!isGuilty) review.besides += 1;
      const begun = job === running && ending.isEarly !== true ? review.rule : undefined;
      const ended = { ...ending, rule: engine.rules.rules[begun ?? -1]?.rule.name, now: performance.now() };
      const answer = isGuilty ? afterEnd(review, ended, log) : undefined;
      if (answer === undefined) queue.unshift(review);
      else review.resolve(answer);
    }
    if (running === undefined && !ending.isUsual) log.warn({ reason: ending.why }, 'a worker ended between reviews');
    dispatch();
  }

  function look(): void {
    const now = performance.now();
    const lost = now - looked - LOOK_MS;
    looked = now;
    // While this thread stood still it heard nothing of what its workers did.
    if (lost > LOOK_MS) for (const place of pool.places) place.since += lost;
    for (const place of pool.places) {
      if (place.ending !== undefined) continue;
      const ending = overrun(place, now);
      if (ending !== undefined) pool.end(place, ending);
      if (isStuck(place, now) && !isTaken(place)) vacate(place);
    }
    for (const late of queue.filter((review) => isTooLate(review, now))) {
      queue.splice(queue.indexOf(late), 1);
      late.resolve(tooLate(late));
    }
    if (queue.some(isLarge)) pool.wantLarge(now);
    pool.look(now);
    dispatch();
    if (queue.length > 0 || [...pool.places].some(({ reviews }) => reviews.size > 0)) return;
    clearInterval(looking);
    looking = undefined;
  }
}

type AtWork = Exclude<FromWorker, Unable | { isReady: true }>;

const NOT_NEEDED: Ending = { why: 'it is not needed any more', isUsual: true };
const ENDING = 'the server is ending';
