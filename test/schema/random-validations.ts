import type { StructuralSchema } from '../../schema/structural-schema.ts';
import type { Random } from '../patch/random.ts';
import { NUMBERS, TEXTS } from './random-pools.ts';

const PATTERNS = ['^a', 'b+', '^[a-z]+$', '^[0-9]+%$', '^https://', '^.{2}$', '(?i)^ab', '\\d', '^$', '[^\\x00-\\x7f]'];
const FORMATS = ['uri', 'email', 'ipv4', 'date', 'date-time', 'duration', 'uuid', 'byte', 'hostname', 'unheard-of'];

/** Some keywords that restrict the values of this structure, and say nothing of the structure itself. */
export function validations(random: Random, schema: StructuralSchema): StructuralSchema {
  const some = <T extends StructuralSchema>(probability: number, keywords: T): T | object =>
    random.chance(probability) ? keywords : {};
  const isText = schema.type === 'string' || schema['x-kubernetes-int-or-string'] === true;
  const isNumber =
    schema.type === 'integer' || schema.type === 'number' || schema['x-kubernetes-int-or-string'] === true;
  return {
    ...(isText ? textValidations(random, some) : {}),
    ...(isNumber ? numberValidations(random, schema, some) : {}),
    ...(schema.type === 'array'
      ? { ...some(0.2, { minItems: random.below(3) }), ...some(0.2, { maxItems: 1 + random.below(3) }) }
      : {}),
    ...(schema.type === 'object' ? objectValidations(random, schema, some) : {}),
  };
}

/** anyOf, oneOf, allOf and not, of validations that fit the structure. */
export function combinations(random: Random, schema: StructuralSchema): StructuralSchema {
  // Beside what int-or-string may repeat, in anyOf nothing else may stand; in allOf it comes first.
  const keyword = random.pick([schema.anyOf ? 'oneOf' : 'anyOf', 'oneOf', 'allOf', 'not'] as const);
  if (keyword === 'not') return { not: branch(random, schema, 1) };
  const branches = Array.from({ length: 1 + random.below(3) }, () => branch(random, schema, 1));
  return { [keyword]: [...(schema[keyword] ?? []), ...branches] };
}

/** One of a few tries that says anything at all; an empty one is rare, and valid. */
function branch(random: Random, schema: StructuralSchema, depth: number): StructuralSchema {
  const tries = Array.from({ length: 6 }, () => anyBranch(random, schema, depth));
  return tries.find((keywords) => Object.keys(keywords).length > 0) ?? {};
}

function anyBranch(random: Random, schema: StructuralSchema, depth: number): StructuralSchema {
  const { properties, items } = schema;
  return {
    ...validations(random, schema),
    ...(properties && random.chance(0.4) ? { properties: innerProperties(random, properties) } : {}),
    ...(items && random.chance(0.4) ? { items: validations(random, items) } : {}),
    ...(depth > 0 && random.chance(0.1) ? { not: branch(random, schema, depth - 1) } : {}),
  };
}

function innerProperties(
  random: Random,
  properties: { readonly [name: string]: StructuralSchema },
): { [name: string]: StructuralSchema } {
  const some = Object.entries(properties).filter(() => random.chance(0.5));
  return Object.fromEntries(some.map(([name, property]) => [name, validations(random, property)]));
}

type Some = <T extends StructuralSchema>(probability: number, keywords: T) => T | object;

function textValidations(random: Random, some: Some): StructuralSchema {
  return {
    ...some(0.2, { minLength: random.below(4) }),
    ...some(0.2, { maxLength: random.below(6) }),
    ...some(0.2, { pattern: random.pick(PATTERNS) }),
    ...some(0.2, { format: random.pick(FORMATS) }),
    ...some(0.1, { enum: [random.pick(TEXTS), random.pick(TEXTS), 'A'] }),
  };
}

function numberValidations(random: Random, { type }: StructuralSchema, some: Some): StructuralSchema {
  const bound = (): number => {
    if (type === 'number') return random.pick([0, 1, 2.5, -1.5, 1e6, 10]);
    // One that the type or its format cannot hold is an error of every value.
    return random.chance(0.1) ? random.pick([1.5, 3e9]) : random.below(12) - 3;
  };
  return {
    ...some(0.25, { minimum: bound(), ...some(0.3, { exclusiveMinimum: random.chance(0.7) }) }),
    ...some(0.25, { maximum: bound() + 5, ...some(0.3, { exclusiveMaximum: random.chance(0.7) }) }),
    ...some(0.15, { multipleOf: type === 'number' ? random.pick([0.5, 0.1, 0.01, 3]) : 1 + random.below(5) }),
    ...(type === 'integer' ? some(0.2, { format: random.pick(['int32', 'int64', 'float']) }) : {}),
    ...(type === 'number' ? some(0.2, { format: random.pick(['float', 'double', 'int32']) }) : {}),
    ...some(0.1, { enum: [random.pick(NUMBERS), 1, 2.5] }),
  };
}

function objectValidations(random: Random, { properties }: StructuralSchema, some: Some): StructuralSchema {
  const known = Object.keys(properties ?? {});
  const names = random.chance(0.1) ? ['other'] : known.length > 0 ? known : ['a'];
  return {
    ...some(0.3, { required: [...new Set([random.pick(names), random.pick(names)])] }),
    ...some(0.1, { minProperties: random.below(3) }),
    ...some(0.1, { maxProperties: 1 + random.below(4) }),
  };
}
