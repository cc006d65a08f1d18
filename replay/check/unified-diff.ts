import { structuredPatch } from 'diff';
import { yamlOf } from '../yaml-diff.ts';

/** The lines of a unified diff of two objects' YAML, three lines around each change, without the two that name the files. */
export function unifiedDiff(before: unknown, after: unknown): string[] {
  const { hunks } = structuredPatch('', '', yamlOf(before), yamlOf(after), '', '', { context: 3 });
  return hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
    ...lines,
  ]);
}
