import { builtIn, loaded, type Measured, refusedWebsite } from '../serving/reviews.ts';

/** A review of the soak, and what its answer must come to. */
export interface Mixed extends Measured {
  readonly verdict: Verdict;
}

/** What a review came to. */
type Verdict = 'allowed' | 'patched' | 'denied';

/** What is sent in turn, again and again: as many of each as makes its share; most reviews are of small pods. */
export const mix: readonly Mixed[] = inTurn([
  [mixed('patched', builtIn[0]), 3],
  [mixed('patched', builtIn[1]), 3],
  [mixed('allowed', builtIn[2]), 6],
  [mixed('allowed', builtIn[3]), 2],
  [mixed('denied', refusedWebsite), 1],
  [mixed('allowed', builtIn[4]), 1],
  [mixed('allowed', loaded[0]), 2],
  [mixed('patched', loaded[1]), 2],
]);

/**
 * Judges answers of 200: undefined for the right one, else what is wrong with it. The same review has the same answer,
 * byte for byte, so that only what has not been seen yet is parsed.
 */
export function createJudge(): (review: Mixed, body: Buffer) => string | undefined {
  const right = new Map<Mixed, Buffer>();
  return (review, body) => {
    if (right.get(review)?.equals(body)) return undefined;
    const verdict = verdictIn(body);
    if (verdict !== review.verdict) return `${review.what}: ${verdict}`;
    if (right.has(review)) return `${review.what}: not the answer of before`;
    right.set(review, body);
    return undefined;
  };
}

function verdictIn(body: Buffer): Verdict | 'not a review' {
  try {
    const { allowed, patch } = JSON.parse(body.toString()).response;
    if (allowed !== true) return allowed === false ? 'denied' : 'not a review';
    return patch === undefined ? 'allowed' : 'patched';
  } catch {
    return 'not a review';
  }
}

function mixed(verdict: Verdict, review: Measured | undefined): Mixed {
  if (review === undefined) throw new Error('the benchmark has no such review any more');
  return { ...review, verdict };
}

/** Of each as many as is said, as far from each other as may be. */
function inTurn(shares: readonly (readonly [Mixed, number])[]): Mixed[] {
  return shares
    .flatMap(([review, share]) => Array.from({ length: share }, (_, i) => ({ review, at: (i + 0.5) / share })))
    .sort((a, b) => a.at - b.at)
    .map(({ review }) => review);
}
