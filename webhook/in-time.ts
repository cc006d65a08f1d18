import type { Engine } from './engine.ts';
import { resourceName } from './kind.ts';
import { noLookups } from './lookup.ts';

/**
 * The engine for one review that has just arrived at this URL: its lookups reject once four fifths of the review's time
 * are over. Nobody hears an answer that comes after it, so that rules which are to refuse nothing (modes warn and audit)
 * would refuse, by looking up what nobody tells them.
 */
export function inTime(engine: Engine, url: string): Engine {
  const { lookups, now } = engine;
  if (lookups === noLookups) return engine;
  const arrived = now();
  return {
    ...engine,
    lookups: {
      async find(kind, namespace, name) {
        const seconds = (secondsIn(url) * 4) / 5;
        const late = Promise.withResolvers<never>();
        const timer = setTimeout(
          () => late.reject(new Error(`${resourceName(kind)}: no answer within ${seconds} s, the time of this review`)),
          Math.max(0, arrived + seconds * 1000 - now()),
        );
        try {
          return await Promise.race([lookups.find(kind, namespace, name), late.promise]);
        } finally {
          clearTimeout(timer);
        }
      },
    },
  };
}

/**
 * Until when, in milliseconds from its arrival, the answer to a review must be ready: a tenth of its time is for the way
 * there and back.
 */
export function millisecondsFor(url: string): number {
  return secondsIn(url) * 900;
}

/** How an answer stood to the review's time; `seconds` are those from the arrival of the request to the answer. */
export interface NearMiss {
  /** What the API server gives it, in seconds. */
  readonly of: number;
  /** Whether it was still heard, as far as one end can tell: see `millisecondsFor`. */
  readonly isInTime: boolean;
}

/**
 * Tells of an answer that took more than half of its review's time: a review takes a millisecond, and whatever made this
 * one take so long may well take twice that. Undefined for all others.
 */
export function nearMiss(url: string, seconds: number): NearMiss | undefined {
  // No API server gives less than one second.
  if (seconds <= 0.5) return undefined;
  const of = secondsIn(url);
  return seconds > of / 2 ? { of, isInTime: seconds * 1000 < millisecondsFor(url) } : undefined;
}

/**
 * The API server says how long it waits, in whole seconds from 1 to 30 (protocol.md §1.2); where none is told, it is its
 * default. No other's word makes a review wait for longer.
 */
function secondsIn(url: string): number {
  return Math.min(30, Number(/[?&]timeout=(\d{1,3})s(?:&|$)/.exec(url)?.[1] ?? 10));
}
