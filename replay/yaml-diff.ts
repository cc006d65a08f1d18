import { structuredPatch } from 'diff';
import { stringify } from 'yaml';
import { rawNumber } from '../schema/exact-json.ts';
import { GO_YAML } from './yaml-file.ts';

/** A line of a diff. `@` begins a part of it, and says of what. */
export interface DiffLine {
  readonly sign: '-' | '+' | ' ' | '@';
  readonly text: string;
}

/**
 * What is another in `after` than in `before`, as lines of their YAML with three lines around each change, and after
 * an `@` what the first of them is part of; empty where both are the same.
 */
export function yamlDiff(before: unknown, after: unknown): DiffLine[] {
  const [old, own] = [yamlOf(before), yamlOf(after)];
  const { hunks } = structuredPatch('', '', old, own, '', '', { context: 3 });
  return hunks.flatMap(({ oldStart, newStart, lines }) => {
    const first = lines.findIndex((line) => !line.startsWith(' '));
    const isAdded = lines[first]?.startsWith('+') === true;
    const text = isAdded
      ? around(own.split('\n'), newStart - 1 + first)
      : around(old.split('\n'), oldStart - 1 + first);
    return [
      { sign: '@' as const, text },
      ...lines.map((line) => ({ sign: line.charAt(0) as DiffLine['sign'], text: line.slice(1) })),
    ];
  });
}

/** An object as people write it: lines as long as they are, no anchors, integers with all their digits, texts that kubectl takes for something else in quotes. */
export function yamlOf(value: unknown): string {
  return value === undefined ? '' : stringify(plain(value), { ...GO_YAML, aliasDuplicateObjects: false, lineWidth: 0 });
}

/** The members that line `at` stands in: `spec.containers`. */
function around(lines: readonly string[], at: number): string {
  const members: string[] = [];
  let depth = indentation(lines[at] ?? '');
  for (let line = at - 1; line >= 0 && depth > 0; line--) {
    const text = lines[line] ?? '';
    if (indentation(text) >= depth) continue;
    depth = indentation(text);
    const name = /^[\s-]*([^\s:]+):/.exec(text)?.[1];
    if (name !== undefined) members.unshift(name);
  }
  return members.join('.');
}

/** A list's dashes count as indentation: what stands after them is inside of what stands before. */
function indentation(line: string): number {
  return /^[\s-]*/.exec(line)?.[0].length ?? 0;
}

/** A value that writers of YAML know: integers beyond 2^53 are bigints, and what is undefined is not there. */
export function plain(value: unknown): unknown {
  const number = rawNumber(value);
  if (number !== undefined) return /^-?\d+$/.test(number) ? BigInt(number) : Number(number);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, plain(member)]));
}
