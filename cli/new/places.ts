import { existsSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Config, whereInConfig } from '../config.ts';
import { readable } from '../faults.ts';
import { ruleFiles } from '../rule-files.ts';
import { UsageError } from '../usage.ts';

/** Where a new rule and what belongs to it will be; paths are absolute. */
export interface Places {
  readonly ruleFolder: string;
  readonly ruleFile: string;
  /** Of the cases of all rules. */
  readonly casesFolder: string;
  /** Of tsconfig.json. */
  readonly base: string;
  /** Whether portcullis.yaml has to be made, for the folder to be loaded. */
  readonly needsConfig: boolean;
  /** Folders whose rules the new one joins: its own is none of them while it has no rules. */
  readonly loaded: readonly string[];
}

/**
 * Finds a place for the rule in `folder` (as given; else in the first folder that the configuration loads, else in rules/), where
 * it will be loaded and nothing is yet. Throws UsageError that says what would be right.
 */
export function placesFor(name: string, folder: string | undefined, config: Config): Places {
  const ruleFolder = resolve(folder ?? config.ruleFolders[0] ?? 'rules');
  const needsConfig = config.file === undefined && config.ruleFolders.length === 0;
  checkLoaded(ruleFolder, config, needsConfig);
  const own = fileURLToPath(new URL('../../rules/', import.meta.url));
  if (`${ruleFolder}${sep}`.startsWith(own)) {
    throw new UsageError(`${readable(ruleFolder)} is for the built-in rules; say --folder my-rules`);
  }
  const casesFolder = join(dirname(ruleFolder), 'cases');
  if (statSync(casesFolder, { throwIfNoEntry: false })?.isDirectory() === false) {
    throw new UsageError(
      `${readable(casesFolder)} is a file, and the cases of the rule belong into a folder of that name`,
    );
  }
  checkFree(name, ruleFolder, join(casesFolder, name));
  const isBelow = !relative('.', ruleFolder).startsWith('..');
  return {
    ruleFolder,
    ruleFile: join(ruleFolder, `${name}.ts`),
    casesFolder,
    base: isBelow ? resolve('.') : dirname(ruleFolder),
    needsConfig,
    loaded: (needsConfig ? [ruleFolder] : config.ruleFolders).filter(
      (other) => other !== ruleFolder || hasRules(other),
    ),
  };
}

function checkLoaded(ruleFolder: string, config: Config, needsConfig: boolean): void {
  if (needsConfig || config.ruleFolders.includes(ruleFolder)) return;
  const path = `./${relative('.', ruleFolder)}`;
  if (config.ruleFolders.length === 0) {
    const where = whereInConfig(config, []);
    throw new UsageError(`${where}: it names no folder of rules; write ruleFolders: [${path}] into it first`);
  }
  const loaded = config.ruleFolders.map(readable).join(', ');
  throw new UsageError(
    `rules are loaded from ${loaded}, and not from ${path}: say --folder ${readable(config.ruleFolders[0] ?? '')}, or add ${path} to ruleFolders first`,
  );
}

function checkFree(name: string, ruleFolder: string, cases: string): void {
  if (existsSync(ruleFolder) && !statSync(ruleFolder).isDirectory()) {
    throw new UsageError(`${readable(ruleFolder)} is a file; name a folder for rules with --folder`);
  }
  const files = ['.ts', '.js', '.mts', '.mjs'].map((extension) => join(ruleFolder, `${name}${extension}`));
  const taken = [...files, cases].find((path) => existsSync(path));
  if (taken === undefined) return;
  throw new UsageError(`${readable(taken)} is there already, and nothing is overwritten: choose another name`);
}

/** A folder of helpers and read-me files alone cannot be loaded yet. */
function hasRules(folder: string): boolean {
  if (!existsSync(folder)) return false;
  const { files, faults } = ruleFiles(folder);
  return files.length > 0 || faults.some(({ file }) => file !== readable(folder));
}
