import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isCase } from './case-files.ts';
import { FileFault } from './yaml-file.ts';

/**
 * The case folders at and below these paths, in the order of their names, each once. A folder below a case is looked at too,
 * links are followed, and neither node_modules nor what begins with a dot is entered. Beside a case, whatever holds YAML or JSON
 * is meant to be one, and found, so that a misspelt name is told. Throws FileFault for a path that is not there, no folder, or
 * cannot be read.
 */
export function findCases(paths: readonly string[], shown: (path: string) => string): string[] {
  const found = new Set<string>();
  for (const path of paths) {
    const folder = resolve(path);
    const stats = statSync(folder, { throwIfNoEntry: false });
    if (stats === undefined) throw new FileFault(`${shown(folder)}: there is no such folder`);
    if (!stats.isDirectory()) {
      throw new FileFault(`${shown(folder)}: it is a file; name the folder of the case, or one around it`);
    }
    for (const one of casesIn(folder, { shown, around: [] }).cases) found.add(one);
  }
  return [...found];
}

interface Place {
  readonly shown: (path: string) => string;
  /** The folders on the way here, as they really are: a link to one of them leads nowhere new. */
  readonly around: readonly string[];
}

interface Found {
  readonly cases: readonly string[];
  readonly isCase: boolean;
  /** It has files of which cases are made, called whatever. */
  readonly isLikeOne: boolean;
}

function casesIn(folder: string, { shown, around }: Place): Found {
  const real = realpathSync(folder);
  if (around.includes(real)) return { cases: [], isCase: false, isLikeOne: false };
  const { folders, others } = entriesOf(folder, shown);
  const isOwn = isCase(others);
  const below = folders.map((name) => {
    const path = join(folder, name);
    return { path, ...casesIn(path, { shown, around: [...around, real] }) };
  });
  const isAroundCases = below.some((each) => each.isCase);
  const cases = below.flatMap(({ path, cases, isLikeOne }) =>
    isAroundCases && isLikeOne && cases.length === 0 ? [path] : cases,
  );
  return {
    cases: isOwn ? [folder, ...cases] : cases,
    isCase: isOwn,
    isLikeOne: others.some((name) => /\.(ya?ml|json)$/i.test(name)),
  };
}

/** The names of the folders in it, and of all else. */
function entriesOf(folder: string, shown: Place['shown']): { folders: string[]; others: string[] } {
  try {
    const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => !/^\.|^node_modules$/.test(name));
    const { folders = [], others = [] } = Object.groupBy(entries, (entry) =>
      isFolder(folder, entry) ? 'folders' : 'others',
    );
    const names = (of: readonly Dirent[]) => of.map(({ name }) => name).sort();
    return { folders: names(folders), others: names(others) };
  } catch (error) {
    throw new FileFault(`${shown(folder)}: ${(error as Error).message}`);
  }
}

function isFolder(folder: string, entry: Dirent): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return statSync(join(folder, entry.name), { throwIfNoEntry: false })?.isDirectory() === true;
}
