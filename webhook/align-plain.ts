/** Beyond this many comparisons the fewest operations are not worth their time, some hundred microseconds. */
const MAX_COMPARISONS = 250_000;

/**
 * Which element of `before` each element of `after` is, or whose place it takes; -1 for one that is put in. For lists
 * of plain values: aligned so that the fewest are added, removed and replaced (the edit distance of Levenshtein). Of
 * long lists only what stays is matched, and not always the most of it.
 */
export function alignPlain(before: readonly unknown[], after: readonly unknown[]): number[] {
  const result = new Array<number>(after.length).fill(-1);
  if (before.length * after.length > MAX_COMPARISONS) alignGreedily(before, after, result);
  else alignBest(before, after, result);
  return result;
}

function alignBest(before: readonly unknown[], after: readonly unknown[], result: number[]): void {
  const costs = costsOf(before, after);
  const width = after.length + 1;
  for (let i = 0, j = 0; i < before.length && j < after.length; ) {
    const at = i * width + j;
    const cost = costs[at] ?? 0;
    if (before[i] === after[j] || cost === 1 + (costs[at + width + 1] ?? 0)) result[j++] = i++;
    else if (cost === 1 + (costs[at + width] ?? 0)) i++;
    else j++;
  }
}

/** At `i * (after.length + 1) + j`: how many operations turn the rest of `before` from i into the rest of `after` from j. */
function costsOf(before: readonly unknown[], after: readonly unknown[]): Uint32Array {
  const width = after.length + 1;
  const costs = new Uint32Array((before.length + 1) * width);
  for (let j = 0; j < width; j++) costs[before.length * width + j] = after.length - j;
  for (let i = before.length - 1; i >= 0; i--) {
    costs[i * width + after.length] = before.length - i;
    for (let j = after.length - 1; j >= 0; j--) {
      const at = i * width + j;
      const replaced = costs[at + width + 1] ?? 0;
      costs[at] =
        before[i] === after[j] ? replaced : 1 + Math.min(replaced, costs[at + width] ?? 0, costs[at + 1] ?? 0);
    }
  }
  return costs;
}

/** Matches each value with its next occurrence. */
function alignGreedily(before: readonly unknown[], after: readonly unknown[], result: number[]): void {
  const places = new Map<unknown, number[]>();
  for (let i = before.length - 1; i >= 0; i--) {
    const known = places.get(before[i]);
    if (known === undefined) places.set(before[i], [i]);
    else known.push(i);
  }
  let last = -1;
  for (let j = 0; j < after.length; j++) {
    const known = places.get(after[j]);
    while (known !== undefined && known.length > 0) {
      const i = known.pop() ?? -1;
      if (i <= last) continue;
      result[j] = i;
      last = i;
      break;
    }
  }
}
