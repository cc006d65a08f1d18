import type { Pod } from '../pod/types.ts';
import { type AnnotationName, nameIn } from './annotations.ts';

/** Those that begin with `git-`. */
const KNOWN: readonly AnnotationName[] = [
  'git-repo',
  'git-ref',
  'git-period',
  'git-depth',
  'git-submodules',
  'git-mode',
  'git-container',
  'git-secret',
];

/** An annotation that nothing reads, and the known name that its author probably meant, where one is near. */
export interface Misspelt {
  readonly name: string;
  readonly meant: string | undefined;
}

/** How many are looked at: whoever has more did not misspell them, and comparing them all would hold up the reviews of others. */
const MOST = 64;

const SLIPS = 2;

/**
 * The pod's annotations whose names (without the prefix) begin with `git-`, in whatever case, and are not known; the
 * first 64 of them.
 */
export function misspeltAnnotations(pod: Pod): Misspelt[] {
  const annotations: unknown = pod.metadata?.annotations;
  if (typeof annotations !== 'object' || annotations === null) return [];
  const misspelt: Misspelt[] = [];
  for (const key of Object.keys(annotations)) {
    const name = nameIn(key);
    if (name === undefined || !/^git-/i.test(name) || (KNOWN as readonly string[]).includes(name)) continue;
    misspelt.push({ name, meant: nearest(name.toLowerCase()) });
    if (misspelt.length === MOST) break;
  }
  return misspelt;
}

/** At most two slips away, or begun alike and written on: `git-repository`. */
function nearest(name: string): string | undefined {
  const [closest] = KNOWN.map((known) => ({ known, slips: name.startsWith(known) ? 1 : slipsBetween(name, known) }))
    .filter(({ slips }) => slips <= SLIPS)
    .sort((a, b) => a.slips - b.slips);
  return closest?.known;
}

/** Levenshtein's distance: letters too many, missing or wrong. Of lengths that alone make too many, no letter is read. */
function slipsBetween(name: string, known: string): number {
  if (Math.abs(name.length - known.length) > SLIPS) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: known.length + 1 }, (_, slips) => slips);
  for (const letter of name) {
    const next = [(row[0] ?? 0) + 1];
    for (let at = 0; at < known.length; at++) {
      const [corner = 0, above = 0] = row.slice(at);
      next.push(Math.min(corner + (letter === known[at] ? 0 : 1), above + 1, (next[at] ?? 0) + 1));
    }
    row = next;
  }
  return row[known.length] ?? 0;
}
