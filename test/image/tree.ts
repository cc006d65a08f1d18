import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A file or link below a root, by its path from there. */
export interface Entry {
  readonly path: string;
  /** In bytes; 0 for a link. */
  readonly size: number;
  readonly modified: number;
  readonly target: string | undefined;
}

/** Every file and link below a root, but for /tmp and what a container runtime brings. */
export function tree(root: string): Entry[] {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => described(root, join(parentPath, name)))
    .filter(({ path }) => !/^(tmp|etc\/hosts|etc\/resolv\.conf)$|^tmp\//.test(path))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function described(root: string, path: string): Entry {
  const found = lstatSync(path);
  const target = found.isSymbolicLink() ? readlinkSync(path) : undefined;
  return { path: relative(root, path), size: target === undefined ? found.size : 0, modified: found.mtimeMs, target };
}
