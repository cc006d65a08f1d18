import { labelOf } from '../pod/metadata.ts';
import { type Skipped, skipped, skippedByLabel } from '../pod/skipped.ts';
import type { Pod } from '../pod/types.ts';
import { LABEL } from './routing.ts';

/** Whether a pod gets the variables. */
export type Decision = { readonly verdict: 'inject' } | Skipped;

/**
 * Decides by the pod alone: the API server's selectors have already read the namespace's label. Only the
 * alternative named `pod` stands for a label of the pod's own; by any other way here, the namespace has asked.
 */
export function decide(pod: Pod, selector: string | undefined): Decision {
  const byLabel = skippedByLabel(pod, LABEL);
  if (byLabel !== undefined) return byLabel;
  const isAsked = selector !== 'pod' || labelOf(pod, LABEL) !== undefined;
  return isAsked ? { verdict: 'inject' } : skipped('not_requested', `the pod has no label ${LABEL}`);
}
