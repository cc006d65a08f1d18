import { basename, dirname, sep } from 'node:path';
import type { Seen } from './seen.ts';

/** What is to be replayed again after a change. */
export interface Touched {
  /** Rules or the configuration: every case may come out otherwise. */
  readonly isAll: boolean;
  readonly cases: ReadonlySet<string>;
  /** Cases that are none any more. */
  readonly gone: readonly string[];
}

/** What a change touches: a case's own file that case, a cluster.yaml the cases that it is around, all else everything. */
export function touched(before: Seen, after: Seen): Touched {
  const files = new Set([...before.stamps.keys(), ...after.stamps.keys()]);
  const changed = [...files].filter((file) => before.stamps.get(file) !== after.stamps.get(file));
  const cases = new Set<string>();
  let isAll = false;
  for (const file of changed) {
    const own = caseOf(file, after) ?? caseOf(file, before);
    if (own !== undefined) cases.add(own);
    else if (basename(file) === 'cluster.yaml') for (const one of casesAround(file, after)) cases.add(one);
    else isAll = true;
  }
  const gone = [...before.cases].filter((folder) => !after.cases.has(folder));
  for (const folder of gone) cases.delete(folder);
  return { isAll, cases, gone };
}

/** The nearest case that the file is in. */
function caseOf(file: string, { cases }: Seen): string | undefined {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    if (cases.has(folder)) return folder;
  }
  return undefined;
}

/** A cluster.yaml is that of the cases in its folder, and in the folders of this one (replay/case.ts). */
function casesAround(file: string, { cases }: Seen): string[] {
  const folder = dirname(file);
  return [...cases].filter(
    (one) => one.startsWith(folder + sep) && (dirname(one) === folder || dirname(dirname(one)) === folder),
  );
}
