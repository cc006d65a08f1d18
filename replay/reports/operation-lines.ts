import { diffArrays } from 'diff';
import jsonPatch, { type Operation } from 'fast-json-patch';
import type { DiffLine } from '../yaml-diff.ts';

/**
 * How two patches differ: the operations that only one of them has, and of those that do the same in the same place, how
 * their values differ.
 */
export function operationLines(expected: readonly Operation[], actual: readonly Operation[]): DiffLine[] {
  const places = diffArrays(expected.map(placeOf), actual.map(placeOf));
  const lines: DiffLine[] = [];
  let [old, own] = [0, 0];
  for (const { count, added, removed } of places) {
    for (let each = 0; each < count; each++) {
      const [one, other] = [added ? undefined : expected[old++], removed ? undefined : actual[own++]];
      lines.push(...changed(one, other));
    }
  }
  return lines;
}

function placeOf(operation: Operation): string {
  return [operation.op, ...('from' in operation ? [operation.from] : []), operation.path].join(' ');
}

function changed(expected: Operation | undefined, actual: Operation | undefined): DiffLine[] {
  if (expected === undefined) return actual === undefined ? [] : [{ sign: '+', text: operationText(actual) }];
  if (actual === undefined) return [{ sign: '-', text: operationText(expected) }];
  const steps = jsonPatch.compare(expected, actual, false);
  if (steps.length === 0) return [];
  return [{ sign: '@', text: placeOf(actual) }, ...steps.flatMap((step) => stepLines(step, expected))];
}

/** A step from the operation expected to the one that came. */
function stepLines(step: Operation, expected: Operation): DiffLine[] {
  const lines: DiffLine[] = [];
  const add = (sign: '-' | '+', value: unknown) => lines.push({ sign, text: `${step.path} ${shortly(value)}` });
  if (step.op !== 'add') add('-', jsonPatch.getValueByPointer(expected, step.path));
  if ('value' in step) add('+', step.value);
  return lines;
}

function operationText(operation: Operation): string {
  return `${placeOf(operation)}${'value' in operation ? ` ${shortly(operation.value)}` : ''}`;
}

/** Whole containers are in the object's diff. */
const MAX_VALUE = 160;

function shortly(value: unknown): string {
  const text = JSON.stringify(value) ?? '';
  return text.length <= MAX_VALUE ? text : `${text.slice(0, MAX_VALUE - 1).toWellFormed()}…`;
}
