import type { Pod } from '../pod/types.ts';
import { decide } from './decide.ts';

/** What the author of a pod is told of its label: that it says neither "true" nor "false", so that nothing is added. */
export function doubtsAbout(pod: Pod): string[] {
  const decision = decide(pod, 'pod');
  if (decision.verdict === 'inject' || decision.reason !== 'invalid_value') return [];
  return [`${decision.sentence}: no variables`];
}
