/** The value that so large a part of these, sorted, does not exceed; undefined of none. */
export function percentileOf(sorted: ArrayLike<number>, part: number): number | undefined {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}
