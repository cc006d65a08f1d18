/** One instruction of a Dockerfile. */
export type Step = { readonly line: number } & (
  | { readonly instruction: 'COPY'; readonly from: string | undefined; readonly sources: string[]; readonly to: string }
  | { readonly instruction: 'RUN'; readonly command: readonly string[] }
  | { readonly instruction: 'ENV' | 'LABEL'; readonly pairs: { readonly [name: string]: string } }
  | { readonly instruction: 'WORKDIR' | 'USER'; readonly word: string }
  | { readonly instruction: 'ENTRYPOINT' | 'CMD' | 'EXPOSE'; readonly words: readonly string[] }
);

/** What stands between one FROM and the next. */
export interface Stage {
  /** The name of an image, or of a stage above. */
  readonly base: string;
  readonly name: string | undefined;
  readonly steps: readonly Step[];
}

/**
 * The stages of a Dockerfile, in their order. It knows what ours says and throws, with the line's number, for whatever
 * else Docker knows: a step that were left out would be a test of something else.
 */
export function stagesOf(dockerfile: string): Stage[] {
  const stages: { base: string; name: string | undefined; steps: Step[] }[] = [];
  for (const { line, text } of instructions(dockerfile)) {
    try {
      const [, name = '', rest = ''] = /^(\S+)\s+(.*)$/s.exec(text) ?? [];
      if (name === 'FROM') stages.push({ ...from(rest), steps: [] });
      else {
        const stage = stages.at(-1);
        if (stage === undefined) throw new Error('a Dockerfile begins with FROM');
        stage.steps.push({ line, ...step(name, rest) });
      }
    } catch (error) {
      throw new Error(`Dockerfile:${line}: ${(error as Error).message}: ${text}`);
    }
  }
  return stages;
}

function* instructions(dockerfile: string): Generator<{ line: number; text: string }> {
  let begun: { line: number; text: string } | undefined;
  for (const [i, written] of dockerfile.split('\n').entries()) {
    if (/^\s*#\s*(syntax|escape|check)\s*=/.test(written)) throw new Error(`Dockerfile:${i + 1}: unknown directive`);
    if (/^\s*(#.*)?$/.test(written)) continue;
    begun ??= { line: i + 1, text: '' };
    begun.text += written.replace(/\\\s*$/, '');
    if (/\\\s*$/.test(written)) continue;
    yield { line: begun.line, text: begun.text.trim() };
    begun = undefined;
  }
  if (begun !== undefined) throw new Error(`Dockerfile:${begun.line}: it never ends`);
}

function from(rest: string): { base: string; name: string | undefined } {
  const [base = '', as, name, ...more] = words(rest);
  if (base.startsWith('--') || more.length > 0 || (as !== undefined && as !== 'AS')) throw new Error('unknown form');
  return { base, name };
}

type Unplaced<T> = T extends unknown ? Omit<T, 'line'> : never;

function step(name: string, rest: string): Unplaced<Step> {
  switch (name) {
    case 'COPY':
      return copy(rest);
    case 'RUN':
      if (/^--|<</.test(rest)) throw new Error('unknown form');
      return { instruction: name, command: rest.startsWith('[') ? list(rest) : ['/bin/sh', '-c', rest] };
    case 'ENV':
    case 'LABEL':
      return { instruction: name, pairs: Object.fromEntries(words(rest).map(pair)) };
    case 'WORKDIR':
    case 'USER':
      return { instruction: name, word: one(words(rest)) };
    case 'EXPOSE':
      return { instruction: name, words: words(rest) };
    case 'ENTRYPOINT':
    case 'CMD':
      // The other form is run by a shell.
      return { instruction: name, words: list(rest) };
    default:
      throw new Error('unknown instruction');
  }
}

function copy(rest: string): Unplaced<Step> {
  const all = words(rest);
  const flags = all.filter((word) => word.startsWith('--'));
  const paths = all.filter((word) => !word.startsWith('--'));
  const [from, ...others] = flags.map((flag) => /^--from=(.+)$/.exec(flag)?.[1]);
  const to = paths.pop();
  if ((flags.length > 0 && from === undefined) || others.length > 0) throw new Error('unknown flag');
  if (to === undefined || paths.length === 0) throw new Error('unknown form');
  if (paths.some((path) => /[*?[]/.test(path))) throw new Error('patterns are unknown');
  return { instruction: 'COPY', from, sources: paths, to };
}

function words(text: string): string[] {
  if (/['\\$]/.test(text)) throw new Error('unknown quotes, escapes or variables');
  return (text.match(/(?:[^\s"]|"[^"]*")+/g) ?? []).map((word) => word.replaceAll('"', ''));
}

function one(all: readonly string[]): string {
  const [word, ...more] = all;
  if (word === undefined || more.length > 0) throw new Error('it takes one word');
  return word;
}

function pair(word: string): [name: string, value: string] {
  const [, name, value] = /^([\w.-]+)=(.*)$/s.exec(word) ?? [];
  if (name === undefined || value === undefined) throw new Error('unknown form');
  return [name, value];
}

function list(text: string): string[] {
  const parsed: unknown = JSON.parse(text);
  if (Array.isArray(parsed) && parsed.length > 0 && parsed.every((word) => typeof word === 'string')) return parsed;
  throw new Error('it takes a list of words');
}
