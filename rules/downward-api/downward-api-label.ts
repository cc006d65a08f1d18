import { allow, Pod, validatingRule } from '../../author.ts';
import { decide } from './decide.ts';
import { podSelector } from './routing.ts';

/**
 * A label that says neither "true" nor "false" adds nothing, and whoever wrote it is told so: a mutating rule cannot
 * warn. Only labelled pods are asked about, so that a namespace's label costs its pods no second call.
 */
export const downwardApiLabel = validatingRule({
  name: 'downward-api-label',
  kind: Pod,
  operations: ['CREATE'],
  webhook: 'downward-api',
  selectors: { pod: podSelector },
  validate(pod) {
    const decision = decide(pod, 'pod');
    if (decision.verdict === 'inject' || decision.reason !== 'invalid_value') return allow();
    return allow(`${decision.sentence}: no variables`);
  },
});
