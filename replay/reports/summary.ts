import type { Replayed } from '../replay-case.ts';
import { type Line, plainLine, tonedLine } from './line.ts';

/** How many cases came to what. */
export interface Counts {
  readonly cases: number;
  readonly passed: number;
  readonly failed: number;
  /** Could not be replayed: a file could not be read, or the rule is not in force. */
  readonly broken: number;
}

/** Counts the cases of a run. */
export function countsOf(cases: readonly Replayed[]): Counts {
  const count = (wanted: Replayed['outcome']) => cases.filter(({ outcome }) => outcome === wanted).length;
  return { cases: cases.length, passed: count('passed'), failed: count('failed'), broken: count('broken') };
}

/** `3 of 4 cases passed, 1 failed`. */
export function countsText({ cases, passed, failed, broken }: Counts): string {
  return [
    `${passed} of ${cases} ${cases === 1 ? 'case' : 'cases'} passed`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(broken > 0 ? [`${broken} could not be replayed`] : []),
  ].join(', ');
}

/** What a run comes to, and where it differs from what was expected, what the signs mean and how to expect what came. */
export function summary(cases: readonly Replayed[], calls: number): Line[] {
  const counts = countsOf(cases);
  const isMendable = cases.some((replayed) => replayed.outcome === 'failed' && replayed.differences.length > 0);
  const isGood = counts.passed === counts.cases;
  return [
    ...(isMendable
      ? [plainLine('- was expected, + came. Where what came is right, --update writes it; read what it wrote.')]
      : []),
    tonedLine(isGood ? 'good' : 'bad', `${countsText(counts)} (webhooks were called ${times(calls)})`),
  ];
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
