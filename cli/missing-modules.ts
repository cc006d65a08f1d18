import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, extname, resolve } from 'node:path';
import { closeTo } from '../webhook/nearest.ts';
import type { Import } from './author-module.ts';

/** Why an import leads nowhere, and what would: `error` is what Node says of it. */
export function notImported({ specifier, importer }: Import, error: Error & { code?: string }): string {
  if (specifier.startsWith('portcullis/')) return `there is only 'portcullis' to import, not '${specifier}'`;
  if (/^\.{0,2}\//.test(specifier)) return noSuchFile(specifier, resolve(dirname(importer), specifier));
  if (error.code !== 'ERR_MODULE_NOT_FOUND') return `'${specifier}' cannot be imported: ${error.message}`;
  const types = `if only types of it are used, write: import type { … } from '${specifier}'`;
  return `the package '${packageOf(specifier)}' is not installed beside this file; ${types}`;
}

function noSuchFile(specifier: string, path: string): string {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (isFolder) {
    const index = EXTENSIONS.map((extension) => `index${extension}`).find((name) => existsSync(`${path}/${name}`));
    const instead = index === undefined ? '' : `: write '${specifier.replace(/\/$/, '')}/${index}'`;
    return `'${specifier}' is a folder, and only files can be imported${instead}`;
  }
  const longer = EXTENSIONS.find((extension) => existsSync(path + extension));
  if (longer !== undefined) return `'${specifier}' lacks its extension: write '${specifier}${longer}'`;
  const typed = extname(path).replace('js', 'ts');
  if (typed !== extname(path) && existsSync(swapped(path, typed))) {
    return `'${specifier}' is '${swapped(specifier, typed)}' here: import it by that name`;
  }
  return `there is no file '${specifier}'${similar(specifier, path)}`;
}

const EXTENSIONS = ['.ts', '.js', '.mts', '.mjs'];

function swapped(path: string, extension: string): string {
  return path.slice(0, -extname(path).length) + extension;
}

function similar(specifier: string, path: string): string {
  const folder = dirname(path);
  if (!existsSync(folder)) return '';
  const close = closeTo(basename(path), readdirSync(folder));
  const names = close.map((name) => `'${specifier.slice(0, -basename(path).length)}${name}'`);
  return names.length === 0 ? '' : `; did you mean ${names.join(' or ')}?`;
}

function packageOf(specifier: string): string {
  const [scope = '', name] = specifier.split('/');
  return scope.startsWith('@') && name !== undefined ? `${scope}/${name}` : scope;
}
