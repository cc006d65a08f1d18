import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Unread } from './manifests.ts';

/** A text with manifests in it, and how people call where it comes from. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

/**
 * The texts of these files, and of the `*.yaml`, `*.yml` and `*.json` at and below these folders, in the order of their
 * names, each once. Left out below folders: hidden ones, node_modules, and kustomization.yaml, which no cluster holds.
 */
export function manifestFiles(paths: readonly string[], shown: (path: string) => string) {
  const seen = new Set<string>();
  const sources: Source[] = [];
  const unread: Unread[] = [];
  for (const path of paths.flatMap((each) => filesAt(each, new Set()))) {
    try {
      const real = realpathSync(path);
      if (seen.has(real)) continue;
      seen.add(real);
      sources.push({ file: shown(path), text: readFileSync(path, 'utf8') });
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      unread.push({ file: shown(path), reason: code === 'ENOENT' ? 'there is no such file or folder' : message });
    }
  }
  return { sources, unread };
}

/** A path that is not there is given back, to be told when it is read. */
function filesAt(path: string, above: ReadonlySet<string>): string[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [path];
  const real = realpathSync(path);
  // A link that leads back to a folder around it leads nowhere new.
  if (above.has(real)) return [];
  const around = new Set(above).add(real);
  return readdirSync(path)
    .sort()
    .filter((name) => !name.startsWith('.') && name !== 'node_modules')
    .flatMap((name) => filesAt(join(path, name), around))
    .filter((file) => MANIFEST.test(file) && !/[\\/]kustomization\.ya?ml$/.test(file));
}

const MANIFEST = /\.(ya?ml|json)$/;
