import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Replayed } from './replay-case.ts';

/**
 * Writes what came of each case as what is expected of it, where that differs or is not there. The stored object, which
 * follows from the patch, is written only where it was expected before. Gives the files written.
 */
export function updateExpected(cases: readonly Replayed[], shown: (path: string) => string): string[] {
  return cases.flatMap((replayed) => {
    if (replayed.outcome === 'broken') return [];
    const { given, differences } = replayed;
    if (given.expected !== undefined && differences.length === 0) return [];
    const { object, ...others } = replayed.described as { object?: unknown };
    const hadObject = Object.hasOwn((given.expected?.value ?? {}) as object, 'object');
    const described = hadObject ? { ...others, object } : others;
    const isJson = given.expected?.file.endsWith('.json') === true;
    const path = join(given.folder, isJson ? 'expected.json' : 'expected.yaml');
    writeFileSync(path, isJson ? `${JSON.stringify(described, null, 2)}\n` : expectedYaml(described));
    return [shown(path)];
  });
}

/** Numbers as they came, lines as long as they are. */
export function expectedYaml(described: object): string {
  return stringify(JSON.parse(JSON.stringify(described)), { aliasDuplicateObjects: false, lineWidth: 0 });
}
