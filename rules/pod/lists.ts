/**
 * The objects of a list with their places in it. A list that is missing, `null` or no list has none, and neither
 * has a place that holds no object: nothing that a review carries makes a rule stumble.
 */
export function itemsOf<T extends object>(list: readonly T[] | null | undefined): { item: T; index: number }[] {
  const items: { item: T; index: number }[] = [];
  if (!Array.isArray(list)) return items;
  for (const [index, item] of (list as readonly T[]).entries()) {
    if (typeof item === 'object' && item !== null) items.push({ item, index });
  }
  return items;
}

/** Of so many elements of a list that are wrong in the same way a user is told, as of a schema's errors: a hostile pod has a million. */
export const MOST_TOLD = 100;

/** The list under `key`, to be edited in place; made when it is missing or `null`, which mean the same to Kubernetes. */
export function listIn<P extends object, K extends keyof P>(parent: P, key: K): NonNullable<P[K]> {
  if (!Array.isArray(parent[key])) parent[key] = [] as P[K];
  return parent[key] as NonNullable<P[K]>;
}
