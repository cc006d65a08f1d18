import type { Logger } from 'pino';
import type { Deciding } from '../webhook/deciding.ts';
import type { Engine } from '../webhook/engine.ts';
import { inTime, millisecondsFor } from '../webhook/in-time.ts';
import { lookedUp } from '../webhook/lookup.ts';
import { failed, tooLate } from './failed.ts';
import type { FromWorker, Wanted } from './messages.ts';
import { overrun, type Place, type Waiting } from './place.ts';
import { type StartProcess, startWorker } from './worker-process.ts';

/** What isolation needs, and its limits; times in milliseconds. */
export interface IsolationOptions {
  readonly start: StartProcess;
  /** The same rules as the workers have, and what they look up. */
  readonly engine: Engine;
  readonly log: Pick<Logger, 'warn' | 'error'>;
  /** Workers that are always there. */
  readonly size: number;
  /** As many may be there while some are stuck. */
  readonly most?: number;
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
/** How often it is looked whether one goes on too long: a twentieth of that is no matter. */
const LOOK_MS = 50;
/** A worker that is at one review for so long may never come back: another takes its place, before it is missed. */
const STUCK_MS = 100;
const RESTART_MS = 1000;
const MIB = 2 ** 20;
/** A review that has ended so many workers, with no rule to blame, is not tried again. */
const MOST_ENDS = 3;

/**
 * Decides reviews in worker processes, one at a time in each, so that what a rule does costs its own review alone. A
 * review that goes on too long, ends its worker or fills its memory is decided again, once there is a worker besides the
 * one that it may end, and that one says which rule begins; the rule that ends this one, too, is left out of the third try: it has failed, and its failure policy says
 * what that comes to. Reviews that wait are decided by whoever is free. Answers 500 for a review whose time is over. How
 * many may wait is for the server to say (overload.ts).
 */
export function isolate(options: IsolationOptions): Isolation {
  const { start, engine, log, size, most = 2 * size, ruleMs = RULE_MS } = options;
  const kinds = lookedUp(engine.rules).map(({ kind }) => kind);
  const places = new Set<Place>();
  const queue: Waiting[] = [];
  const ready = Promise.withResolvers<void>();
  // It is told besides.
  ready.promise.catch(() => {});
  let isClosed = false;
  let fault: string | undefined;
  let jobs = 0;
  let looking: NodeJS.Timeout | undefined;
  let looked = 0;
  for (let i = 0; i < size; i++) added();
  return {
    ready: ready.promise,
    decide: (body, route, url) =>
      new Promise((resolve) => {
        const { lookups } = inTime(engine, url);
        const milliseconds = millisecondsFor(url);
        const deadline = performance.now() + milliseconds;
        const longest = Math.min(ruleMs, milliseconds / 4) * (1 + Math.floor(body.length / MIB));
        queue.push({ body, route, lookups, deadline, ruleMs: longest, heldBack: {}, resolve, ends: 0 });
        dispatch();
      }),
    state: () => ({ workers: readyOnes().length, waiting: queue.length, fault }),
    close() {
      isClosed = true;
      clearInterval(looking);
      ready.reject(new Error(ENDING));
      for (const { worker, job } of places) {
        job?.resolve(failed(ENDING));
        worker.end();
      }
      dispatch();
    },
  };

  function added(): void {
    const worker = startWorker(start, {
      onMessage: (message) => heard(place, message),
      onEnd: (how) => ended(place, how),
    });
    const nothing = { job: undefined, id: 0, since: 0, wanted: 0, rule: undefined, ending: undefined };
    const place: Place = { worker, isReady: false, ...nothing };
    places.add(place);
  }

  function readyOnes(): Place[] {
    return [...places].filter(({ isReady, ending }) => isReady && ending === undefined);
  }

  function isStuck({ job, since, wanted }: Place): boolean {
    return job !== undefined && performance.now() - since > STUCK_MS && (wanted === 0 || queue.length > 0);
  }

  /** Whether somebody is left for the others: a review that has ended a worker may well end this one, too. */
  function isExpendable(place: Place | undefined): boolean {
    return size === 1 || readyOnes().some((other) => other !== place && !isStuck(other));
  }

  function dispatch(): void {
    // Another that is starting may be able to.
    const isNobody = [...places].every(({ ending }) => ending !== undefined);
    const nobody = isClosed ? ENDING : isNobody ? fault : undefined;
    if (nobody !== undefined) for (const { resolve } of queue.splice(0)) resolve(failed(nobody));
    for (;;) {
      const place = readyOnes().find(({ job }) => job === undefined);
      const next = queue.findIndex(({ ends }) => ends === 0 || isExpendable(place));
      const [job] = place === undefined || next < 0 ? [] : queue.splice(next, 1);
      if (place === undefined || job === undefined) break;
      if (performance.now() >= job.deadline) job.resolve(tooLate(job));
      else begin(place, job);
    }
    if (isClosed || looking !== undefined) return;
    looked = performance.now();
    looking = setInterval(look, LOOK_MS).unref();
  }

  function begin(place: Place, job: Waiting): void {
    const id = ++jobs;
    Object.assign(place, { job, id, since: performance.now(), wanted: 0, rule: undefined } satisfies Partial<Place>);
    const { body, route, heldBack, ends } = job;
    place.worker.send({ job: id, body, route, kubeVersion: engine.kubeVersion, heldBack, isTraced: ends > 0 });
  }

  function heard(place: Place, message: FromWorker): void {
    if ('isReady' in message) {
      place.isReady = true;
      fault = undefined;
      if (readyOnes().length >= size) ready.resolve();
      dispatch();
    } else if ('unable' in message) {
      place.ending = message.unable;
    } else if ('failure' in message) {
      log.error({ reason: message.failure }, 'outside of any review, in a worker');
    } else if (place.job === undefined || place.id !== message.job) {
      // What a rule left behind asks for is nobody's.
    } else if ('lookup' in message) {
      void lookUp(place, place.job, message);
    } else if ('rule' in message) {
      place.rule = message.rule;
      place.since = performance.now();
    } else {
      place.job.resolve(message.decided);
      place.job = undefined;
      // Those beyond the usual number go as soon as nobody waits.
      if (queue.length === 0 && readyOnes().filter((other) => !isStuck(other)).length > size)
        place.ending = 'it is not needed any more';
      if (place.ending !== undefined) place.worker.end();
      dispatch();
    }
  }

  async function lookUp(place: Place, job: Waiting, { lookup, kind, namespace, name }: Wanted): Promise<void> {
    place.wanted += 1;
    try {
      const found = kinds[kind];
      if (found === undefined) throw new Error('no rule looks it up');
      place.worker.send({ lookup, value: await job.lookups.find(found, namespace, name) });
    } catch (error) {
      place.worker.send({ lookup, error: error instanceof Error ? error.message : String(error) });
    }
    if (place.job !== job) return;
    place.wanted -= 1;
    place.since = performance.now();
  }

  function ended(place: Place, how: string): void {
    places.delete(place);
    if (isClosed) return;
    const { job, isReady, ending = how } = place;
    if (!isReady) unable(ending);
    else if (job !== undefined) again(job, place.rule, ending);
    else if (place.ending === undefined) log.warn({ reason: how }, 'a worker ended between reviews');
    // One that cannot even start is not tried again at once.
    if (isReady) refill();
    else setTimeout(refill, RESTART_MS).unref();
    dispatch();
  }

  function refill(): void {
    const staying = [...places].filter(({ ending }) => ending === undefined).length;
    if (!isClosed && staying < size) added();
  }

  function unable(why: string): void {
    if (fault !== why) log.error({ reason: why }, 'a worker could not start');
    fault = why;
    ready.reject(new Error(why));
  }

  function again(job: Waiting, ranLast: number | undefined, why: string): void {
    const rule = ranLast === undefined ? undefined : engine.rules.rules[ranLast]?.rule.name;
    job.ends += 1;
    if (rule === undefined) {
      log.warn({ reason: why }, 'a review ended its worker, and is decided again');
    } else {
      job.heldBack[rule] = why;
      log.error({ rule, reason: why }, 'a rule ended its worker');
    }
    if (performance.now() < job.deadline && (rule !== undefined || job.ends < MOST_ENDS)) queue.unshift(job);
    else
      job.resolve(
        failed(rule === undefined ? `the review could not be decided: ${why}` : `rule ${rule} failed: ${why}`),
      );
  }

  function look(): void {
    const now = performance.now();
    const lost = now - looked - LOOK_MS;
    looked = now;
    // While this thread stood still it heard nothing of what its workers did.
    if (lost > LOOK_MS) for (const place of places) place.since += lost;
    for (const place of places) {
      if (place.job === undefined || place.ending !== undefined) continue;
      place.ending = overrun(place, place.job, now);
      if (place.ending !== undefined) place.worker.end();
    }
    for (const late of queue.filter(({ deadline }) => now >= deadline)) {
      queue.splice(queue.indexOf(late), 1);
      late.resolve(tooLate(late));
    }
    const stuck = [...places].filter(isStuck).length;
    if (stuck > 0 && places.size < Math.min(most, size + stuck)) added();
    if (queue.length > 0 || [...places].some(({ job }) => job !== undefined)) return;
    clearInterval(looking);
    looking = undefined;
  }
}

const ENDING = 'the server is ending';
