import type { Lookups } from './lookup.ts';
import type { RulesInForce } from './match.ts';

/** What a review is decided with, besides its bytes. */
export interface Engine {
  readonly rules: RulesInForce;
  readonly lookups: Lookups;
  /** Milliseconds from any start, to time the rules by: time belongs to the caller. No answer depends on it. */
  readonly now: () => number;
}
