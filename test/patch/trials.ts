import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { PatchOperation } from '../../webhook/patch.ts';
import { type Random, randomOf, seed } from './random.ts';

/** One generated case: what was done to what, the patch to try, and what is wrong with it, if anything is. */
export interface Trial {
  readonly base: unknown;
  readonly edits: readonly unknown[];
  patch(): readonly PatchOperation[];
  faultOf(operations: readonly PatchOperation[]): string | undefined;
}

/** Makes a case of this size with so many edits. The same random choices give the same case. */
export type Experiment = (random: Random, size: number, edits: number) => Trial;

/** A trial that was made; an error in it is a fault as well. */
interface Tried extends Trial {
  readonly operations: readonly PatchOperation[] | undefined;
  readonly fault: string | undefined;
}

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

function attempt(experiment: Experiment, seedOfCase: number, size: number, edits: number): Tried {
  const trial = experiment(randomOf(seedOfCase), size, edits);
  let operations: readonly PatchOperation[] | undefined;
  try {
    operations = trial.patch();
    return { ...trial, operations, fault: trial.faultOf(operations) };
  } catch (error) {
    return { ...trial, operations, fault: error instanceof Error ? error.stack : String(error) };
  }
}

function smallest(experiment: Experiment, failing: number): Tried | undefined {
  let least: Tried | undefined;
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
  return JSON.stringify(base).length + 1000 * edits.length;
}

function told({ base, edits, operations, fault }: Tried, failing: number): string {
  const lines = [`base: ${JSON.stringify(base)}`, ...edits.map((edit) => `edit: ${edit}`)];
  return [...lines, `patch: ${JSON.stringify(operations)}`, `fault: ${fault}`, `SEED=${failing} begins here`].join(
    '\n',
  );
}
