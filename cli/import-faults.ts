import { existsSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Fault, readable } from './faults.ts';

/** What kept a rule file from being loaded, explained to its author, with the line where Node tells it. */
export function importFault(file: string, error: unknown): Fault {
  if (!(error instanceof Error)) return { file: readable(file), reason: `it threw ${String(error)}` };
  const place = placeIn(error) ?? syntaxPlace(file, error);
  const where = place ?? { file, line: undefined };
  const at = where.line === undefined ? readable(where.file) : `${readable(where.file)}:${where.line}`;
  return { file: at, reason: explained(file, error) };
}

function explained(file: string, error: Error & { code?: string }): string {
  const { code, message } = error;
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') return unsupportedSyntax(message);
  if (code === 'ERR_INVALID_TYPESCRIPT_SYNTAX') return `this is not TypeScript: ${message}`;
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'ERR_UNSUPPORTED_DIR_IMPORT') return missingModule(file, error);
  if (error instanceof SyntaxError) return missingExport(message) ?? `this is not JavaScript: ${message}`;
  return `it failed while it was loaded: ${error.name}: ${message}`;
}

/** Node strips types and transforms nothing, so what TypeScript would turn into code has to be written as code. */
function unsupportedSyntax(message: string): string {
  const instead = /enum/.test(message)
    ? 'write a constant instead: const Colour = { Red: "red" } as const'
    : /namespace|module/.test(message)
      ? 'export its members from the file itself'
      : /parameter property/.test(message)
        ? 'declare the field, and assign it in the constructor'
        : 'write it as plain JavaScript with types';
  return `${message.replace(' is not supported in strip-only mode', '')} cannot be run as it is: Node removes types and compiles nothing; ${instead}`;
}

function missingExport(message: string): string | undefined {
  const match = /requested module '(.*)' does not provide an export named '(.*)'/.exec(message);
  if (match === null) return undefined;
  const [, module, name] = match;
  if (name === 'default') return `'${module}' has no default export; import what it exports by name`;
  return `'${module}' exports no value named ${name}; if ${name} is a type, write: import { type ${name} } from '${module}'`;
}

function missingModule(file: string, { message }: Error): string {
  const bare = /^Cannot find package '(.*?)' imported from/.exec(message)?.[1];
  if (bare !== undefined) {
    return bare.startsWith('portcullis/')
      ? `there is only 'portcullis' to import, not '${bare}'`
      : `the package '${bare}' is not installed beside the rule file`;
  }
  const wanted = /^(?:Cannot find module|Directory import) '(.*?)'/.exec(message)?.[1];
  const importer = /imported from (.*)$/.exec(message)?.[1] ?? file;
  if (wanted === undefined) return message;
  const found = ['.ts', '.js', '.mts', '.mjs'].find((extension) => existsSync(wanted + extension));
  const name = wanted.slice(resolve(dirname(importer)).length + 1);
  if (found !== undefined) return `'./${name}' lacks its extension: write './${name}${found}'`;
  const typed = wanted.replace(/\.js$/, '.ts');
  if (typed !== wanted && existsSync(typed))
    return `'./${name}' is './${name.replace(/\.js$/, '.ts')}' here: import it by that name`;
  return `there is no ${readable(wanted)}`;
}

interface Place {
  readonly file: string;
  readonly line: number;
}

/** The stack of a syntax error begins with its place; any other error's first frame outside of Node is where it happened. */
function placeIn({ stack = '' }: Error): Place | undefined {
  const head =
    /^(file:\/\/\S+|\/\S+):(\d+)\n/.exec(stack) ?? /^\s+at .*?(file:\/\/[^\s)]+?):(\d+):\d+\)?$/m.exec(stack);
  if (head === null) return undefined;
  const [, path = '', line] = head;
  if (path.includes('/node_modules/')) return undefined;
  return { file: path.startsWith('file:') ? fileURLToPath(path) : path, line: Number(line) };
}

/** Node says where a fault is in TypeScript, not in JavaScript; TypeScript's parser finds it in both. */
function syntaxPlace(file: string, error: Error): Place | undefined {
  if (!(error instanceof SyntaxError)) return undefined;
  try {
    stripTypeScriptTypes(readFileSync(file, 'utf8'));
  } catch (again) {
    const line = /^:(\d+)\n/.exec((again as Error).stack ?? '')?.[1];
    if (line !== undefined) return { file, line: Number(line) };
  }
  return undefined;
}
