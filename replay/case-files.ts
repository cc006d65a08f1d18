import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { closeTo } from '../webhook/nearest.ts';
import { FileFault } from './yaml-file.ts';

/** Which files a case is made of. */
export interface CaseFiles {
  /** All in its folder. */
  readonly names: readonly string[];
  /** `review.json` or `review.yaml`; undefined where it has manifests. */
  readonly review: string | undefined;
  /** `expected.yaml` or `expected.json`; undefined where nothing is expected yet. */
  readonly expected: string | undefined;
  /** The paths of each `cluster.yaml` that is its own or around it, the nearest first. */
  readonly clusters: readonly string[];
}

const INPUT = ['review.json', 'review.yaml', 'object.yaml', 'oldObject.yaml'];
const EXPECTED = ['expected.yaml', 'expected.json'];
const FILES = [...INPUT, 'request.yaml', 'cluster.yaml', ...EXPECTED];

/**
 * Whether a folder is a case: it holds a review or an object, or what was expected of one. Names that differ in their case or
 * their ending make it one too, so that it is told what they should be, and not passed over.
 */
export function isCase(names: readonly string[]): boolean {
  return names.some((name) => /^(review|object|oldObject|expected)\.(ya?ml|json)$/i.test(name));
}

/** Looks at a case's folder, and at those around it for their `cluster.yaml`. Throws FileFault for what no case has. */
export function caseFiles(folder: string, shown: (path: string) => string): CaseFiles {
  const called = shown(folder);
  const names = filesOf(folder, called);
  const strays = names.filter((name) => !FILES.includes(name));
  if (strays.length > 0) {
    throw new FileFault(`${called}: no case has ${strays.map(guessed).join(', ')}; a case has ${FILES.join(', ')}`);
  }
  const given = INPUT.filter((name) => names.includes(name));
  if (given.length === 0) throw new FileFault(`${called}: a case needs one of ${INPUT.join(', ')}`);
  const review = given.find((name) => name.startsWith('review.'));
  if (review !== undefined && given.length > 1) {
    throw new FileFault(`${called}: a case has ${review}, or manifests, not both: ${given.join(', ')}`);
  }
  const expected = EXPECTED.filter((name) => names.includes(name));
  if (expected.length > 1) throw new FileFault(`${called}: a case has one of ${EXPECTED.join(', ')}, not both`);
  const around = [folder, join(folder, '..'), join(folder, '..', '..')];
  const misspelt = around.map((path) => join(path, 'cluster.yml')).find((path) => existsSync(path));
  if (misspelt !== undefined) {
    throw new FileFault(`${shown(misspelt)}: nobody reads it; it must be called cluster.yaml`);
  }
  const clusters = around.map((path) => join(path, 'cluster.yaml')).filter((path) => existsSync(path));
  return { names, review, expected: expected[0], clusters };
}

/** What systems and editors hide is nobody's. */
function filesOf(folder: string, called: string): string[] {
  try {
    return readdirSync(folder).filter((name) => !name.startsWith('.'));
  } catch (error) {
    throw new FileFault(`${called}: ${(error as Error).message}`);
  }
}

function guessed(name: string): string {
  const meant = closeTo(name, FILES);
  return meant.length === 0 ? name : `${name} (did you mean ${meant.join(' or ')}?)`;
}
