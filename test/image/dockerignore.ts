import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The files of a folder that Docker's build context would hold, by their paths in it: the last line of .dockerignore
 * that is for a file, or for a folder that it lies in, decides. Throws for a pattern that is not understood.
 */
export function filesInContext(folder: string): string[] {
  const ignoreFile = join(folder, '.dockerignore');
  const lines = existsSync(ignoreFile) ? readFileSync(ignoreFile, 'utf8').split('\n') : [];
  const patterns = lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  const decisions = patterns.map((pattern) => ({
    isKept: pattern.startsWith('!'),
    matches: matcher(pattern.replace(/^!/, '')),
  }));
  const isKept = (path: string): boolean => decisions.findLast(({ matches }) => matches(path))?.isKept ?? true;
  // Docker looks into a folder that is left out only for a line that brings back something in it.
  const mayHold = (path: string): boolean => patterns.some((pattern) => pattern.startsWith(`!${path}/`));
  return below('');

  function below(parent: string): string[] {
    return readdirSync(join(folder, parent), { withFileTypes: true }).flatMap((entry) => {
      const path = parent === '' ? entry.name : `${parent}/${entry.name}`;
      if (!entry.isDirectory()) return isKept(path) ? [path] : [];
      return isKept(path) || mayHold(path) ? below(path) : [];
    });
  }
}

/** For the path itself and everything below it. */
function matcher(pattern: string): (path: string) => boolean {
  if (!/^[\w.*-]+(\/[\w.*-]+)*$/.test(pattern)) throw new Error(`.dockerignore: unknown pattern: ${pattern}`);
  const expression = pattern.replaceAll('.', '\\.').replaceAll('**', '.+').replaceAll('*', '[^/]*');
  return (path) => new RegExp(`^${expression}(/|$)`).test(path);
}
