import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isRule, type Made, type Rule, takeMade } from '../webhook/rule.ts';
import { loadAsRules, type RuleModules } from './author-module.ts';
import { called, type Fault, readable } from './faults.ts';
import { importFault } from './import-faults.ts';
import { frames, type Place } from './import-places.ts';
import { ruleFiles } from './rule-files.ts';

/** A rule, and where faults of it are to be mended. */
export interface Loaded {
  readonly rule: Rule;
  /** A file, with the `:line` where the rule is made; or what stands for one. */
  where(): string;
}

/** What rule files gave: their rules in order, each once, and every fault of every file. */
export interface Imported {
  readonly loaded: readonly Loaded[];
  readonly faults: readonly Fault[];
}

/** Imports the rule files of these folders, one after the other; none may take longer than `maxMs`. */
export async function importRules(folders: readonly string[], maxMs: number): Promise<Imported> {
  const listed = folders.map(ruleFiles);
  const faults = listed.flatMap((list) => list.faults);
  const files = listed.flatMap((list) => list.files);
  // Where a file is a symbolic link out of its folder, its helpers lie where it really is.
  const modules = loadAsRules([...new Set(files.map(({ real }) => dirname(real)))]);
  const paths = new Map(files.map(({ path, real }) => [real, path]));
  const nameOf: NameOf = (real) => readable(paths.get(real) ?? real);
  const made = new Map<Rule, Made>();
  const broken = new Set<string>();
  const loaded = new Map<Rule, Loaded>();
  takeMade();
  try {
    for (const { real } of files) {
      const result = await importFile(real, { modules, maxMs, nameOf });
      for (const one of takeMade()) made.set(one.rule, one);
      if ('reason' in result) {
        broken.add(real);
        faults.push(result);
        continue;
      }
      if (result.rules.length === 0 && !madeIn(made, real)) faults.push({ file: nameOf(real), reason: NO_RULE });
      for (const rule of result.rules)
        loaded.set(rule, { rule, where: () => whereMade(made.get(rule), real, { modules, nameOf }) });
    }
  } finally {
    modules.end();
  }
  faults.push(...unexported({ made, loaded, broken, modules, nameOf }));
  return { loaded: [...loaded.values()], faults: withoutRepeats(faults) };
}

/** What people call a file, by its real path. */
type NameOf = (real: string) => string;

const NO_RULE =
  'it exports no rule; export what validatingRule() or mutatingRule() makes, or begin the name of a helper with "_"';

async function importFile(
  file: string,
  { modules, maxMs, nameOf }: { modules: RuleModules; maxMs: number; nameOf: NameOf },
): Promise<Fault | { readonly rules: readonly Rule[] }> {
  try {
    const exported = await inTime(import(pathToFileURL(file).href) as Promise<object>, maxMs);
    if (exported !== undefined) return { rules: Object.values(exported).filter(isRule) };
    const reason = `it is not loaded after ${maxMs / 1000} s: does it, or a file that it imports, await something?`;
    return { file: nameOf(file), reason };
  } catch (error) {
    return importFault(file, error, modules, nameOf);
  }
}

/** Undefined after `maxMs`: a top-level await that never ends would keep a start from ever failing. */
async function inTime<T>(loading: Promise<T>, maxMs: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), maxMs);
  });
  try {
    return await Promise.race([loading, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Where the file that exports the rule has it made, by validatingRule() and the like or by a helper; else that helper. */
function whereMade(made: Made | undefined, real: string, { modules, nameOf }: Files): string {
  const places = frames(made?.at.stack ?? '');
  const place = places.find(({ file }) => file === real) ?? inRules(places, modules);
  return place === undefined ? nameOf(real) : `${nameOf(place.file)}:${place.line}`;
}

/** The innermost place that is the rules' own: schemaRule() makes its rule in a file of ours. */
function inRules(places: readonly Place[], modules: RuleModules): Place | undefined {
  return places.find(({ file }) => modules.isRuleFile(file)) ?? places[0];
}

interface Files {
  readonly modules: RuleModules;
  readonly nameOf: NameOf;
}

function madeIn(made: ReadonlyMap<Rule, Made>, real: string): boolean {
  return [...made.values()].some(({ at }) => frames(at.stack ?? '').some(({ file }) => file === real));
}

/** A rule that no file exports is not enforced, and nobody would notice. Those of files that failed are told already. */
function unexported({ made, loaded, broken, modules, nameOf }: Exported): Fault[] {
  const lost = [...made.values()].filter(({ rule }) => !loaded.has(rule));
  return lost.flatMap(({ rule, at }) => {
    const frame = inRules(frames(at.stack ?? ''), modules);
    if (frame !== undefined && broken.has(frame.file)) return [];
    const file = frame === undefined ? 'rules' : `${nameOf(frame.file)}:${frame.line}`;
    return [{ file, reason: `${called(rule)} is made and not exported, so it would not be enforced: export it` }];
  });
}

interface Exported extends Files {
  readonly made: ReadonlyMap<Rule, Made>;
  readonly loaded: ReadonlyMap<Rule, Loaded>;
  readonly broken: ReadonlySet<string>;
}

/** A helper that cannot be loaded fails every file that imports it. */
function withoutRepeats(faults: readonly Fault[]): Fault[] {
  const told = new Map(faults.map((fault) => [`${fault.file} ${fault.reason}`, fault]));
  return [...told.values()];
}
