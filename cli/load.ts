import { readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type RuleInForce, type RulesInForce, rulesInForce } from '../webhook/match.ts';
import { isRule, type Rule } from '../webhook/rule.ts';
import { ruleFaults } from '../webhook/rule-faults.ts';
import { serveAuthorModule } from './author-module.ts';
import { type Config, whereInConfig } from './config.ts';
import { type Fault, Faults, readable } from './faults.ts';
import { importFault } from './import-faults.ts';
import { settingsAjv, settle } from './rule-settings.ts';
import { nearest } from './schema-faults.ts';

/** A top-level await that never ends would keep a start from ever failing. */
const MAX_IMPORT_MS = 10_000;

/**
 * Loads the rules: the built-in ones, then those in the folders' files, by file name; settles each by the
 * configuration; leaves out those whose mode is off. Throws Faults with every fault there is: nothing is half-loaded.
 */
export async function loadRules(builtIn: readonly Rule[], config: Config): Promise<RulesInForce> {
  const faults: Fault[] = [];
  const loaded: Loaded[] = builtIn.map((rule) => ({ rule, file: 'built-in rules' }));
  for (const found of await importFolders(config.ruleFolders)) {
    if ('reason' in found) faults.push(found);
    else loaded.push(found);
  }
  const rules = loaded.map(({ rule }) => rule);
  const fileOf = new Map(loaded.map(({ rule, file }) => [rule.name, file]));
  for (const { rule, fault } of ruleFaults(rules)) {
    faults.push({ file: fileOf.get(rule) ?? 'rules', reason: `rule ${rule}: ${fault}` });
  }
  faults.push(...unknownRules(config, rules), ...lookupFaults(loaded));
  const settled: RuleInForce[] = [];
  const ajv = settingsAjv();
  for (const { rule, file } of loaded) {
    const result = settle(rule, config, file, ajv);
    faults.push(...result.faults);
    if (result.rule !== undefined) settled.push(result.rule);
  }
  if (faults.length > 0) throw new Faults(faults);
  return rulesInForce(settled, config.ignoredNamespaces);
}

interface Loaded {
  readonly rule: Rule;
  readonly file: string;
}

async function importFolders(folders: readonly string[]): Promise<(Loaded | Fault)[]> {
  const found: (Loaded | Fault)[] = [];
  const files = folders.flatMap((folder) => {
    const listed = ruleFiles(folder);
    if (!Array.isArray(listed)) found.push(listed);
    return Array.isArray(listed) ? listed : [];
  });
  const restore = serveAuthorModule(folders.filter(isFolder).map((folder) => realpathSync(folder)));
  try {
    for (const file of files) found.push(...(await importFile(file)));
  } finally {
    restore();
  }
  return found;
}

/**
 * The rule files right in a folder. Names that begin with a dot are the kubelet's (a ConfigMap's `..data`), with `_`
 * helpers that rules import; tests and declarations are no rules.
 */
function ruleFiles(folder: string): string[] | Fault {
  if (!isFolder(folder))
    return { file: readable(folder), reason: 'there is no folder of this name to load rules from' };
  return readdirSync(folder)
    .filter((name) => /\.m?[tj]s$/.test(name) && !/^[._]|\.d\.m?ts$|\.test\.m?[tj]s$/.test(name))
    .sort()
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? true);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

async function importFile(file: string): Promise<(Loaded | Fault)[]> {
  try {
    const exported = await inTime(import(pathToFileURL(file).href) as Promise<object>);
    const rules = [...new Set(Object.values(exported).filter(isRule))];
    if (rules.length > 0) return rules.map((rule) => ({ rule, file: readable(file) }));
    const reason =
      'it exports no rule; export what validatingRule() or mutatingRule() makes, or begin the name of a helper with "_"';
    return [{ file: readable(file), reason }];
  } catch (error) {
    return [importFault(file, error)];
  }
}

async function inTime<T>(loading: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(
      `it is not loaded after ${MAX_IMPORT_MS / 1000} s: does it await something at its top level?`,
    );
    timer = setTimeout(() => reject(error), MAX_IMPORT_MS);
  });
  try {
    return await Promise.race([loading, late]);
  } finally {
    clearTimeout(timer);
  }
}

function unknownRules(config: Config, rules: readonly Rule[]): Fault[] {
  const names = rules.map(({ name }) => name);
  return Object.keys(config.file?.config.rules ?? {})
    .filter((name) => !names.includes(name))
    .map((name) => ({
      ...whereInConfig(config, ['rules', name]),
      reason: `rules.${name}: there is no such rule${nearest(name, names)}`,
    }));
}

/** Looked-up objects come from a cluster, and this version has no access to one. */
function lookupFaults(loaded: readonly Loaded[]): Fault[] {
  return loaded
    .filter(({ rule }) => Object.keys(rule.lookups).length > 0)
    .map(({ rule, file }) => ({
      file,
      reason: `rule ${rule.name} looks up ${Object.values(rule.lookups)
        .map(({ kind }) => kind.kind)
        .join(', ')} objects, which this version of Portcullis cannot do in a cluster yet`,
    }));
}
