import type { StructuralSchema } from '../../schema/structural-schema.ts';
import type { Random } from '../patch/random.ts';
import { oracle } from './oracle.ts';
import { oraclePrune } from './oracle-structure.ts';
import { combinations, validations } from './random-validations.ts';
import { randomValue } from './random-value.ts';

/** Names of properties; the last ones are those that JavaScript's objects inherit. */
const NAMES = ['a', 'b', 'c', 'name', 'key', 'size', 'constructor', 'toString', '__proto__'];

/** A structural schema, of any construct that a CRD may hold, as deep as said. Its defaults are valid. */
export function randomSchema(random: Random, depth: number): StructuralSchema {
  const structure = random.pick(depth > 0 ? [...SCALARS, ...CONTAINERS, ...CONTAINERS] : SCALARS)(random, depth);
  const nullable = random.chance(0.1) ? { nullable: true } : {};
  const schema = { ...structure, ...nullable };
  return { ...schema, ...validations(random, schema), ...(random.chance(0.25) ? combinations(random, schema) : {}) };
}

/** An object with at least a property, as the schema of a spec is. */
export function randomObjectSchema(random: Random, depth: number): StructuralSchema {
  const schema = object(random, depth);
  return { ...schema, ...validations(random, schema), ...(random.chance(0.25) ? combinations(random, schema) : {}) };
}

type Structure = (random: Random, depth: number) => StructuralSchema;

const SCALARS: readonly Structure[] = [
  () => ({ type: 'string' }),
  () => ({ type: 'string' }),
  () => ({ type: 'integer' }),
  () => ({ type: 'number' }),
  () => ({ type: 'boolean' }),
  (random) => ({ 'x-kubernetes-int-or-string': true, ...random.pick(INT_OR_STRING) }),
  (random) => ({ 'x-kubernetes-preserve-unknown-fields': true, ...random.pick([{}, {}, { anyOf: EITHER }]) }),
];

const EITHER: readonly StructuralSchema[] = [{ type: 'integer' }, { type: 'string' }];

/** The forms in which a CRD may repeat what x-kubernetes-int-or-string says. */
const INT_OR_STRING: readonly StructuralSchema[] = [
  {},
  { anyOf: EITHER },
  { allOf: [{ anyOf: EITHER }] },
  { allOf: [{ anyOf: EITHER }, { maximum: 5 }] },
];

const CONTAINERS: readonly Structure[] = [
  object,
  object,
  (random, depth) => ({ type: 'object', additionalProperties: randomSchema(random, depth - 1) }),
  (random) => ({ type: 'object', ...random.pick([{}, { additionalProperties: true }]) }),
  (random, depth) => ({ type: 'array', items: randomSchema(random, depth - 1) }),
  (random) => ({
    type: 'array',
    'x-kubernetes-list-type': 'set',
    items: withoutNull(random.pick([randomScalar, atomicObject])(random)),
  }),
  listMap,
  (random, depth) => ({ ...object(random, depth), 'x-kubernetes-embedded-resource': true }),
  () => ({
    type: 'object',
    'x-kubernetes-embedded-resource': true,
    'x-kubernetes-preserve-unknown-fields': true,
  }),
];

function randomScalar(random: Random): StructuralSchema {
  const schema = SCALARS[random.below(5)]?.(random, 0) as StructuralSchema;
  return { ...schema, ...validations(random, schema) };
}

function atomicObject(random: Random): StructuralSchema {
  return { ...object(random, 1), 'x-kubernetes-map-type': 'atomic' };
}

function object(random: Random, depth: number): StructuralSchema {
  const names = new Set(Array.from({ length: 1 + random.below(5) }, () => random.pick(NAMES)));
  const properties = Object.fromEntries([...names].map((name) => [name, property(random, depth - 1)]));
  const preserved = random.chance(0.1) ? { 'x-kubernetes-preserve-unknown-fields': true } : {};
  return { type: 'object', properties, ...preserved };
}

function property(random: Random, depth: number): StructuralSchema {
  const schema = randomSchema(random, depth);
  if (!random.chance(0.3)) return schema;
  const { value: known } = oraclePrune(
    { type: 'object', properties: { value: schema } },
    { value: randomValue(random, schema) },
  );
  const { value } = known as { value: unknown };
  return value === null || oracle(schema, value, '').length > 0 ? schema : { ...schema, default: value };
}

function listMap(random: Random, depth: number): StructuralSchema {
  const keys = random.chance(0.5) ? ['name'] : ['name', 'key'];
  const items = object(random, depth - 1);
  const scalars = keys.map((key) => {
    const schema = withoutNull(randomScalar(random));
    const value = randomValue(random, schema);
    return [key, random.chance(0.3) && oracle(schema, value, '').length === 0 ? { ...schema, default: value } : schema];
  });
  const properties = { ...items.properties, ...Object.fromEntries(scalars) };
  const required = keys.filter((key) => properties[key]?.default === undefined);
  return {
    type: 'array',
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': keys,
    items: { ...items, properties, required },
  };
}

/** Elements of sets and keys of maps may not be nullable. */
function withoutNull({ nullable: _, ...schema }: StructuralSchema): StructuralSchema {
  return schema;
}
