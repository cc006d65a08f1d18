import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isCase } from './case.ts';
import { FileFault } from './yaml-file.ts';

/**
 * The case folders at and below these paths, in the order of their names, each once. A folder below a case is looked at too,
 * links are followed, and neither node_modules nor what begins with a dot is entered. Throws FileFault for a path that is
 * not there, no folder, or cannot be read.
 */
export function findCases(paths: readonly string[], shown: (path: string) => string): string[] {
  const found = new Set<string>();
  for (const path of paths) {
    const folder = resolve(path);
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
      throw new FileFault(`${shown(folder)}: there is no such folder`);
    }
    for (const one of casesIn(folder, { shown, around: [] })) found.add(one);
  }
  return [...found];
}

interface Place {
  readonly shown: (path: string) => string;
  /** The folders on the way here, as they really are: a link to one of them leads nowhere new. */
  readonly around: readonly string[];
}

function* casesIn(folder: string, { shown, around }: Place): Iterable<string> {
  const real = realpathSync(folder);
  if (around.includes(real)) return;
  const entries = entriesOf(folder, shown);
  if (isCase(entries.filter((entry) => !isFolder(folder, entry)).map(({ name }) => name))) yield folder;
  for (const entry of entries) {
    if (entry.name === 'node_modules' || !isFolder(folder, entry)) continue;
    yield* casesIn(join(folder, entry.name), { shown, around: [...around, real] });
  }
}

function entriesOf(folder: string, shown: Place['shown']): Dirent[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => !name.startsWith('.'));
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    throw new FileFault(`${shown(folder)}: ${(error as Error).message}`);
  }
}

function isFolder(folder: string, entry: Dirent): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return statSync(join(folder, entry.name), { throwIfNoEntry: false })?.isDirectory() === true;
}
