import type { KubeVersion } from './kube-version.ts';
import type { Lookups } from './lookup.ts';
import type { RulesInForce } from './match.ts';

/** What a review is decided with, besides its bytes. */
export interface Engine {
  readonly rules: RulesInForce;
  readonly lookups: Lookups;
  /** The API server's, as rules are told it: it may become known, or change, from one review to the next. */
  readonly kubeVersion?: KubeVersion | undefined;
  /** Milliseconds from any start, to time the rules by: time belongs to the caller. No answer depends on it. */
  readonly now: () => number;
}
