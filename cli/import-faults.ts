import { fileURLToPath } from 'node:url';
import * as author from '../author.ts';
import { literal } from '../webhook/literal.ts';
import { nearest } from '../webhook/nearest.ts';
import type { RuleModules } from './author-module.ts';
import type { Fault } from './faults.ts';
import { type Place, placeOf, placeOfImport } from './import-places.ts';
import { notImported } from './missing-modules.ts';

/**
 * What kept a rule file (a real path) from being loaded, explained to its author, with the place where that can be told;
 * `nameOf` gives what people call a file.
 */
export function importFault(
  file: string,
  error: unknown,
  modules: RuleModules,
  nameOf: (real: string) => string,
): Fault {
  if (!(error instanceof Error)) return { file: nameOf(file), reason: `it threw ${thrown(error)} while it was loaded` };
  const { place = placeOf(error, file, modules), reason } = explained(error, modules);
  return { file: place === undefined ? nameOf(file) : `${nameOf(place.file)}:${place.line}`, reason };
}

interface Explanation {
  readonly reason: string;
  readonly place?: Place | undefined;
}

function explained(error: Error & { code?: string }, modules: RuleModules): Explanation {
  const { code, message } = error;
  const unresolved = modules.unresolved(error);
  if (unresolved !== undefined) return { reason: notImported(unresolved, error) };
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') return { reason: unsupportedSyntax(message) };
  if (code === 'ERR_INVALID_TYPESCRIPT_SYNTAX') return { reason: `a syntax error: ${message}` };
  if (code === 'ERR_IMPORT_ATTRIBUTE_MISSING') return missingAttribute(message, modules);
  if (error instanceof SyntaxError) return { reason: missingExport(message) ?? `a syntax error: ${message}` };
  return { reason: `it failed while it was loaded: ${error.name}: ${message}` };
}

/** Node strips types and transforms nothing, so what TypeScript would turn into code has to be written as code. */
function unsupportedSyntax(message: string): string {
  const [, what, instead] = SYNTAX.find(([sign]) => sign.test(message)) ?? [];
  if (what === undefined) return message;
  return `${what} cannot be run: Node removes types and compiles nothing; ${instead}`;
}

const SYNTAX: readonly (readonly [sign: RegExp, what: string, instead: string])[] = [
  [/enum/, 'an enum', "write a constant instead: const Colour = { Red: 'red' } as const"],
  [/namespace|module/, 'a namespace', 'export its members from a file of their own'],
  [/parameter property/, 'a parameter property', 'declare the field, and assign it in the constructor'],
  [/angle-bracket/, 'a type assertion in angle brackets', 'write: value as Type'],
  [/import equals/, 'import … = …', "write: import … from '…'"],
  [/export assignment/, 'export = …', 'write: export const …'],
];

function missingExport(message: string): string | undefined {
  const match = /requested module '(.*)' does not provide an export named '(.*)'/.exec(message);
  if (match === null) return undefined;
  const [, module = '', name = ''] = match;
  if (name === 'default') return `'${module}' has no default export; import what it exports by name`;
  const meant = module === 'portcullis' ? nearest(name, Object.keys(author)).replace(/^; known.*/, '') : '';
  const type = `if it is a type, write: import { type ${name} } from '${module}'`;
  return `'${module}' exports no value named ${name}${meant === '' ? `; ${type}` : meant}`;
}

function missingAttribute(message: string, modules: RuleModules): Explanation {
  const url = /"(file:[^"]+)"/.exec(message)?.[1];
  const written = url === undefined ? undefined : modules.importOf(fileURLToPath(url));
  if (written === undefined) return { reason: message };
  const reason = `JSON is imported so: import name from '${written.specifier}' with { type: 'json' }`;
  return { reason, place: placeOfImport(written) };
}

function thrown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : `${literal(value)}, which is no Error,`;
}
