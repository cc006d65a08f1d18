import { readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Fault, readable } from './faults.ts';

/** A rule file, under the name that people know and the one that it really has: a ConfigMap's are symbolic links. */
export interface RuleFile {
  readonly path: string;
  readonly real: string;
}

/**
 * The rule files right in a folder, in the order of their names. Names that begin with a dot are the kubelet's (a
 * ConfigMap's `..data`), with `_` helpers that rules import; tests and declarations are no rules. A folder without
 * any is a fault, and so is a file that looks like a rule and would be left out: nobody would notice.
 */
export function ruleFiles(folder: string): { readonly files: readonly RuleFile[]; readonly faults: readonly Fault[] } {
  let names: string[];
  try {
    names = readdirSync(folder).sort();
  } catch (error) {
    return { files: [], faults: [{ file: readable(folder), reason: unreadable(error) }] };
  }
  const sources = names.filter((name) => SOURCE.test(name) && !NO_RULE.test(name) && !isFolder(join(folder, name)));
  if (sources.length === 0) {
    const reason = 'there are no rule files in this folder (.ts, .js, .mts, .mjs)';
    return { files: [], faults: [{ file: readable(folder), reason }] };
  }
  const files: RuleFile[] = [];
  const faults: Fault[] = [];
  for (const path of sources.map((name) => join(folder, name))) {
    const file = RULE.test(path) ? ruleFile(path) : NOT_LOADED;
    if ('real' in file) files.push(file);
    else faults.push({ file: readable(path), ...file });
  }
  return { files, faults };
}

const SOURCE = /\.[cm]?[tj]sx?$/i;
const RULE = /\.m?[tj]s$/;
const NO_RULE = /^[._]|\.(d|test)\.[cm]?[tj]sx?$/;

const NOT_LOADED = {
  reason: 'it would not be loaded: a rule file ends in .ts, .js, .mts or .mjs, and is an ES module',
};

function ruleFile(path: string): RuleFile | { readonly reason: string } {
  try {
    return { path, real: realpathSync(path) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { reason: code === 'ENOENT' ? 'it is a symbolic link that leads nowhere' : `it cannot be read: ${code}` };
  }
}

function unreadable(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such folder to load rules from';
  if (code === 'ENOTDIR') return 'this is a file; name the folder that it is in';
  return `the folder of rules cannot be read: ${code}`;
}

/** What cannot be asked is taken for a file: to read it says why. */
function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
