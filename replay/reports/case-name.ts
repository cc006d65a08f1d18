import { basename, dirname } from 'node:path';
import type { Replayed } from '../replay-case.ts';

/** What a report calls a case, one that could not be replayed too. */
export interface CaseName {
  readonly folder: string;
  /** The rule that it is about. */
  readonly rule: string;
  readonly sentence: string;
}

/** By its folder, and the one around it. */
export function caseName(replayed: Replayed): CaseName {
  if (replayed.outcome !== 'broken') return replayed.given;
  const { folder } = replayed;
  return { folder, rule: basename(dirname(folder)), sentence: basename(folder).replaceAll('-', ' ') };
}

/** Cases by their rules, each rule once, in the order in which they come. */
export function byRule(cases: readonly Replayed[]): Map<string, readonly Replayed[]> {
  return Map.groupBy(cases, (replayed) => caseName(replayed).rule);
}
