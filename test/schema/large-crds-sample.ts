import type { StructuralSchema } from '../../schema/structural-schema.ts';

/** A sample object of a CRD, and what makes it wrong. */
export interface Sample {
  readonly schema: StructuralSchema;
  /** Valid, and with every default filled in. */
  readonly good: object;
  /** By sentence: where, what stands there instead (`undefined`: nothing), and what is reported, `field: message` each. */
  readonly mistakes: { readonly [sentence: string]: readonly [path: string, value: unknown, ...reported: string[]] };
}

/** A copy with another value at the path; an index one beyond the end of a list adds an element. */
export function changed<T extends object>(object: T, path: string, value: unknown): T {
  // Through JSON, so that no two places share a part.
  const copy = JSON.parse(JSON.stringify(object));
  const steps = path.split(/[.[\]]+/).filter((step) => step !== '');
  const last = steps.pop() ?? '';
  const parent = steps.reduce((at, step) => at[step] as Members, copy as Members);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}

interface Members {
  [name: string]: unknown;
}
