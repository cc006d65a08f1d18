import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import type { FieldError } from '../../author.ts';
import { compileSchema, type SchemaValidator } from '../../schema/compile-schema.ts';
import { withDefaults } from '../../schema/defaults.ts';
import { prune } from '../../schema/prune.ts';
import type { StructuralSchema } from '../../schema/structural-schema.ts';
import { randomOf, seed } from '../patch/random.ts';
import { oracle } from './oracle.ts';
import { oracleDefaults, oraclePrune } from './oracle-structure.ts';
import { randomObjectSchema } from './random-schema.ts';
import { type Case, smallestCase } from './random-smaller.ts';
import { changed, randomValue } from './random-value.ts';

const SCHEMAS = 2_000;
const OBJECTS = 50;

test('100,000 random objects under random schemas get the causes, the defaults and the pruning that the oracle says', (t) => {
  t.diagnostic(`SEED=${seed} repeats this run`);
  let valid = 0;
  for (let i = 0; i < SCHEMAS; i++) {
    const random = randomOf(seed + i);
    const schema = randomObjectSchema(random, 1 + (i % 4));
    const validate = compileSchema(schema);
    const path = i % 2 === 0 ? 'spec' : '';
    for (let j = 0; j < OBJECTS; j++) {
      const value = randomValue(random, schema);
      const old = changed(random, value);
      const difference = differenceOf(schema, validate, value, path, old);
      if (difference !== undefined) assert.fail(told({ schema, value }, path, old, difference, seed + i));
      if (validate(value, path).length === 0) valid += 1;
    }
  }
  const share = valid / (SCHEMAS * OBJECTS);
  t.diagnostic(`${Math.round(share * 100)} of 100 were valid`);
  assert.ok(share > 0.1 && share < 0.9, `the generator has become one-sided: ${share} are valid`);
});

/** How the two disagree, both sides of it; undefined where they agree. Whatever is thrown is a disagreement as well. */
function differenceOf(
  schema: StructuralSchema,
  validate: SchemaValidator,
  value: unknown,
  path: string,
  old: unknown,
): string | undefined {
  const before = structuredClone(value);
  const found = oracle(schema, value, path);
  const causes = texts(found);
  const areMany = found.length >= 100;
  const checks: { readonly [what: string]: [ours: () => unknown, oracles: () => unknown] } = {
    causes: [() => causesBeside(causes, texts(validate(value, path)), areMany), () => causes],
    'causes of an update that changes nothing': [() => validate(value, path, before), () => []],
    'causes of an update that the object itself has not': [
      () => texts(validate(value, path, old)).filter((text) => !causes.includes(text)),
      () => [],
    ],
    defaults: [() => withDefaults(schema, value), () => oracleDefaults(schema, value)],
    pruning: [() => sorted(prune(schema, value)), () => oraclePrune(schema, value)],
    'the value afterwards': [() => value, () => before],
  };
  for (const [what, [ours, oracles]] of Object.entries(checks)) {
    const [left, right] = [outcome(ours), oracles()];
    if (!isDeepStrictEqual(left, right)) {
      return `${what}\n  ours:   ${JSON.stringify(left)}\n  oracle: ${JSON.stringify(right)}`;
    }
  }
  return undefined;
}

/** Of more than 100 causes, some of them the same, only some are told, and no others. */
function causesBeside(oracles: readonly string[], ours: readonly string[], areMany: boolean): readonly string[] {
  const isSome = areMany && ours.length > 0 && ours.every((text) => oracles.includes(text));
  return isSome ? oracles : ours;
}

function outcome(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return { thrown: String(error) };
  }
}

function sorted({ value, unknown }: ReturnType<typeof prune>): unknown {
  return { value, unknown: unknown.toSorted() };
}

function texts(errors: readonly FieldError[]): string[] {
  return [...new Set(errors.map(({ field, reason, message }) => `${field}: ${reason}: ${message}`))].sort();
}

/** The smallest case with the same kind of difference; a schema that no longer compiles is none. */
function told(found: Case, path: string, old: unknown, difference: string, seedOfCase: number): string {
  const kind = difference.split('\n')[0];
  const smaller = (candidate: Case): string | undefined => {
    const schema = candidate.schema as StructuralSchema;
    try {
      return differenceOf(schema, compileSchema(schema), candidate.value, path, old);
    } catch {
      return undefined;
    }
  };
  const least = smallestCase(found, (candidate) => smaller(candidate)?.split('\n')[0] === kind);
  const shown = [`schema: ${JSON.stringify(least.schema)}`, `value: ${JSON.stringify(least.value)}`, `at: '${path}'`];
  return [...shown, `differing: ${smaller(least) ?? difference}`, `SEED=${seedOfCase} begins here`].join('\n');
}
