/** How long is measured. Times in milliseconds. */
export interface Pace {
  /** Each server is asked the same in turn so often, so that whatever else the machine does meets all of them. */
  readonly rounds: number;
  readonly roundMs: number;
  /** Of each server before its first round of a review. */
  readonly warmUpMs: number;
  /** How often each server is started to see how long it takes. */
  readonly starts: number;
  /** How many reviews a server answers, at the least, before its memory is looked at again. */
  readonly reviews: number;
  /** How many rules are loaded beside one that is for the review; the first is what the others are compared with. */
  readonly ruleCounts: readonly number[];
}

/** For figures that are worth something: ten minutes for all parts. */
export const FULL: Pace = {
  rounds: 5,
  roundMs: 1000,
  warmUpMs: 2000,
  starts: 5,
  reviews: 1000,
  ruleCounts: [1, 100, 1000],
};

/** For whoever wants to see that all of it works: its figures say nothing. */
export const QUICK: Pace = { rounds: 1, roundMs: 40, warmUpMs: 0, starts: 1, reviews: 50, ruleCounts: [1, 20] };
