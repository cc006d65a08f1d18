import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { type Random, randomOf, seed } from './random.ts';

/** One generated case: what was done, and what is wrong with what came of it, if anything is. */
export interface Trial {
  readonly base: unknown;
  readonly edits: readonly string[];
  readonly operations: unknown;
  readonly fault: string | undefined;
}

/** Makes a case of this size with so many edits. The same random choices give the same case. */
export type Experiment = (random: Random, size: number, edits: number) => Trial;

const SIZE = 4;
const EDITS = 7;

/** Runs generated cases until `edits` edits are tried. The first at fault fails the test, as small as it was found. */
export function tryOut(t: TestContext, edits: number, experiment: Experiment): void {
  t.diagnostic(`SEED=${seed} repeats this run`);
  let tried = 0;
  for (let i = 0; tried < edits; i++) {
    assert.ok(i < edits * 2, `no place for edits: ${tried} in ${i} cases`);
    const trial = attempt(experiment, seed + i, 1 + (i % SIZE), 1 + (i % EDITS));
    tried += trial.edits.length;
    if (trial.fault !== undefined) assert.fail(told(smallest(experiment, seed + i) ?? trial, seed + i));
  }
}

function attempt(experiment: Experiment, seedOfCase: number, size: number, edits: number): Trial {
  const random = randomOf(seedOfCase);
  try {
    return experiment(random, size, edits);
  } catch (error) {
    return { base: undefined, edits: [], operations: undefined, fault: error instanceof Error ? `${error.stack}` : '' };
  }
}

function smallest(experiment: Experiment, failing: number): Trial | undefined {
  let least: Trial | undefined;
  for (let near = failing; near < failing + 300; near++) {
    for (let edits = 1; edits <= EDITS; edits++) {
      for (let size = 0; size <= SIZE; size++) {
        const trial = attempt(experiment, near, size, edits);
        if (trial.fault !== undefined && (least === undefined || weight(trial) < weight(least))) least = trial;
      }
    }
  }
  return least;
}

function weight({ base, edits }: Trial): number {
  return (JSON.stringify(base) ?? 'x'.repeat(1e6)).length + 1000 * edits.length;
}

function told({ base, edits, operations, fault }: Trial, failing: number): string {
  const lines = [`base: ${JSON.stringify(base)}`, ...edits.map((edit) => `edit: ${edit}`)];
  return [...lines, `patch: ${JSON.stringify(operations)}`, `fault: ${fault}`, `SEED=${failing} begins here`].join(
    '\n',
  );
}
