import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import type { Logger } from 'pino';
import type { Deciding } from './deciding.ts';
import { nearMiss } from './in-time.ts';
import type { Route } from './match.ts';
import type { Metrics } from './metrics.ts';
import type { Overload } from './overload.ts';
import { type Body, withoutBody } from './read-body.ts';
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
}

/** Adds the place where the reviews of a route arrive: each is decided and told. */
export function addReviewRoute(
  app: FastifyInstance,
  route: Route,
  { decide, now, log, metrics, room }: Answering,
): void {
  const path = pathOf(route);
  const underWay = new WeakMap<IncomingMessage, UnderWay>();
  const onRequest: onRequestHookHandler = ({ raw }, reply, done) => {
    const isOver = metrics.arrived();
    const review: UnderWay = { arrived: now(), leave: undefined };
    underWay.set(raw, review);
    reply.raw.once('close', () => {
      isOver();
      review.leave?.();
    });
    done();
  };
  app.post(path, { onRequest }, async (request, reply) => {
    const started = now();
    const review = underWay.get(request.raw) ?? { arrived: started, leave: undefined };
    const { bytes, leave } = (request.body as Body | undefined) ?? withoutBody(room);
    const decided = decide(bytes, route, request.url);
    // Whoever hangs up makes no room: their review is still being decided.
    review.leave = () => void decided.then(leave, leave);
    if (reply.raw.closed) review.leave();
    const { status, body: answer, summary } = await decided;
    const ended = now();
    const seconds = (ended - started) / 1000;
    const miss = nearMiss(request.url, (ended - review.arrived) / 1000);
    metrics.reviewed(summary, seconds);
    if (miss !== undefined) metrics.nearlyLate(miss);
    logReview(log, summary, path, { seconds, nearMiss: miss });
    return reply.code(status).type('application/json').send(answer);
  });
}

/** A review whose headers have come. */
interface UnderWay {
  readonly arrived: number;
  /** Once its body has come: gives its place back when it has been decided. */
  leave: (() => void) | undefined;
}
