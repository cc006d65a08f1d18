import type { Operation } from 'fast-json-patch';
import type { Difference } from '../compared.ts';
import type { Breach } from '../invariants.ts';
import type { Replayed } from '../replay-case.ts';
import type { DiffLine } from '../yaml-diff.ts';
import { adviceFor } from './advice.ts';
import { objectFinding, patchFindings } from './patch-finding.ts';
import { valueFinding } from './value-finding.ts';

/** One thing that is wrong with a case; all reports tell the same ones. */
export interface Finding {
  /** `case`: the case as a whole; `broken`: what keeps it from being replayed. */
  readonly kind: 'broken' | 'case' | 'invariant' | 'difference';
  /** Told, and no failure. */
  readonly isWarning: boolean;
  /** As people call it; the case's folder where it is about no file. */
  readonly file: string;
  /** From 1, where it is known. */
  readonly line?: number;
  /** What is wrong, in one line. */
  readonly title: string;
  /** What was expected (`-`) and what came (`+`). */
  readonly lines: readonly DiffLine[];
  /** What to do. */
  readonly advice?: string;
  /** The RFC 6902 operations that make the patch that came of the one that was expected. */
  readonly operations?: readonly Operation[];
}

/** What is wrong with a case: failures first. Empty where it passed without a word. */
export function findingsOf(replayed: Replayed, shown: (path: string) => string): Finding[] {
  if (replayed.outcome === 'broken') {
    return [broken(replayed.fault, shown(replayed.folder))];
  }
  const { given, problems, breaches, differences, chain } = replayed;
  const folder = shown(given.folder);
  const file = given.expected?.file ?? folder;
  const ofPatch = Map.groupBy(differences, groupOf);
  return [
    ...problems.map((title) => ({ kind: 'case', isWarning: false, file: folder, title, lines: [] }) as const),
    ...breaches.filter(({ isWarning }) => !isWarning).map((breach) => breachFinding(breach, folder)),
    ...(ofPatch.get('value') ?? []).map((difference) => ({
      ...valueFinding(difference, file),
      ...(difference.path[0] === 'verdict' ? modeAdvice(replayed) : {}),
    })),
    ...patchFindings(ofPatch.get('patch') ?? [], chain.calls, file),
    ...objectFinding(ofPatch.get('object') ?? [], chain.object, file),
    ...breaches.filter(({ isWarning }) => isWarning).map((breach) => breachFinding(breach, folder)),
  ];
}

/** `expected.yaml:8: what is wrong`. */
export function findingText({ file, line, isWarning, title }: Finding): string {
  return `${file}${line === undefined ? '' : `:${line}`}: ${isWarning ? 'warning: ' : ''}${title}`;
}

/** A fault begins with its file and, where it is known, the line (yaml-file.ts). */
function broken(fault: string, folder: string): Finding {
  const [, file = folder, line, title = fault] = /^(.+?):(?:(\d+):)? (.*)$/s.exec(fault) ?? [];
  const place = { file, ...(line === undefined ? {} : { line: Number(line) }) };
  return { kind: 'broken', isWarning: false, ...place, title, lines: [] };
}

/** Why a verdict may have come otherwise: the case is of a rule that enforces, and its mode is another by now. */
function modeAdvice({ given, chain }: Exclude<Replayed, { outcome: 'broken' }>): Pick<Finding, 'advice'> {
  const reports = chain.calls.flatMap(({ reviewed }) => reviewed.reports);
  const entry = reports.find((report) => report.entry.rule.name === given.rule)?.entry;
  if (entry === undefined || entry.mode === 'enforce') return {};
  return { advice: `the mode of ${given.rule} is ${entry.mode}: it decides, and nothing is done about it` };
}

/** Patches and the stored object are compared as a whole; all else value by value. */
function groupOf({ path: [member, , part] }: Difference): 'object' | 'patch' | 'value' {
  if (member === 'object') return 'object';
  return member === 'responses' && part === 'patch' ? 'patch' : 'value';
}

function breachFinding({ invariant, text, isWarning }: Breach, file: string): Finding {
  const advice = adviceFor(invariant);
  const title = `broken invariant "${invariant}": ${text}`;
  return { kind: 'invariant', isWarning, file, title, lines: [], ...(advice === undefined ? {} : { advice }) };
}
