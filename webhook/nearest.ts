/** What a name may have been meant to be, for the end of a message: `; did you mean a?`, else `; known: a, b`, else ''. */
export function nearest(name: string, known: readonly string[]): string {
  const close = closeTo(name, known);
  if (close.length > 0) return `; did you mean ${close.join(' or ')}?`;
  return known.length === 0 ? '' : `; known: ${known.join(', ')}`;
}

/** The known names that are at most two slips away from this one, whatever their case; less for short names. */
export function closeTo(name: string, known: readonly string[]): string[] {
  const slips = Math.min(2, Math.floor(name.length / 2));
  return known.filter((other) => distance(name.toLowerCase(), other.toLowerCase()) <= slips);
}

/** Levenshtein's. Names are short. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
