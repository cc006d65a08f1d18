import { isMirror, labelOf } from '../pod/metadata.ts';
import type { Pod } from '../pod/types.ts';
import { LABEL } from './routing.ts';

/** Whether a pod gets the variables, and if not, why: a code, and a sentence for people. */
export type Decision = { verdict: 'inject' } | { verdict: 'skip'; reason: string; sentence: string };

/**
 * Decides by the pod alone: the API server's selectors have already read the namespace's label. Only the
 * alternative named `pod` stands for a label of the pod's own; by any other way here, the namespace has asked.
 */
export function decide(pod: Pod, selector: string | undefined): Decision {
  if (isMirror(pod)) return skip('mirror_pod', 'a mirror pod is as its file on the node says');
  const value = labelOf(pod, LABEL);
  if (value === 'true') return { verdict: 'inject' };
  if (value === 'false') return skip('opted_out', `the pod says ${LABEL}: "false"`);
  if (value !== undefined) {
    return skip('invalid_value', `${LABEL}: ${JSON.stringify(value)} is neither "true" nor "false"`);
  }
  return selector === 'pod' ? skip('not_requested', `the pod has no label ${LABEL}`) : { verdict: 'inject' };
}

function skip(reason: string, sentence: string): Decision {
  return { verdict: 'skip', reason, sentence };
}
