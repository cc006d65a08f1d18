import { type Dirent, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isCase } from '../../replay/case-files.ts';

/** What a replay depends on; paths are absolute. */
export interface Watched {
  /** Where cases are looked for. */
  readonly paths: readonly string[];
  readonly ruleFolders: readonly string[];
  readonly configFile: string;
}

/** What of it there is at one moment. */
export interface Seen extends Watched {
  readonly cases: ReadonlySet<string>;
  /** Where something may come or go. */
  readonly folders: ReadonlySet<string>;
  /** Of each file that matters a text that is another when the file is. */
  readonly stamps: ReadonlyMap<string, string>;
}

/** Looks at all that a replay depends on: the cases, the cluster.yaml around them, the files of rule folders, the configuration. */
export function look(watched: Watched): Seen {
  const seen = { ...watched, cases: new Set<string>(), folders: new Set<string>(), stamps: new Map<string, string>() };
  for (const path of watched.paths) {
    lookAtCases(path, seen);
    for (const around of [dirname(path), dirname(dirname(path))]) {
      seen.folders.add(around);
      stamp(join(around, 'cluster.yaml'), seen.stamps);
    }
  }
  for (const folder of watched.ruleFolders) lookAtRules(folder, seen);
  seen.folders.add(dirname(watched.configFile));
  stamp(watched.configFile, seen.stamps);
  return seen;
}

interface Looking {
  readonly cases: Set<string>;
  readonly folders: Set<string>;
  readonly stamps: Map<string, string>;
}

function lookAtCases(folder: string, seen: Looking): void {
  const entries = entriesOf(folder);
  if (entries === undefined) return;
  seen.folders.add(folder);
  const files = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  const isOwn = isCase(files);
  if (isOwn) seen.cases.add(folder);
  for (const name of files) if (isOwn || name === 'cluster.yaml') stamp(join(folder, name), seen.stamps);
  for (const name of foldersIn(entries)) lookAtCases(join(folder, name), seen);
}

/** With what rules import and read there, in whichever folder below it is. */
function lookAtRules(folder: string, seen: Looking): void {
  const entries = entriesOf(folder);
  // A folder that is still to come shows in the one that it will be in.
  seen.folders.add(entries === undefined ? dirname(folder) : folder);
  if (entries === undefined) return;
  for (const entry of entries) if (!entry.isDirectory()) stamp(join(folder, entry.name), seen.stamps);
  for (const name of foldersIn(entries)) lookAtRules(join(folder, name), seen);
}

/** Undefined where there is no such folder, or none any more. */
function entriesOf(folder: string): Dirent[] | undefined {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return undefined;
  }
}

/** What others keep there is large, and not the author's to change. */
function foldersIn(entries: readonly Dirent[]): string[] {
  const own = entries.filter((entry) => entry.isDirectory() && entry.name !== 'node_modules' && entry.name !== '.git');
  return own.map(({ name }) => name);
}

/** Editors keep files of their own, whose names begin with a dot. */
function stamp(file: string, stamps: Map<string, string>): void {
  if (/[\\/]\.[^\\/]*$/.test(file)) return;
  const stats = statSync(file, { bigint: true, throwIfNoEntry: false });
  if (stats !== undefined) stamps.set(file, `${stats.mtimeNs} ${stats.size} ${stats.ino}`);
}
