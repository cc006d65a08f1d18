import type { Logger } from 'pino';
import { NONSENSE } from './channel.ts';
import { heardFrom } from './heard.ts';
import type { FromWorker, Unable } from './messages.ts';
import { isStuck, type Place } from './place.ts';
import { type Ending, type StartProcess, startWorker } from './worker-process.ts';

/** What a pool needs. */
export interface PoolOptions {
  readonly start: StartProcess;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Workers that are always there. */
  readonly size: number;
  /** As many may be there while some are stuck or a review is large, or one more than always. */
  readonly most: number;
  /** What a worker for large reviews may hold in memory, in MiB. */
  readonly largeMegabytes: number;
  /** The names of the rules that a worker may speak of. */
  readonly rules: ReadonlySet<string>;
  /** A worker can begin, or none can. */
  onChange(): void;
  /** A worker has said so of what it is at; `bytes` may be all that was read. */
  onMessage(place: Place, message: Exclude<FromWorker, Unable | { isReady: true }>, bytes: Buffer): void;
  /** A worker that could begin has ended, with what it was at. */
  onEnd(place: Place, ending: Ending): void;
}

/** Workers: those that are always there, more while some are stuck, one for large reviews when there are any. */
export interface Pool {
  readonly places: ReadonlySet<Place>;
  /** Resolves once all workers that are always there have loaded their rules; rejects when one cannot. */
  readonly ready: Promise<void>;
  /** Those that could begin a review or are at one; the one for large reviews is none of them. */
  usual(): Place[];
  /** Why the last that tried could not start, if so. */
  fault(): string | undefined;
  /** The same, once there is none that could ever begin. */
  nobody(): string | undefined;
  /** Sees that there is a worker for large reviews, or will be. */
  wantLarge(now: number): void;
  /** Whether more are free than there always are. */
  isSurplus(now: number): boolean;
  /** Whether one that only is slow may be ended: to start its successor must not be what makes all slow. */
  mayReplace(now: number): boolean;
  /** Ends a worker, whatever it is at. */
  end(place: Place, ending: Ending): void;
  /** Sees that there are others while some are stuck, and says so when all are back. */
  look(now: number): void;
  close(why: string): void;
}

/**
 * What a worker may hold in memory while it is at a usual review, in MiB. Reviews that are not large fit; and so do, into a
 * pod of 512 MiB, the server with some 80, three workers with some 60 of their own each, and one that is full.
 */
export const MOST_MEGABYTES = 288;
/** What a process holds besides its heap: its code, and the bytes of what it reads. */
const BESIDES_MEGABYTES = 96;
const RESTART_MS = 1000;
/** A rule file may wait for something that never comes; whoever only has little of a core is ready long before. */
const START_MS = 60_000;
/** A start takes 0.4 s of a core. */
const REPLACE_MS = 10_000;

/** Starts the workers. */
export function startPool(options: PoolOptions): Pool {
  const { start, log, size, most, largeMegabytes, rules } = options;
  const places = new Set<Place>();
  const ready = Promise.withResolvers<void>();
  // It is told besides.
  ready.promise.catch(() => {});
  let isClosed = false;
  let fault: string | undefined;
  /** Since when there are fewer that are free than there always should be, because one has ended. */
  let short: number | undefined;
  let largeFrom = 0;
  let replaceFrom = 0;
  for (let i = 0; i < size; i++) add(false);
  return {
    places,
    ready: ready.promise,
    usual,
    fault: () => fault,
    // Who could begin once has a successor as soon as it has ended.
    nobody: () =>
      [...places].some((it) => !it.isLarge && (it.isReady || it.ending === undefined)) ? undefined : fault,
    wantLarge(now) {
      const isThere = [...places].some(({ isLarge }) => isLarge);
      if (!isThere && now >= largeFrom && places.size < Math.max(most, size + 1)) add(true);
    },
    isSurplus: (now) => unstuck(now) > size,
    mayReplace(now) {
      if (now < replaceFrom) return false;
      replaceFrom = now + REPLACE_MS;
      return true;
    },
    end,
    look(now) {
      const stuck = [...places].filter((place) => !place.isLarge && isStuck(place, now)).length;
      // One that is being ended still holds what it held.
      if (stuck > 0 && places.size < Math.min(most, size + stuck)) add(false);
      checkShort(now);
    },
    close(why) {
      isClosed = true;
      ready.reject(new Error(why));
      for (const { worker } of places) worker.end();
    },
  };

  function add(isLarge: boolean): void {
    const mostMegabytes = isLarge ? largeMegabytes : MOST_MEGABYTES;
    const worker = startWorker(start(mostMegabytes - BESIDES_MEGABYTES), {
      onFrame({ header, bytes }) {
        const message = heardFrom(header, rules);
        if (place.ending !== undefined) return;
        if (message === undefined) end(place, { why: NONSENSE });
        else heard(place, message, bytes);
      },
      onEnd: (how) => ended(place, how),
    });
    const nothing = { running: undefined, ending: undefined, since: 0, bytes: 0, heldMs: 0 };
    const place: Place = { worker, mostMegabytes, isLarge, isReady: false, reviews: new Map(), found: [], ...nothing };
    places.add(place);
    setTimeout(() => {
      if (!place.isReady) end(place, { why: `it could not begin within ${START_MS / 1000} s` });
    }, START_MS).unref();
  }

  function usual(): Place[] {
    return [...places].filter(({ isReady, ending, isLarge }) => isReady && ending === undefined && !isLarge);
  }

  function heard(place: Place, message: FromWorker, bytes: Buffer): void {
    const isBeginning = 'unable' in message || 'isReady' in message;
    if (isBeginning && place.isReady) {
      end(place, { why: NONSENSE });
    } else if ('unable' in message) {
      end(place, { why: message.unable });
    } else if ('isReady' in message) {
      place.isReady = true;
      fault = undefined;
      if (usual().length >= size) ready.resolve();
      checkShort(performance.now());
      options.onChange();
    } else {
      options.onMessage(place, message, bytes);
    }
  }

  function end(place: Place, ending: Ending): void {
    place.ending ??= ending;
    place.worker.end();
  }

  function ended(place: Place, how: Ending): void {
    places.delete(place);
    if (isClosed) return;
    const { isReady, isLarge, ending = how } = place;
    if (isReady && !isLarge && !ending.isUsual) short ??= place.running === undefined ? performance.now() : place.since;
    if (!isReady) unable(ending.why);
    // One that cannot even start is not tried again at once.
    if (isLarge) largeFrom = isReady ? 0 : performance.now() + RESTART_MS;
    else if (isReady) refill();
    else setTimeout(refill, RESTART_MS).unref();
    if (isReady) options.onEnd(place, ending);
    else options.onChange();
    checkShort(performance.now());
  }

  function refill(): void {
    if (!isClosed && count() < size) add(false);
  }

  function unstuck(now: number): number {
    return usual().filter((place) => !isStuck(place, now)).length;
  }

  function count(): number {
    return [...places].filter(({ ending, isLarge }) => ending === undefined && !isLarge).length;
  }

  function unable(why: string): void {
    if (fault !== why) log.error({ reason: why }, 'a worker could not start');
    fault = why;
    ready.reject(new Error(why));
  }

  function checkShort(now: number): void {
    if (short === undefined || unstuck(now) < size) return;
    log.info({ milliseconds: Math.round(now - short) }, 'as many workers are free as there always are');
    short = undefined;
  }
}
