/**
 * Where `after` no longer has what `before` has: every member, every element of a list in the same order, every value;
 * undefined where it has all, whatever it has besides. null counts as missing, and a text may have been written on.
 */
export function lost(before: unknown, after: unknown, path = ''): string | undefined {
  if (before === null) return undefined;
  if (Array.isArray(before)) return Array.isArray(after) ? lostElement(before, after, path) : path;
  if (typeof before !== 'object') return isKept(before, after, path) ? undefined : path;
  if (typeof after !== 'object' || after === null) return path;
  for (const [key, value] of Object.entries(before)) {
    const inner = Object.hasOwn(after, key)
      ? lost(value, (after as { [key: string]: unknown })[key], `${path}/${key}`)
      : `${path}/${key}`;
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/** The first place will do for each: what follows it can only be found more easily. */
function lostElement(before: readonly unknown[], after: readonly unknown[], path: string): string | undefined {
  let next = 0;
  for (const [index, element] of before.entries()) {
    while (next < after.length && lost(element, after[next]) !== undefined) next++;
    if (next === after.length) return `${path}/${index}`;
    next++;
  }
  return undefined;
}

/** The list of volumes that may be lost with a node is one text. */
function isKept(before: unknown, after: unknown, path: string): boolean {
  if (!path.endsWith('/cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes')) return before === after;
  return before === '' || after === before || String(after).startsWith(`${before},`);
}
