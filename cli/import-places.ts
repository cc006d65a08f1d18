import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Import, RuleModules } from './author-module.ts';

/** A line of a file, by its real path. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** Where in rule files an error came about, as far as Node tells; `file` is what was being loaded. */
export function placeOf(error: Error, file: string, modules: RuleModules): Place | undefined {
  const given = modules.unresolved(error);
  if (given !== undefined) return placeOfImport(given);
  // Errors of linking and of TypeScript's syntax begin with their place.
  const [, path = '', line] = /^(file:\/\/\S+|\/\S+):(\d+)\n/.exec(error.stack ?? '') ?? [];
  if (line !== undefined) return { file: path.startsWith('file:') ? fileURLToPath(path) : path, line: Number(line) };
  if (error instanceof SyntaxError) return placeOfSyntaxError(modules.withImports(file));
  return frames(error.stack ?? '').find((frame) => modules.isRuleFile(frame.file));
}

/** The line on which an import is written. */
export function placeOfImport({ specifier, importer }: Import): Place | undefined {
  const lines = readFileSync(importer, 'utf8').split('\n');
  const at = lines.findIndex((line) => line.includes(`'${specifier}'`) || line.includes(`"${specifier}"`));
  return at < 0 ? undefined : { file: importer, line: at + 1 };
}

/** The frames of a stack that lie in files, the innermost first. */
export function frames(stack: string): Place[] {
  return [...stack.matchAll(/^\s+at .*?(file:\/\/[^\s)]+?):(\d+):\d+\)?$/gm)].map(([, url = '', line]) => ({
    file: fileURLToPath(url),
    line: Number(line),
  }));
}

/** What V8 throws for a module's syntax says no line, and not which of the imported files it is in. */
function placeOfSyntaxError(files: readonly string[]): Place | undefined {
  const check = new URL(`./syntax-check.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url);
  for (const file of files) {
    const args = ['--no-warnings', '--experimental-vm-modules', fileURLToPath(check), file];
    const { stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 10_000 });
    const line = stderr.startsWith(`${file}:`) ? /^\d+/.exec(stderr.slice(file.length + 1)) : null;
    if (line !== null) return { file, line: Number(line[0]) };
  }
  return undefined;
}
