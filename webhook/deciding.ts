import type { Engine } from './engine.ts';
import { inTime } from './in-time.ts';
import type { Route } from './match.ts';
import { review } from './review.ts';
import { type Summary, summaryOf } from './summary.ts';

/** What a review came to, as it is sent and told: an HTTP status, a body, and its summary. Plain all through. */
export interface Decided {
  readonly status: number;
  readonly body: string;
  readonly summary: Summary;
}

/** Decides the review in these bytes, which arrived at this route, by a request of this URL. Never rejects. */
export type Deciding = (body: Uint8Array, route: Route, url: string) => Promise<Decided>;

/** Decides in this thread. */
export function decidingHere(engine: Engine): Deciding {
  return async (body, route, url) => {
    const reviewed = await review(body, route, inTime(engine, url));
    return { status: reviewed.status, body: reviewed.body, summary: summaryOf(reviewed) };
  };
}
