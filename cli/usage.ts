import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

/** Portcullis cannot begin, for a reason that a person can mend; the message says which and how. */
export class UsageError extends Error {}

/** A command's flags, described once: for parsing and for its help. */
export interface Flag {
  /** `'FILE'` and the like: what stands for the value; without it the flag is a switch. */
  readonly value?: string;
  readonly does: string;
  /** May be given several times. */
  readonly isMany?: boolean;
}

export type Flags = { readonly [name: string]: Flag };

/** What a command line said: each flag's values, and the words besides. */
export interface Given {
  readonly words: readonly string[];
  readonly flags: { readonly [name: string]: readonly string[] | undefined };
}

/** Reads a command line. Throws UsageError, naming the flags there are. */
export function parseFlags(args: readonly string[], flags: Flags): Given {
  const options: ParseArgsOptionsConfig = {};
  for (const [name, { value }] of Object.entries({ ...flags, ...HELP_FLAG })) {
    options[name] = { type: value === undefined ? 'boolean' : 'string', multiple: true };
  }
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
    const given: { [name: string]: readonly string[] } = {};
    for (const [name, value] of Object.entries(values)) given[name] = [value].flat().map(String);
    for (const [name, { isMany }] of Object.entries(flags)) {
      if (!isMany && (given[name]?.length ?? 0) > 1) throw new UsageError(`--${name} is given more than once`);
    }
    return { words: positionals, flags: given };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const reason = error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error);
    const known = Object.keys(flags).map((name) => `--${name}`);
    throw new UsageError(`${reason}; known: ${known.join(', ')}`);
  }
}

/** A command's help: what it does, and its flags. */
export function helpText(usage: string, story: string, flags: Flags): string {
  const rows = Object.entries({ ...flags, ...HELP_FLAG }).map(([name, { value, does }]) => {
    const flag = `--${name}${value === undefined ? '' : ` ${value}`}`;
    return `  ${flag.padEnd(22)} ${does}`;
  });
  return `${usage}\n\n${story}\n\n${rows.join('\n')}\n`;
}

const HELP_FLAG: Flags = { help: { does: 'this text' } };
