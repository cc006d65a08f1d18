import type { Routing } from '../../author.ts';

/** The label by which a pod, or the namespace for those of its pods that say which repository, asks for git-sync. */
export const LABEL = 'extensions.example.com/git-sync';

/** The label by which a pod asks for the content of the Website of that name. */
export const WEBSITE_LABEL = 'extensions.example.com/website';

/**
 * `Exists` and not `In ["true"]`, so that a wrong value is reported. Selectors see labels, not annotations: hence labels.
 * The three ways to ask exclude each other, so that no pod is sent twice.
 */
export const routing = {
  webhook: 'git-sync',
  selectors: {
    label: { objectSelector: { matchExpressions: [exists(LABEL), { key: WEBSITE_LABEL, operator: 'DoesNotExist' }] } },
    website: { objectSelector: { matchExpressions: [exists(WEBSITE_LABEL)] } },
    namespace: {
      namespaceSelector: { matchExpressions: [{ key: LABEL, operator: 'In', values: ['true'] }] },
      objectSelector: {
        matchExpressions: [
          { key: LABEL, operator: 'DoesNotExist' },
          { key: WEBSITE_LABEL, operator: 'DoesNotExist' },
        ],
      },
    },
  },
} as const satisfies Routing;

function exists(key: string) {
  return { key, operator: 'Exists' } as const;
}
