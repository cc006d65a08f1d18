import { isMirror, labelOf } from './metadata.ts';
import type { Pod } from './types.ts';

/** A pod is left alone: the reason is a code, the sentence for people. */
export interface Skipped {
  readonly verdict: 'skip';
  readonly reason: string;
  readonly sentence: string;
}

/** Says that a pod is left alone. */
export function skipped(reason: string, sentence: string): Skipped {
  return { verdict: 'skip', reason, sentence };
}

/**
 * Why a pod is left alone whatever its namespace asks (injection.md §2.4, rows 2, 4 and 5): it is a mirror pod, or
 * the label says something else than "true". Undefined where it says "true", or is not there.
 */
export function skippedByLabel(pod: Pod, label: string): Skipped | undefined {
  if (isMirror(pod)) return skipped('mirror_pod', 'a mirror pod is as its file on the node says');
  const value = labelOf(pod, label);
  if (value === undefined || value === 'true') return undefined;
  if (value === 'false') return skipped('opted_out', `the pod says ${label}: "false"`);
  return skipped('invalid_value', `${label}: ${JSON.stringify(value)} is neither "true" nor "false"`);
}
