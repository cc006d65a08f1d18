import type { Logger } from 'pino';
import type { Decided } from '../webhook/deciding.ts';
import { failed } from './failed.ts';
import { isLarge, MOST_ENDS, type Waiting } from './waiting.ts';
import type { Ending } from './worker-process.ts';

/** How a worker ended that was at a review, and the name of the rule that it had begun last, where it said so. */
export interface Ended extends Ending {
  readonly rule: string | undefined;
  readonly now: number;
}

/**
 * What becomes of the review that a worker was at when it ended: its answer, or undefined where it is to be decided again.
 * A rule that is known to have ended it is left out from then on.
 */
export function afterEnd(
  review: Waiting,
  { why, isOfMemory = false, rule, now }: Ended,
  log: Pick<Logger, 'warn' | 'error'>,
): Decided | undefined {
  review.ends += 1;
  review.why = why;
  // What its parse and its copies take is no rule's fault, and a second try takes it again.
  if (isOfMemory && isLarge(review)) {
    log.error({ reason: why, bytes: review.body.length }, 'a large review filled the memory');
    return failed(`the review of ${megabytes(review)} MiB and its rules need more memory than there is for it: ${why}`);
  }
  if (rule === undefined) {
    log.warn({ reason: why }, 'a review ended its worker, and is decided again');
  } else {
    review.heldBack[rule] = why;
    log.error({ rule, reason: why }, 'a rule ended its worker');
  }
  if (now < review.deadline && (rule !== undefined || review.ends < MOST_ENDS)) return undefined;
  return failed(rule === undefined ? `the review could not be decided: ${why}` : `rule ${rule} failed: ${why}`);
}

function megabytes({ body }: Waiting): string {
  return (body.length / 2 ** 20).toFixed(1);
}
