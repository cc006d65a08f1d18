import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import type { Metrics } from './metrics.ts';
import { onceASecond } from './once-a-second.ts';
import { shownOnOneLine } from './shown.ts';

/** Tells operators, by log and metrics, of what was refused before it was a review. */
export interface Refusals {
  /** A request; the line has its path, and neither its query nor its body. */
  request(refusal: Refusal, request: { readonly url: string; readonly socket: Socket }): void;
  /**
   * What never became a request, or not a whole one: at most one line a second, which says how many were passed over
   * since the last. What then becomes of the request that it broke off is not told again.
   */
  client(refusal: Refusal, socket: Socket): void;
  /** A review for which there was no room; as few lines as for those. */
  busy(refusal: Refusal): void;
  /** A connection that was one too many, and is closed without a word; as few lines as for those. */
  connection(): void;
}

/** The HTTP code of the answer, and why. */
export interface Refusal {
  readonly code: number;
  readonly reason: string;
}

const PATH_SHOWN = 200;
/** Makes them for one server; `now` is in milliseconds, from whenever. */
export function createRefusals(log: Logger, metrics: Metrics, now: () => number): Refusals {
  const sparing = onceASecond(now);
  const told = new WeakSet<Socket>();
  return {
    request({ code, reason }, { url, socket }) {
      if (told.has(socket)) return;
      metrics.refused(code);
      const path = shownOnOneLine(url.split('?', 1)[0] ?? '', PATH_SHOWN);
      log[code < 500 ? 'warn' : 'error']({ code, path, reason }, 'request refused');
    },
    client(refusal, socket) {
      told.add(socket);
      seldom(refusal);
    },
    busy: seldom,
    connection() {
      metrics.dropped();
      sparing((passedOver) =>
        log.warn({ reason: 'there are too many connections', ...passedOver }, 'connection closed'),
      );
    },
  };

  function seldom({ code, reason }: Refusal): void {
    metrics.refused(code);
    sparing((passedOver) => log.warn({ code, reason, ...passedOver }, 'request refused'));
  }
}
