import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isCase } from './case.ts';
import { FileFault } from './yaml-file.ts';

const NO_CASES = new Set(['node_modules', '.git']);

/**
 * The case folders at and below these paths, in the order of their names, each once. A folder below a case is looked at too. Throws
 * FileFault for a path that is not there or no folder.
 */
export function findCases(paths: readonly string[], shown: (path: string) => string): string[] {
  const found = new Set<string>();
  for (const path of paths) {
    const folder = resolve(path);
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
      throw new FileFault(`${shown(folder)}: there is no such folder`);
    }
    for (const one of casesIn(folder)) found.add(one);
  }
  return [...found];
}

function* casesIn(folder: string): Iterable<string> {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  if (isCase(entries.filter((entry) => entry.isFile()).map(({ name }) => name))) yield folder;
  for (const entry of entries) {
    if (entry.isDirectory() && !NO_CASES.has(entry.name)) yield* casesIn(join(folder, entry.name));
  }
}
