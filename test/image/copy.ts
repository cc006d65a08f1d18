import { cpSync, mkdirSync, statSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';

/** What COPY is told. Paths of `to` are the image's; sources are paths in `from`, a folder of this machine. */
export interface Copy {
  readonly from: string;
  readonly sources: readonly string[];
  readonly root: string;
  readonly to: string;
  readonly workingFolder: string;
  /** Whether a path in `from`, as this machine names it, is to be copied. */
  readonly isIncluded?: (path: string) => boolean;
}

/**
 * Does what Docker's COPY does: of a folder its contents are copied, a file goes into `to` if that ends with a slash or
 * there are several, else it gets that name. Links stay links, modes stay. Throws for a source that is not there.
 */
export function copy({ from, sources, root, to, workingFolder, isIncluded = () => true }: Copy): void {
  const target = join(root, posix.resolve(workingFolder, to));
  const isFolder = to.endsWith('/') || to === '.' || sources.length > 1;
  for (const source of sources) {
    const path = join(from, source);
    if (!isIncluded(path)) throw new Error(`COPY: ${source} is not in the build context`);
    const into = statSync(path).isDirectory() || !isFolder ? target : join(target, basename(path));
    mkdirSync(dirname(into), { recursive: true });
    cpSync(path, into, { recursive: true, verbatimSymlinks: true, filter: isIncluded });
  }
}
