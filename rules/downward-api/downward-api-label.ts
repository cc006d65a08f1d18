import { allow, Pod, validatingRule } from '../../author.ts';
import { doubtsAbout } from './doubts.ts';
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
    return allow(...doubtsAbout(pod));
  },
});
