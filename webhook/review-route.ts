import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import type { Logger } from 'pino';
import type { Deciding } from './deciding.ts';
import { sendStatus } from './http-errors.ts';
import { nearMiss } from './in-time.ts';
import type { Route } from './match.ts';
import type { Metrics } from './metrics.ts';
import type { Overload } from './overload.ts';
import type { Refusals } from './refusals.ts';
import { pathOf } from './registration.ts';
import { logReview } from './review-log.ts';

/** What answers the reviews of a route, and who is told of it. */
export interface Answering {
  readonly decide: Deciding;
  /** In milliseconds, from whenever. */
  readonly now: () => number;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly room: Overload;
  readonly refusals: Refusals;
}

/** Adds the place where the reviews of a route arrive: each is decided and told, or refused where there is no room. */
export function addReviewRoute(
  app: FastifyInstance,
  route: Route,
  { decide, now, log, metrics, room, refusals }: Answering,
): void {
  const path = pathOf(route);
  const underWay = new WeakMap<IncomingMessage, UnderWay>();
  const onRequest: onRequestHookHandler = ({ raw }, reply, done) => {
    const leave = room.admit(raw);
    if (leave === undefined) {
      // The API server asks again within the review's time, and perhaps another replica (protocol.md §1.2).
      reply.header('retry-after', '1');
      refusals.busy({ code: 429, reason: BUSY });
      sendStatus(reply, { code: 429, message: BUSY });
      return;
    }
    const isOver = metrics.arrived();
    const review: UnderWay = { arrived: now(), decided: undefined };
    underWay.set(raw, review);
    reply.raw.once('close', () => {
      isOver();
      // Whoever hangs up makes no room: their review is still being decided.
      void Promise.resolve(review.decided).then(leave);
    });
    done();
  };
  app.post(path, { onRequest }, async (request, reply) => {
    const started = now();
    const review = underWay.get(request.raw) ?? { arrived: started, decided: undefined };
    const body = (request.body as Buffer | undefined) ?? Buffer.alloc(0);
    const decided = decide(body, route, request.url);
    review.decided = decided;
    const { status, body: answer, summary } = await decided;
    const ended = now();
    const seconds = (ended - started) / 1000;
    const miss = nearMiss(request.url, (ended - review.arrived) / 1000);
    metrics.reviewed(summary, seconds);
    if (miss !== undefined) metrics.nearlyLate(miss);
    // As where there was no room for it at all.
    if (status === 429) reply.header('retry-after', '1');
    logReview(log, summary, path, { seconds, nearMiss: miss });
    return reply.code(status).type('application/json').send(answer);
  });
}

/** A review that was taken in. */
interface UnderWay {
  readonly arrived: number;
  /** Undefined while its body is still to come. */
  decided: Promise<unknown> | undefined;
}

const BUSY = 'too many reviews are on their way; ask again';
