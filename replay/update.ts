import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keepingPatterns } from './compared.ts';
import type { Replayed } from './replay-case.ts';
import { yamlOf } from './yaml-diff.ts';
import { FileFault } from './yaml-file.ts';

/**
 * Writes what came of each case as what is expected of it, where that differs or is not there: as YAML or as the JSON that it
 * was, with the patterns that still match. `responses` and `object`, which an expectation may leave out, are left out where
 * they were; of a new one the object, which follows from the patch. Gives the files written, and says of
 * which the rule is not asked: from then on that is expected, and nobody is told again. Throws FileFault where one cannot be
 * written.
 */
export function updateExpected(cases: readonly Replayed[], shown: (path: string) => string): string[] {
  return cases.flatMap((replayed) => {
    if (replayed.outcome === 'broken') return [];
    const { given, differences: found, described } = replayed;
    if (given.expected !== undefined && found.length === 0) return [];
    const wanted = (given.expected?.value ?? { responses: [] }) as object;
    const left = ['responses', 'object'].filter((name) => !Object.hasOwn(wanted, name));
    const members = Object.entries(described).filter(([name]) => !left.includes(name));
    const value = keepingPatterns(wanted, Object.fromEntries(members));
    const isJson = given.expected?.file.endsWith('.json') === true;
    const path = join(given.folder, isJson ? 'expected.json' : 'expected.yaml');
    try {
      writeFileSync(path, isJson ? `${JSON.stringify(value, null, 2)}\n` : yamlOf(value));
    } catch (error) {
      throw new FileFault(`${shown(path)}: it cannot be written: ${(error as Error).message}`);
    }
    const isAsked = !Object.hasOwn(described, 'notCalled');
    return [`${shown(path)}${isAsked ? '' : `, which says that nobody asks ${given.rule} (notCalled)`}`];
  });
}
