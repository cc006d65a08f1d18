import type { Routing } from '../../author.ts';

/** The label by which a pod asks for git-sync. */
export const LABEL = 'extensions.example.com/git-sync';

/** `Exists` and not `In ["true"]`, so that a wrong value is reported. Selectors see labels, not annotations: hence a label. */
export const routing = {
  webhook: 'git-sync',
  selectors: { label: { objectSelector: { matchExpressions: [{ key: LABEL, operator: 'Exists' }] } } },
} as const satisfies Routing;
