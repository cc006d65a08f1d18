/** A case that fails: a schema, and a value under it. */
export interface Case {
  readonly schema: unknown;
  readonly value: unknown;
}

/** The smallest case that still fails, found by leaving out members and elements, or putting plain ones in their place, one by one. */
export function smallestCase(failing: Case, fails: (smaller: Case) => boolean): Case {
  for (const smaller of smallerCases(failing)) {
    if (fails(smaller)) return smallestCase(smaller, fails);
  }
  return failing;
}

function* smallerCases({ schema, value }: Case): Generator<Case> {
  for (const smaller of smallerValues(schema)) yield { schema: smaller, value };
  for (const smaller of smallerValues(value)) yield { schema, value: smaller };
}

function* smallerValues(value: unknown): Generator<unknown> {
  if (value === null || typeof value !== 'object') return;
  const isList = Array.isArray(value);
  const entries: [string, unknown][] = Object.entries(value);
  const built = (kept: [string, unknown][]): unknown =>
    isList ? kept.map(([, element]) => element) : Object.fromEntries(kept);
  for (const index of entries.keys()) yield built(entries.toSpliced(index, 1));
  for (const [index, [name, member]] of entries.entries()) {
    for (const smaller of smallerValues(member)) yield built(entries.with(index, [name, smaller]));
  }
}
