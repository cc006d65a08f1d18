import type { RuleInForce } from './match.ts';
import type { Outcome } from './outcome.ts';
import type { PatchOperation } from './patch.ts';

/** What one rule came to in one review. */
export interface RuleReport {
  readonly entry: RuleInForce;
  readonly outcome: Outcome;
  /** What the rule's own edits are, or in a mode other than enforce would be; mutating rules only. */
  readonly patch?: readonly PatchOperation[];
  readonly seconds: number;
}

/** One word for it, in logs, metrics and cases. */
export type Decision = 'allow' | 'mutate' | 'deny' | 'skip' | 'failure';

export function decisionOf({ outcome, patch }: RuleReport): Decision {
  return outcome.decision === 'allow' && patch !== undefined && patch.length > 0 ? 'mutate' : outcome.decision;
}
