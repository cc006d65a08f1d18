import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { configFrom } from './config.ts';
import { CONFIG_FLAGS } from './config-flags.ts';
import { readable } from './faults.ts';
import { type NewFile, newCases } from './new/cases.ts';
import { newTsconfig } from './new/editor.ts';
import { type Places, placesFor } from './new/places.ts';
import { proven } from './new/proven.ts';
import { checkRuleName } from './new/rule-name.ts';
import { ruleSource } from './new/rule-source.ts';
import { subjectNamed } from './new/subject.ts';
import { ownCommand } from './own-command.ts';
import { replay } from './replay.ts';
import { type Flags, type Given, helpText, parseFlags, UsageError } from './usage.ts';

const USAGE = 'portcullis new rule NAME [FLAGS]';
const STORY = `Makes a rule that works, cases that prove it, and what an editor needs for its types. Nothing is overwritten.
A name is lower-case words with "-" between them; the rule's file and the folder of its cases have it too.`;
const FLAGS: Flags = {
  kind: { value: 'KIND', does: 'what it is for: Pod (unless said), Website, Deployment, …, or GROUP/VERSION/KIND' },
  validating: { does: 'it admits and refuses (unless said)' },
  mutating: { does: 'it changes what users apply' },
  folder: {
    value: 'FOLDER',
    does: 'of rule files (default: the first that is loaded, else rules); cases/ is beside it',
  },
  ...Object.fromEntries(Object.entries(CONFIG_FLAGS).filter(([name]) => name === 'config')),
};

/** `portcullis new`. Gives the exit code. */
export async function newRule(args: readonly string[]): Promise<number> {
  const given = parseFlags(args, FLAGS);
  if (given.flags.help) {
    process.stdout.write(helpText(USAGE, STORY, FLAGS));
    return 0;
  }
  const name = checkRuleName(nameIn(given.words));
  const phase = phaseOf(given);
  const subject = subjectNamed(given.flags.kind?.[0] ?? 'Pod');
  const config = configFrom(given, process.env);
  const places = placesFor(name, given.flags.folder?.[0], config);
  const draft = { name, source: ruleSource(name, phase, subject), cases: newCases(phase, subject.kind), ...places };
  const { result, cases, unsettled } = await proven(draft, { ...config, ruleFolders: places.loaded });

  const made: NewFile[] = [
    { path: places.ruleFile, text: draft.source },
    ...[...draft.cases, ...cases].map(({ path, text }) => ({ path: join(places.casesFolder, name, path), text })),
    ...around(places),
  ];
  for (const file of made) write(file);
  process.stdout.write(
    `made\n${made
      .map(({ path }) => `  ${readable(path)}\n`)
      .sort()
      .join('')}\n`,
  );
  const flags = (given.flags.config ?? []).flatMap((file) => ['--config', file]);
  const casesFolder = relative('.', places.casesFolder);
  // Another rule, or the schema of a CRD in cases/cluster.yaml, may stand in the way: replay says how.
  if (result.cases.some(({ outcome }) => outcome !== 'passed')) return replay([join(casesFolder, name), ...flags]);
  if (unsettled.length > 0) process.stdout.write(otherwise(unsettled));
  const again = [ownCommand(), 'replay', casesFolder, ...flags].join(' ');
  const next = `Change the rule and its cases into what you need, and prove it again (--watch does so on every change):`;
  process.stdout.write(`${result.cases.length} of ${result.cases.length} cases pass. ${next}\n\n  ${again}\n`);
  return 0;
}

function write({ path, text }: NewFile): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    throw new UsageError(`${readable(path)} cannot be written: ${(error as Error).message}`);
  }
}

function otherwise(unsettled: readonly string[]): string {
  const folders = unsettled.map((folder) => `  ${readable(folder)}\n`).join('');
  return `With the new rule, these come out otherwise. Where that is right, let replay --update write it:\n${folders}\n`;
}

function nameIn([what, name, ...more]: readonly string[]): string | undefined {
  if (what !== 'rule') {
    const wrong = what === undefined ? 'say what is to be made' : `there is no new "${what}"`;
    throw new UsageError(`${wrong}: portcullis new rule NAME`);
  }
  if (more.length > 0) throw new UsageError(`one rule at a time, not "${[name, ...more].join(' ')}"`);
  return name;
}

function phaseOf({ flags }: Given): 'mutating' | 'validating' {
  if (flags.mutating && flags.validating) throw new UsageError('a rule is --mutating or --validating: make two');
  return flags.mutating ? 'mutating' : 'validating';
}

/** What lets the rule be loaded, and its types be known. */
function around({ base, ruleFolder, needsConfig }: Places): NewFile[] {
  const folder = `./${relative('.', ruleFolder).replaceAll('\\', '/')}`;
  const config = `# The built-in rules are in force, and those of these folders.\nruleFolders: [${JSON.stringify(folder)}]\n`;
  const tsconfig = newTsconfig(base, ruleFolder);
  return [
    ...(needsConfig ? [{ path: resolve('portcullis.yaml'), text: config }] : []),
    ...(tsconfig === undefined ? [] : [{ path: join(base, 'tsconfig.json'), text: tsconfig }]),
  ];
}
