/** What a name may have been meant to be, for the end of a message: `; did you mean a?`, else `; known: a, b`, else ''. */
export function nearest(name: string, known: readonly string[]): string {
  const close = closeTo(name, known);
  if (close.length > 0) return `; did you mean ${close.join(' or ')}?`;
  return known.length === 0 ? '' : `; known: ${known.join(', ')}`;
}

/** The known names that are at most two slips away from this one, whatever their case; less for short names. */
export function closeTo(name: string, known: readonly string[]): string[] {
  return known.filter((other) => slipsBetween(name, other) !== undefined);
}

/** The one of those that is nearest: whose case alone differs, if there is one; of several the first. */
export function closestTo(name: string, known: readonly string[]): string | undefined {
  let least = Number.POSITIVE_INFINITY;
  let closest: string | undefined;
  for (const other of known) {
    const slips = slipsBetween(name, other) ?? least;
    if (slips < least) [least, closest] = [slips, other];
  }
  return closest;
}

/** At most two, and at most one for two letters of the name; undefined if it takes more. Cheap for names that are far too long. */
function slipsBetween(name: string, known: string): number | undefined {
  const most = Math.min(2, Math.floor(name.length / 2));
  if (Math.abs(name.length - known.length) > most) return undefined;
  const slips = distance(name.toLowerCase(), known.toLowerCase());
  return slips > most ? undefined : slips;
}

/** Damerau's and Levenshtein's: letters too many, missing, wrong, or in the place of their neighbours. */
function distance(a: string, b: string): number {
  let last: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwapped ? (last[j - 2] ?? 0) + 1 : replaced;
      next.push(Math.min(replaced, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    last = row;
    row = next;
  }
  return row[b.length] ?? 0;
}
