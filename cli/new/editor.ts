import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The tsconfig.json that lets an editor know the types of the rules in this folder, below `base`; undefined where one is there
 * already. Where no package called portcullis can be found from there, it leads to the running copy.
 */
export function newTsconfig(base: string, ruleFolder: string): string | undefined {
  if (upTo(base, ruleFolder).some((folder) => existsSync(join(folder, 'tsconfig.json')))) return undefined;
  const paths = isInstalled(base) ? {} : { paths: { portcullis: [posix(base, authorTypes())] } };
  const tsconfig = { compilerOptions: { ...OPTIONS, ...paths }, include: [posix(base, ruleFolder)] };
  return `${JSON.stringify(tsconfig, null, 2)}\n`;
}

/** What rule files are loaded as: ES modules whose types are stripped, whatever package.json is around them. */
const OPTIONS = {
  target: 'esnext',
  module: 'preserve',
  lib: ['esnext'],
  types: [],
  strict: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  erasableSyntaxOnly: true,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
  noEmit: true,
};

function upTo(base: string, folder: string): string[] {
  const parent = dirname(folder);
  return folder === base || parent === folder ? [folder] : [folder, ...upTo(base, parent)];
}

/** As TypeScript looks for it: in node_modules, here and above. */
function isInstalled(folder: string): boolean {
  if (existsSync(join(folder, 'node_modules', 'portcullis', 'package.json'))) return true;
  const parent = dirname(folder);
  return parent !== folder && isInstalled(parent);
}

/** author.ts in a checkout, its declarations in a package. */
function authorTypes(): string {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'd.ts';
  return fileURLToPath(new URL(`../../author.${extension}`, import.meta.url));
}

/** A path as tsconfig.json wants it. */
function posix(from: string, to: string): string {
  const path = relative(from, to).replaceAll('\\', '/');
  return path.startsWith('.') ? path : `./${path}`;
}
