import type { KubeVersion } from './kube-version.ts';
import type { Lookups } from './lookup.ts';
import type { RuleInForce, RulesInForce } from './match.ts';

/** What a review is decided with, besides its bytes. */
export interface Engine {
  readonly rules: RulesInForce;
  readonly lookups: Lookups;
  /** The API server's, as rules are told it: it may become known, or change, from one review to the next. */
  readonly kubeVersion?: KubeVersion | undefined;
  /**
   * Told of each rule that is about to run, its lookups first, where somebody has to know which one it is that does not
   * come to its end. A text that it gives is why the rule must not run, and its failure.
   */
  readonly begins?: (entry: RuleInForce) => string | undefined;
  /** Milliseconds from any start, to time the rules by: time belongs to the caller. No answer depends on it. */
  readonly now: () => number;
}
