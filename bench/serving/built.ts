import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** Builds the package into a new folder, as `npm run build` and `npm install` would; gives the path of its portcullis.js. */
export function built(folder: string): string {
  mkdirSync(join(folder, 'cli'), { recursive: true });
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [compiler, '-p', join(ROOT, 'tsconfig.build.json'), '--outDir', join(folder, 'dist')]);
  for (const file of ['package.json', 'cli/portcullis.js']) cpSync(join(ROOT, file), join(folder, file));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return join(folder, 'cli/portcullis.js');
}
