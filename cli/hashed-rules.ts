import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { builtInRules, followed } from '../rules/index.ts';
import type { RulesInForce } from '../webhook/match.ts';
import type { Config } from './config.ts';
import { rememberIntrinsics } from './harden-intrinsics.ts';
import { loadRules } from './load.ts';
import { type FileImport, withImports } from './manifests/imports.ts';
import { ruleFiles } from './rule-files.ts';
import { UsageError } from './usage.ts';
import { ownVersion } from './version.ts';

/** The rules in force, and what tells them from others. */
export interface HashedRules {
  readonly rules: RulesInForce;
  /**
   * The SHA-256 of all that decides reviews, in 64 hexadecimal digits: Portcullis' version, which rules are in force, with
   * which settings and in which modes, and what is in their files and those that they import. Where it is the same, the
   * same is decided; where files lie does not matter.
   */
  readonly sha256: string;
}

/**
 * Loads the rules of a configuration, the built-in ones first. Throws Faults; and UsageError for files that change what
 * the rules and Portcullis itself have in common.
 */
export async function loadHashed(config: Config): Promise<HashedRules> {
  const changed = rememberIntrinsics();
  const { result: rules, imports } = await withImports(() => loadRules(builtInRules, config, { followed }));
  const others = changed();
  if (others.length > 0) {
    throw new UsageError(
      `a rule file, or what it imports, changes ${others.join(', ')} while it is loaded: leave it as it is`,
    );
  }
  const inForce = rules.rules.map(({ rule, settings, mode }) => ({ name: rule.name, mode, settings }));
  const ignored = [...rules.ignoredNamespaces].sort();
  const contents = filesOf(config.ruleFolders, imports).map((file) => sha256(readFileSync(file)));
  const all = { version: ownVersion(), inForce, ignored, contents: contents.sort() };
  return { rules, sha256: sha256(JSON.stringify(all)) };
}

function filesOf(folders: readonly string[], imports: readonly FileImport[]): string[] {
  const files = new Set(folders.flatMap((folder) => ruleFiles(folder).files.map(({ real }) => real)));
  // A set hands out what is added to it while it is gone through.
  for (const file of files) {
    for (const { importer, imported } of imports) if (importer === file) files.add(imported);
  }
  return [...files];
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}
