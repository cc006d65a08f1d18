import type { Decided } from '../webhook/deciding.ts';
import { statusOf } from '../webhook/status.ts';
import type { Waiting } from './waiting.ts';

/** The answer to a review that nobody could decide, and why. */
export function failed(message: string): Decided {
  const body = JSON.stringify(statusOf(500, message));
  return { status: 500, body, summary: { verdict: 'failed', reason: message, rules: [] } };
}

/**
 * The answer to a review that waited for too long: the rule that has ended a worker is why, where there is one. Where
 * it ended none, 429: the server is busy, and an API server asks again (protocol.md §1.2).
 */
export function tooLate({ heldBack, why }: Waiting): Decided {
  const rules = Object.entries(heldBack).map(([rule, why]) => `rule ${rule} failed: ${why}`);
  if (rules.length > 0) return failed(rules.join('\n'));
  if (why !== undefined)
    return failed(`no worker was free within the time of this review, after it had ended one: ${why}`);
  return { ...failed(BUSY), status: 429, body: JSON.stringify(statusOf(429, BUSY)) };
}

const BUSY = 'no worker was free within half of the time of this review; ask again';
