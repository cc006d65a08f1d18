import type { KubeVersion } from './kube-version.ts';
import type { Lookups } from './lookup.ts';
import type { RuleInForce, RulesInForce } from './match.ts';

/** What a review is decided with, besides its bytes. */
export interface Engine {
  readonly rules: RulesInForce;
  readonly lookups: Lookups;
  /** The API server's, as rules are told it: it may become known, or change, from one review to the next. */
  readonly kubeVersion?: KubeVersion | undefined;
  /** Told of each rule that runs, where somebody has to know which one it is that does not come to its end. */
  readonly watch?: RuleWatch;
  /** Milliseconds from any start, to time the rules by: time belongs to the caller. No answer depends on it. */
  readonly now: () => number;
}

/** Hears of rules as they run. */
export interface RuleWatch {
  /** This rule is about to run, its lookups first. A text is why it must not, and its failure; `ends` is not called then. */
  begins(entry: RuleInForce): string | undefined;
  /** It came to its end, whatever that is. */
  ends(): void;
}
