import type { Container } from '../pod/types.ts';
import type { Settings } from './settings.ts';

type Resources = NonNullable<Container['resources']>;

/**
 * What git-sync's container asks for, a new object at every call. What the pod as a whole has a budget of (`spec.resources`,
 * KEP-2837) is shared by its containers: there a request could take their sum beyond the pod's, a limit be above it, and the API
 * server would refuse the pod.
 */
export function resourcesWithin(budget: Resources | undefined, { requests, limits }: Settings['resources']): Resources {
  const shared = new Set([budget?.requests, budget?.limits].flatMap((part) => Object.keys(part ?? {})));
  const own = (part: { readonly [resource: string]: string } | undefined) =>
    Object.fromEntries(Object.entries(part ?? {}).filter(([resource]) => !shared.has(resource)));
  const parts = Object.entries({ requests: own(requests), limits: own(limits) });
  return Object.fromEntries(parts.filter(([, part]) => Object.keys(part).length > 0));
}
