import type { Logger } from 'pino';
import type { Decided, Deciding } from '../webhook/deciding.ts';
import type { Engine } from '../webhook/engine.ts';
import { inTime, millisecondsFor } from '../webhook/in-time.ts';
import { lookedUp } from '../webhook/lookup.ts';
import { statusOf } from '../webhook/status.ts';
import { type IsolatedWorker, type Running, type StartThread, startWorker } from './isolated-worker.ts';
import type { FromWorker, Wanted } from './messages.ts';

/** What isolation needs, and its limits; times in milliseconds. */
export interface IsolationOptions {
  readonly start: StartThread;
  /** The same rules as the workers have, and what they look up. */
  readonly engine: Engine;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Workers that are always there. */
  readonly size: number;
  /** As many may be there while some are stuck. */
  readonly most?: number;
  /** How long one rule may run. */
  readonly ruleMs?: number;
}

/** Workers that decide reviews. */
export interface Isolation {
  readonly decide: Deciding;
  /** Resolves once all workers that are always there have loaded their rules; rejects when one cannot. */
  readonly ready: Promise<void>;
  /** How many workers could begin a review at once or are deciding one, and how many reviews wait. */
  state(): { readonly workers: number; readonly waiting: number };
  /** Ends all workers. Whatever is still undecided fails. */
  close(): void;
}

/** Rules take microseconds. Of a review's default budget of 4 s this leaves room for another try without the rule. */
const RULE_MS = 1000;
/** How often it is looked whether one runs too long: an eighth of that is no matter. */
const LOOK_MS = 50;
/** While a worker is stuck for so long and reviews wait, another takes its place for the time being. */
const STUCK_MS = 100;
const RESTART_MS = 1000;
/** A review that ended so many workers, with no rule to blame, is not tried again. */
const MOST_TRIES = 3;

/** A review on its way. */
interface Waiting {
  readonly body: Uint8Array;
  readonly route: Parameters<Deciding>[1];
  readonly lookups: Engine['lookups'];
  /** When nobody waits for its answer any more; by `performance.now()`. */
  readonly deadline: number;
  readonly heldBack: { [rule: string]: string };
  readonly resolve: (decided: Decided) => void;
  tries: number;
}

/** A worker, and what it is at. */
interface Place {
  worker: IsolatedWorker;
  isReady: boolean;
  job: Waiting | undefined;
  id: number;
  since: number;
  /** The rule that ran when it was last looked at, and since when it has. */
  seen: (Running & { readonly at: number }) | undefined;
  /** Why it is being ended. */
  ending: string | undefined;
}

/**
 * Decides reviews in worker threads, one at a time in each, so that what a rule does costs its own review alone. A rule
 * that runs too long, ends its thread or its memory is the failure of its review: the review is decided again without
 * it, elsewhere, within its time, and then its failure policy says what that comes to. Reviews that wait are decided by
 * whoever is free. Answers 500 for a review whose time is over. How many may wait is for the server to say (overload.ts).
 */
