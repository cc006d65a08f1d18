import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { FileImport } from './imports.ts';

/**
 * The files that a source file (a real path) names by `new URL('…', import.meta.url)`, which it reads when it is loaded
 * or may read: schemaRule() takes a CRD so. Only what is written as a text can be seen before it runs; comments do not count.
 */
export function fileUrls(importer: string): FileImport[] {
  const source = readFileSync(importer, 'utf8').replace(COMMENT_LINE, '');
  return [...source.matchAll(FILE_URL)].flatMap(([, , specifier = '']) => {
    const url = URL.parse(specifier, pathToFileURL(importer).href);
    if (url?.protocol !== 'file:') return [];
    const file = fileURLToPath(url);
    return existsSync(file) ? [{ specifier, importer, imported: realpathSync(file) }] : [];
  });
}

const COMMENT_LINE = /^[ \t]*(?:\/\/|\/?\*).*$/gm;
const FILE_URL = /\bnew\s+URL\(\s*(['"])([^'"\n]+)\1\s*,\s*import\.meta\.url\s*,?\s*\)/g;
