import { closestTo } from '../webhook/nearest.ts';
import { compilePattern } from './pattern.ts';
import { rootFaults } from './root-faults.ts';
import { structureFaults } from './structure-faults.ts';
import { isObject } from './values.ts';

/**
 * What makes a schema no structural schema (apiextensions-apiserver, apis/apiextensions/validation and
 * schema/validation.go), so that no API server takes it: a line for each place, 20 at most, which begins with the place
 * below `path`. A schema that is partly ignored admits what it should not.
 */
export function schemaFaults(schema: unknown, path: string, { isRoot = false }: SchemaOptions = {}): string[] {
  if (isDeeperThan(MOST_LEVELS, schema)) return [`${path}: must not be nested deeper than ${MOST_LEVELS} levels`];
  const faults = [...faultsOf(schema, path, 'structure'), ...(isRoot ? rootFaults(schema, path) : [])];
  return faults.slice(0, MOST_FAULTS);
}

/** What a schema is for. */
export interface SchemaOptions {
  /** It is of whole objects, as the root of a CRD's schema is: more must not stand there. */
  readonly isRoot?: boolean;
}

const MOST_FAULTS = 20;
/** Of objects and lists, two for a property: some dozens are the most that is in use, and a stack ends somewhere. */
const MOST_LEVELS = 400;

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeperThan(levels - 1, member));
}

/** Below allOf, anyOf, oneOf and not, values are judged and no structure is given. */
type Place = 'structure' | 'first of allOf' | 'combination';

/** The anyOf in which types may stand: in the structure, and in the first of its allOf. */
const INTEGER_OR_STRING = '[{"type":"integer"},{"type":"string"}]';

type Faults = (value: unknown, path: string, place: Place) => string[];

function faultsOf(schema: unknown, path: string, place: Place): string[] {
  if (!isObject(schema)) return [`${path}: must be an object`];
  const keywords = Object.entries(schema).filter(([, value]) => value !== undefined);
  return [
    ...keywords.flatMap(([keyword, value]) => faultsOfKeyword(keyword, value, `${path}.${keyword}`, place)),
    ...(place === 'structure' ? structureFaults(schema, path) : []),
  ];
}

function faultsOfKeyword(keyword: string, value: unknown, path: string, place: Place): string[] {
  const check = KEYWORDS.get(keyword);
  if (check === undefined) return [`${path}: no structural schema has this keyword${didYouMean(keyword)}`];
  if (place !== 'structure' && ONLY_STRUCTURE.has(keyword)) {
    return [`${path}: ${NOT_IN_COMBINATION}`];
  }
  return check(value, path, place);
}

function didYouMean(keyword: string): string {
  const meant = closestTo(keyword, [...KEYWORDS.keys()]);
  return meant === undefined ? '' : `; did you mean ${meant}?`;
}

const ONLY_STRUCTURE = new Set([
  ...[
    'nullable',
    'default',
    'additionalProperties',
    'title',
    'description',
    'externalDocs',
    'x-kubernetes-validations',
  ],
  ...['x-kubernetes-int-or-string', 'x-kubernetes-embedded-resource', 'x-kubernetes-preserve-unknown-fields'],
  ...['x-kubernetes-list-type', 'x-kubernetes-list-map-keys', 'x-kubernetes-map-type'],
]);

const NOT_IN_COMBINATION = 'must not stand below allOf, anyOf, oneOf or not';
const TYPES = ['object', 'array', 'string', 'integer', 'number', 'boolean'];

const any: Faults = () => [];
const must = (what: string, holds: (value: unknown) => boolean): Faults => {
  return (value, path) => (holds(value) ? [] : [`${path}: must be ${what}`]);
};
const text = must('a text', (value) => typeof value === 'string');
const boolean = must('true or false', (value) => typeof value === 'boolean');
const number = must('a number', (value) => typeof value === 'number');
const count = must('a whole number from 0', (value) => Number.isInteger(value) && (value as number) >= 0);
const texts = must('a list of texts', (value) => isListOf(value, (each) => typeof each === 'string'));
const below = (place: Place): Place => (place === 'structure' ? place : 'combination');
const nested: Faults = (value, path, place) => faultsOf(value, path, below(place));
const named: Faults = (value, path, place) => {
  if (!isObject(value)) return [`${path}: must be an object`];
  return Object.entries(value).flatMap(([name, schema]) => {
    if (place !== 'structure' && name === 'metadata') return [`${path}.${name}: ${NOT_IN_COMBINATION}`];
    return faultsOf(schema, `${path}.${name}`, below(place));
  });
};
const combined: Faults = (value, path, place) => {
  if (!Array.isArray(value)) return [`${path}: must be a list of schemas`];
  if (place !== 'combination' && path.endsWith('.anyOf') && JSON.stringify(value) === INTEGER_OR_STRING) return [];
  return value.flatMap((each, at) => {
    const isFirst = place === 'structure' && path.endsWith('.allOf') && at === 0;
    return faultsOf(each, `${path}[${at}]`, isFirst ? 'first of allOf' : 'combination');
  });
};

const KEYWORDS: ReadonlyMap<string, Faults> = new Map<string, Faults>([
  ['type', typeFaults],
  ['nullable', boolean],
  ['enum', must('a list', Array.isArray)],
  ['format', text],
  ['pattern', patternFaults],
  ['minLength', count],
  ['maxLength', count],
  ['minimum', number],
  ['exclusiveMinimum', boolean],
  ['maximum', number],
  ['exclusiveMaximum', boolean],
  ['multipleOf', must('a number above 0', (value) => typeof value === 'number' && value > 0)],
  ['items', nested],
  ['minItems', count],
  ['maxItems', count],
  ['uniqueItems', must('false, with x-kubernetes-list-type: set instead', (value) => value === false)],
  ['properties', named],
  ['additionalProperties', (value, path, place) => (typeof value === 'boolean' ? [] : faultsOf(value, path, place))],
  ['required', texts],
  ['minProperties', count],
  ['maxProperties', count],
  ['allOf', combined],
  ['anyOf', combined],
  ['oneOf', combined],
  ['not', (value, path) => faultsOf(value, path, 'combination')],
  ['x-kubernetes-int-or-string', boolean],
  ['x-kubernetes-embedded-resource', boolean],
  ['x-kubernetes-preserve-unknown-fields', boolean],
  ['x-kubernetes-list-type', must('atomic, set or map', (value) => ['atomic', 'set', 'map'].includes(`${value}`))],
  ['x-kubernetes-list-map-keys', texts],
  ['x-kubernetes-map-type', must('atomic or granular', (value) => ['atomic', 'granular'].includes(`${value}`))],
  ['x-kubernetes-validations', must('a list', Array.isArray)],
  ['default', any],
  ['description', text],
  ['title', text],
  ['example', any],
  ['externalDocs', any],
]);

function typeFaults(value: unknown, path: string, place: Place): string[] {
  if (place !== 'structure') return [`${path}: ${NOT_IN_COMBINATION}`];
  return TYPES.includes(`${value}`) ? [] : [`${path}: must be one of ${TYPES.join(', ')}`];
}

function patternFaults(value: unknown, path: string): string[] {
  if (typeof value !== 'string') return [`${path}: must be a text`];
  try {
    compilePattern(value, path);
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

function isListOf(value: unknown, holds: (each: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(holds);
}
