import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Rule } from '../../author.ts';
import { configFrom } from '../../cli/config.ts';
import { Faults } from '../../cli/faults.ts';
import { loadRules } from '../../cli/load.ts';
import type { RulesInForce } from '../../webhook/match.ts';
import { emptyFolder } from '../certs/empty-folder.ts';

/** File names (with folders, where a slash says so) and what is in them. */
export type Files = { readonly [name: string]: string };

/** A new folder with these files, removed when the test ends. It lies outside of the repository, as a user's does. */
export async function folderOf(t: TestContext, files: Files): Promise<string> {
  const folder = await realpath(await emptyFolder(t));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

/** What is loaded from, besides the folder itself. */
export interface Given {
  readonly builtIn?: readonly Rule[];
  /** The folders of rules, within the folder; itself unless said. */
  readonly rules?: readonly string[];
  readonly maxImportMs?: number;
}

/** Loads the rules of a folder, by its portcullis.yaml, if there is one. */
export function load(
  folder: string,
  { builtIn = [], rules = ['.'], maxImportMs = 5000 }: Given = {},
): Promise<RulesInForce> {
  const flags = { config: [join(folder, 'portcullis.yaml')], rules: rules.map((name) => join(folder, name)) };
  return loadRules(builtIn, configFrom({ words: [], flags }, {}), { maxImportMs });
}

/** The faults that keep a folder from being loaded, each as `file:line: reason`, without the folder's own path. */
export async function faultsIn(folder: string, given: Given = {}): Promise<string[]> {
  try {
    await load(folder, given);
  } catch (error) {
    if (!(error instanceof Faults)) throw error;
    return error.faults.map(({ file, reason }) =>
      `${file}: ${reason}`.replaceAll(`${folder}/`, '').replaceAll(folder, '.'),
    );
  }
  return [];
}

/** A rule file: the rule is made on line 2; `more` are further members. */
export function ruleFile(name: string, more = ''): string {
  return [
    "import { allow, Pod, validatingRule } from 'portcullis';",
    `export const rule = validatingRule({ name: '${name}', kind: Pod, operations: ['CREATE'], validate: () => allow(), ${more}});`,
    '',
  ].join('\n');
}

/** A JavaScript rule file: the rule `a`, made on line 3, is right but for `members`, which come last. */
export function faultyRule(members: string, maker = 'validatingRule'): string {
  const verb = maker === 'mutatingRule' ? 'mutate() {}' : 'validate: () => allow()';
  return [
    "import { allow, kind, mutatingRule, Namespace, Pod, Secret, validatingRule } from 'portcullis';",
    '',
    `export const a = ${maker}({ name: 'a', kind: Pod, operations: ['CREATE'], ${verb}, ${members} });`,
  ].join('\n');
}
