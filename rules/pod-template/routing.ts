import type { Routing } from '../../author.ts';
import { LABEL } from '../git-sync/routing.ts';

/**
 * Whether the namespace asks for git-sync, only the API server knows: hence two ways here, which exclude each other. That it
 * asks for the Downward API's variables changes nothing of what a template is told, so its label there is not looked at.
 *
 * Nothing here refuses, so nothing may wait for it or fail with it: two seconds are enough for a new connection and one
 * live read, and a workload that nobody answered about goes on without a word.
 */
export const routing = {
  webhook: 'pod-template',
  selectors: {
    workload: { namespaceSelector: namespaceThat('NotIn'), objectSelector: ofAuthors() },
    namespace: { namespaceSelector: namespaceThat('In'), objectSelector: ofAuthors() },
  },
  failurePolicy: 'Ignore',
  timeoutSeconds: 2,
} as const satisfies Routing;

function namespaceThat(operator: 'In' | 'NotIn') {
  return { matchExpressions: [{ key: LABEL, operator, values: ['true'] }] } as const;
}

/** The Deployment controller labels each of its ReplicaSets so, and touches them all through a roll-out. */
function ofAuthors() {
  return { matchExpressions: [{ key: 'pod-template-hash', operator: 'DoesNotExist' }] } as const;
}
