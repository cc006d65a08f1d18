import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findCases } from '../../replay/find-cases.ts';
import type { ReplayContext } from '../../replay/replay-case.ts';
import { type Run, run } from '../../replay/run.ts';
import { updateExpected } from '../../replay/update.ts';
import type { Config } from '../config.ts';
import { Faults, readable } from '../faults.ts';
import { replayContext } from '../replay-context.ts';
import type { NewFile } from './cases.ts';

/** A new rule and its cases, before any of it is where it belongs. */
export interface Draft {
  readonly name: string;
  readonly source: string;
  /** Relative to the rule's folder of cases. */
  readonly cases: readonly NewFile[];
  /** Where they will be. */
  readonly ruleFile: string;
  readonly casesFolder: string;
}

/** What came of the draft's cases, and they with their `expected.yaml`. */
export interface Proven {
  readonly result: Run;
  readonly cases: readonly NewFile[];
  /** Folders of other rules' cases that pass without the new rule, and do not with it. */
  readonly unsettled: readonly string[];
}

/**
 * Tries a new rule in a folder of its own, beside the rules that there are: the engine says what is expected of its cases,
 * and then replays them. Whatever is wrong is so before anything is made. Throws Faults, which name the files as they will be.
 */
export async function proven(draft: Draft, config: Config): Promise<Proven> {
  const stage = realpathSync(mkdtempSync(join(tmpdir(), 'portcullis-new-')));
  try {
    const rules = join(stage, 'rules');
    const cases = join(stage, 'cases', draft.name);
    put(join(rules, `${draft.name}.ts`), draft.source);
    for (const { path, text } of draft.cases) put(join(cases, path), text);
    const cluster = join(draft.casesFolder, 'cluster.yaml');
    if (existsSync(cluster)) copyFileSync(cluster, join(stage, 'cases', 'cluster.yaml'));
    const context = await replayContext({ ...config, ruleFolders: [...config.ruleFolders, rules] });
    const folders = findCases([cases], readable);
    updateExpected((await run(folders, context)).cases, readable);
    const expected = folders.map((folder) => join(folder, 'expected.yaml')).filter((file) => existsSync(file));
    const result = await run(folders, context);
    return {
      result,
      cases: expected.map((file) => ({ path: file.slice(cases.length + 1), text: read(file) })),
      unsettled: await unsettled(draft.casesFolder, context, config),
    };
  } catch (error) {
    if (!(error instanceof Faults)) throw error;
    const rename = (text: string) =>
      text.replaceAll(join(stage, 'rules', `${draft.name}.ts`), readable(draft.ruleFile));
    throw new Faults(error.faults.map(({ file, reason }) => ({ file: rename(file), reason: rename(reason) })));
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** A rule for what others are for too is asked about their cases. */
async function unsettled(casesFolder: string, withRule: ReplayContext, config: Config): Promise<string[]> {
  const folders = existsSync(casesFolder) ? findCases([casesFolder], readable) : [];
  const failing = await passing(folders, withRule, false);
  return failing.length === 0 ? [] : passing(failing, await replayContext(config), true);
}

/** Those of the cases that pass, or those that do not. */
async function passing(folders: readonly string[], context: ReplayContext, isWanted: boolean): Promise<string[]> {
  const { cases } = await run(folders, context);
  return folders.filter((_, at) => (cases[at]?.outcome === 'passed') === isWanted);
}

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function read(file: string): string {
  return readFileSync(file, 'utf8');
}
