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
  return below(root)
    .map((path) => described(root, path))
    .filter(({ path }) => !/^(tmp|etc\/hosts|etc\/resolv\.conf)$|^tmp\//.test(path))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

// readdir's own recursion goes into folders that are links.
function below(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? below(path) : [path];
  });
}

function described(root: string, path: string): Entry {
  const found = lstatSync(path);
  const target = found.isSymbolicLink() ? readlinkSync(path) : undefined;
  return { path: relative(root, path), size: target === undefined ? found.size : 0, modified: found.mtimeMs, target };
}