export function isolate(options: IsolationOptions): Isolation {
  const { start, engine, log, size, most = 4 * size, ruleMs = RULE_MS } = options;
  const kinds = lookedUp(engine.rules).map(({ kind }) => kind);
  const places = new Set<Place>();
  const queue: Waiting[] = [];
  const ready = Promise.withResolvers<void>();
  let isClosed = false;
  let jobs = 0;
  let looking: NodeJS.Timeout | undefined;
  for (let i = 0; i < size; i++) added();
  return {
    ready: ready.promise,
    decide: (body, route, url) =>
      new Promise((resolve) => {
        if (isClosed) return resolve(failed('the server is ending'));
        const { lookups } = inTime(engine, url);
        const deadline = performance.now() + millisecondsFor(url);
        queue.push({ body, route, lookups, deadline, heldBack: {}, resolve, tries: 0 });
        dispatch();
      }),
    state: () => ({ workers: [...places].filter(({ isReady }) => isReady).length, waiting: queue.length }),
    close() {
      isClosed = true;
      clearInterval(looking);
      for (const { worker, job } of places) {
        job?.resolve(failed('the server is ending'));
        worker.end();
      }
      for (const waiting of queue.splice(0)) waiting.resolve(failed('the server is ending'));
    },
  };

  function added(): void {
    const place = {
      isReady: false,
      job: undefined,
      id: 0,
      since: 0,
      seen: undefined,
      ending: undefined,
    } as never as Place;
    place.worker = startWorker(start, {
      onMessage: (message) => heard(place, message),
      onEnd: (reason) => ended(place, reason),
    });
    places.add(place);
  }

  function dispatch(): void {
    while (queue.length > 0) {
      const place = free();
      if (place === undefined) break;
      const job = queue.shift() as Waiting;
      if (performance.now() >= job.deadline) {
        job.resolve(failed('no worker was free within the time of this review'));
        continue;
      }
      place.job = job;
      place.id = ++jobs;
      place.since = performance.now();
      place.seen = undefined;
      const { body, route, heldBack } = job;
      place.worker.send({ job: place.id, body, route, kubeVersion: engine.kubeVersion, heldBack });
    }
    looking ??= setInterval(look, LOOK_MS).unref();
  }

  function free(): Place | undefined {
    for (const place of places)
      if (place.isReady && place.job === undefined && place.ending === undefined) return place;
    return undefined;
  }

  function heard(place: Place, message: FromWorker): void {
    if ('isReady' in message) {
      place.isReady = true;
      if ([...places].filter(({ isReady }) => isReady).length >= size) ready.resolve();
      dispatch();
    } else if ('lookup' in message) {
      void lookedUpFor(place, message);
    } else if ('failure' in message) {
      log.error({ reason: message.failure }, 'outside of any review, in a worker');
    } else if (place.job !== undefined && place.id === message.job) {
      const { job } = place;
      place.job = undefined;
      job.resolve(message.decided);
      if (isSpare()) place.ending = 'it is not needed any more';
      if (place.ending !== undefined) place.worker.end();
      dispatch();
    }
  }

  /** Those beyond the usual number go as soon as nobody waits. */
  function isSpare(): boolean {
    return queue.length === 0 && [...places].filter(({ ending }) => ending === undefined).length > size;
  }

  async function lookedUpFor({ job, worker }: Place, { lookup, kind, namespace, name }: Wanted): Promise<void> {
    const found = kinds[kind];
    try {
      if (job === undefined || found === undefined) throw new Error('nobody waits for it');
      worker.send({ lookup, value: await job.lookups.find(found, namespace, name) });
    } catch (error) {
      worker.send({ lookup, error: error instanceof Error ? error.message : String(error) });
    }
  }

  function ended(place: Place, why: string): void {
    places.delete(place);
    const { job, worker, isReady, ending } = place;
    if (isClosed) return;
    if (!isReady) ready.reject(new Error(`a worker could not start: ${why}`));
    if (job !== undefined) again(job, worker.ranLast(), ending ?? why);
    const isShort = () => [...places].filter((other) => other.ending === undefined).length < size;
    // One that cannot even start is not tried again at once.
    if (isReady && isShort()) added();
    else setTimeout(() => !isClosed && isShort() && added(), RESTART_MS).unref();
    dispatch();
  }

  function again(job: Waiting, ranLast: number | undefined, why: string): void {
    const rule = ranLast === undefined ? undefined : engine.rules.rules[ranLast]?.rule.name;
    job.tries += 1;
    if (rule !== undefined) {
      job.heldBack[rule] = why;
      log.error({ rule, reason: why }, 'a rule ended its worker');
    }
    const isOver = performance.now() >= job.deadline;
    if (isOver || (rule === undefined && job.tries >= MOST_TRIES)) {
      job.resolve(
        failed(rule === undefined ? `the review could not be decided: ${why}` : `rule ${rule} failed: ${why}`),
      );
      return;
    }
    queue.unshift(job);
  }

  function look(): void {
    const now = performance.now();
    for (const place of places)
      if (place.job !== undefined && place.ending === undefined) lookAt(place, place.job, now);
    for (let i = queue.length - 1; i >= 0; i--) {
      const waiting = queue[i] as Waiting;
      if (now < waiting.deadline) continue;
      queue.splice(i, 1);
      waiting.resolve(failed('no worker was free within the time of this review'));
    }
    const stuck = [...places].filter(({ job, since }) => job !== undefined && now - since > STUCK_MS).length;
    if (queue.length > 0 && stuck > 0 && places.size < Math.min(most, size + stuck)) added();
    if (queue.length === 0 && [...places].every(({ job }) => job === undefined)) {
      clearInterval(looking);
      looking = undefined;
    }
  }

  function lookAt(place: Place, job: Waiting, now: number): void {
    const running = place.worker.running();
    if (running === undefined) place.seen = undefined;
    else if (place.seen?.count !== running.count) place.seen = { ...running, at: now };
    const isLate = now >= job.deadline;
    const isRunaway = place.seen !== undefined && now - place.seen.at >= ruleMs;
    if (!isLate && !isRunaway) return;
    place.ending =
      isRunaway || running !== undefined
        ? `it did not end within ${ruleMs / 1000} s`
        : 'the time of this review is over';
    place.worker.end();
  }
}

function failed(message: string): Decided {
  const body = JSON.stringify(statusOf(500, message));
  return { status: 500, body, summary: { verdict: 'failed', reason: message, rules: [] } };
}
