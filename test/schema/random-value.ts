import type { StructuralSchema } from '../../schema/structural-schema.ts';
import type { Random } from '../patch/random.ts';
import { oracle } from './oracle.ts';
import { KEYS, NUMBERS, TEXTS } from './random-pools.ts';

/** A value that is near to what the schema wants: most are valid but for a change or two, if any. */
export function randomValue(random: Random, schema: StructuralSchema): unknown {
  let value = nearValue(random, schema);
  while (random.chance(0.4)) value = changed(random, value);
  return value;
}

function nearValue(random: Random, schema: StructuralSchema): unknown {
  if (schema.nullable && random.chance(0.2)) return null;
  if (schema.enum && random.chance(0.7)) return random.pick(schema.enum);
  if (schema['x-kubernetes-embedded-resource']) return resource(random, schema);
  if (schema.type === 'object') return nearObject(random, schema);
  if (schema.type === 'array') return nearList(random, schema);
  if (schema.type === 'boolean') return random.chance(0.5);
  if (schema.type === undefined && !schema['x-kubernetes-int-or-string']) return anything(random, 2);
  const isText = schema.type === 'string' || (schema.type === undefined && random.chance(0.5));
  const tries = Array.from({ length: 5 }, () => (isText ? random.pick(TEXTS) : nearNumber(random, schema)));
  return tries.find((value) => oracle(schema, value, '').length === 0) ?? tries[0];
}

function nearNumber(random: Random, { minimum, maximum, multipleOf }: StructuralSchema): number {
  const limit = random.pick([minimum, maximum, multipleOf] as const) ?? random.pick(NUMBERS);
  return Math.abs(limit) < 1e6 ? limit + random.pick([-1, 0, 0, 1, 0.5]) : limit;
}

function nearObject(random: Random, schema: StructuralSchema): { [name: string]: unknown } {
  const { additionalProperties: rest } = schema;
  const known = Object.entries(schema.properties ?? {}).filter(([name]) =>
    random.chance(schema.required?.includes(name) ? 0.97 : 0.7),
  );
  const isOpen = rest !== undefined || schema['x-kubernetes-preserve-unknown-fields'];
  const others = Array.from({ length: isOpen ? random.below(3) : 0 }, () => random.pick(KEYS));
  return Object.fromEntries([
    ...others.map((name) => [name, typeof rest === 'object' ? nearValue(random, rest) : anything(random, 1)]),
    ...known.map(([name, property]) => [name, nearValue(random, property)]),
  ]);
}

function nearList(random: Random, { items, minItems = 0, maxItems = 4 }: StructuralSchema): unknown[] {
  const length = Math.max(minItems, random.below(maxItems + 1));
  return Array.from({ length }, () => (items === undefined ? anything(random, 1) : nearValue(random, items)));
}

/** What is right and wrong with a resource inside another, as far as the oracle knows its metadata. */
function resource(random: Random, schema: StructuralSchema): { [name: string]: unknown } {
  const metadata = random.pick([
    {},
    { name: 'a' },
    { name: '..' },
    { name: 'a%b' },
    { labels: { 'bad key!': 'v', good: 'v' } },
    { annotations: { '-': 'v' } },
  ]);
  return {
    ...nearObject(random, schema),
    apiVersion: random.pick(['v1', 'v1', 'apps/v1', 'a/b/c', '', 1]),
    kind: random.pick(['Pod', 'Pod', 'Pod', 'No such kind', '', false]),
    ...(random.chance(0.7) ? { metadata } : {}),
  };
}

function anything(random: Random, depth: number): unknown {
  const scalars = [random.pick(TEXTS), random.pick(NUMBERS), random.chance(0.5), null];
  if (depth === 0 || random.chance(0.5)) return random.pick(scalars);
  const values = Array.from({ length: random.below(4) }, () => anything(random, depth - 1));
  return random.chance(0.4) ? values : Object.fromEntries(values.map((value) => [random.pick(KEYS), value]));
}

/** The value with one change somewhere in it. */
export function changed(random: Random, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || random.chance(0.15))
    return random.chance(0.3) ? null : anything(random, 1);
  if (Array.isArray(value)) return changedList(random, value);
  const entries = Object.entries(value);
  if (entries.length === 0 || random.chance(0.15))
    return Object.fromEntries([...entries, [random.pick(KEYS), anything(random, 1)]]);
  const at = random.below(entries.length);
  if (random.chance(0.15)) return Object.fromEntries(entries.toSpliced(at, 1));
  const [name, member] = entries[at] as [string, unknown];
  // What Go's decoder would say of a resource's metadata of other types, nobody but Go says.
  return name === 'metadata' ? value : Object.fromEntries(entries.with(at, [name, changed(random, member)]));
}

function changedList(random: Random, list: readonly unknown[]): unknown[] {
  const at = random.below(list.length);
  const element = list[at];
  if (list.length === 0) return [anything(random, 1)];
  if (random.chance(0.4)) return [...list, structuredClone(element)];
  return random.chance(0.2) ? list.toSpliced(at, 1) : list.with(at, changed(random, element));
}
