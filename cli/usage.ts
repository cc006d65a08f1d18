import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { nearest } from '../webhook/nearest.ts';

/** Portcullis cannot begin, for a reason that a person can mend; the message says which and how. */
export class UsageError extends Error {}

/** A command's flags, described once: for parsing and for its help. */
export interface Flag {
  /** `'FILE'` and the like: what stands for the value; without it the flag is a switch. */
  readonly value?: string;
  readonly does: string;
  /** One letter, for the impatient: `'v'` lets `-v` mean the flag. */
  readonly short?: string;
  /** May be given several times. */
  readonly isMany?: boolean;
}

/** Flags by their names, without dashes. */
export type Flags = { readonly [name: string]: Flag };

/** What a command line said: each flag's values, and the words besides. */
export interface Given {
  readonly words: readonly string[];
  readonly flags: { readonly [name: string]: readonly string[] | undefined };
}

/** Reads a command line. Throws UsageError, naming the flags there are. */
export function parseFlags(args: readonly string[], flags: Flags): Given {
  const all = { ...flags, ...HELP_FLAG };
  const options: ParseArgsOptionsConfig = {};
  for (const [name, { value, short }] of Object.entries(all)) {
    const type = value === undefined ? 'boolean' : 'string';
    options[name] = { type, multiple: true, ...(short === undefined ? {} : { short }) };
  }
  const { tokens } = parseArgs({
    args: [...args],
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const words: string[] = [];
  const given: { [name: string]: string[] } = {};
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind !== 'option') continue;
    const flag = Object.hasOwn(all, token.name) ? all[token.name] : undefined;
    if (flag === undefined) {
      throw new UsageError(`there is no flag ${token.rawName}${nearest(token.rawName, Object.keys(all).map(dashed))}`);
    }
    const others = given[token.name];
    if (others !== undefined && !flag.isMany) throw new UsageError(`--${token.name} is given more than once`);
    given[token.name] = [...(others ?? []), textOf(token, flag)];
  }
  return { words, flags: given };
}

function textOf({ name, value }: { name: string; value?: string | undefined }, flag: Flag): string {
  if (flag.value === undefined) {
    if (value === undefined) return 'true';
    throw new UsageError(`--${name} takes no value, not "${value}"`);
  }
  // An empty value is a variable of a shell that is not set; a flag in its place is a value that was forgotten.
  if (value === undefined || value === '' || /^--./.test(value))
    throw new UsageError(`--${name} needs a value: --${name} ${flag.value}`);
  return value;
}

function dashed(name: string): string {
  return `--${name}`;
}

/** A command's help: what it does, and its flags. */
export function helpText(usage: string, story: string, flags: Flags): string {
  const entries = Object.entries({ ...flags, ...HELP_FLAG }).map(([name, { value, short, does }]) => {
    const names = short === undefined || name === 'help' ? `--${name}` : `-${short}, --${name}`;
    return [`${names}${value === undefined ? '' : ` ${value}`}`, does] as const;
  });
  const width = Math.max(...entries.map(([flag]) => flag.length));
  const rows = entries.map(([flag, does]) => `  ${flag.padEnd(width)}  ${does}`);
  return `${usage}\n\n${story}\n\n${rows.join('\n')}\n`;
}

const HELP_FLAG: Flags = { help: { does: 'this text', short: 'h' } };
