import type { Lookups } from '../webhook/lookup.ts';

/**
 * The same lookups, which note what was not found, as `ConfigMap shop in namespace web`: what is not in a cluster's files counts as
 * not existing, and whoever wants to know is told.
 */
export function noting({ find }: Lookups, missed: Set<string>): Lookups {
  return {
    find: async (kind, namespace, name) => {
      const found = await find(kind, namespace, name);
      if (found === undefined) missed.add(`${kind.kind} ${name} in namespace ${namespace}`);
      return found;
    },
  };
}
