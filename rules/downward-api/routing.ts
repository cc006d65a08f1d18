import type { Routing } from '../../author.ts';

/** The label by which a pod, or the namespace for all its pods, asks for the variables. */
export const LABEL = 'extensions.example.com/downward-api';

/**
 * A pod that carries the label speaks for itself, whatever its namespace says. `Exists` and not `In ["true"]`, so
 * that "false" in an enabled namespace counts and a wrong value is reported.
 */
export const podSelector = { objectSelector: { matchExpressions: [{ key: LABEL, operator: 'Exists' }] } };

/** The two ways to ask exclude each other, so that no pod is sent twice. */
export const routing = {
  webhook: 'downward-api',
  selectors: {
    pod: podSelector,
    namespace: {
      namespaceSelector: { matchExpressions: [{ key: LABEL, operator: 'In', values: ['true'] }] },
      objectSelector: { matchExpressions: [{ key: LABEL, operator: 'DoesNotExist' }] },
    },
  },
} as const satisfies Routing;
