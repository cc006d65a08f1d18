import { compilePattern } from './pattern.ts';

/**
 * What makes a schema no structural schema (apiextensions-apiserver, apis/apiextensions/validation and
 * schema/validation.go), so that no API server takes it: a line for each place, 20 at most, which begins with the place
 * below `path`. A schema that is partly ignored admits what it should not.
 */
export function schemaFaults(schema: unknown, path: string): string[] {
  return faultsOf(schema, path, 'structure').slice(0, MOST_FAULTS);
}

const MOST_FAULTS = 20;

/** Below allOf, anyOf, oneOf and not, values are judged and no structure is given. */
type Place = 'structure' | 'combination';

type Faults = (value: unknown, path: string, place: Place, schema: Schema) => string[];
type Schema = { readonly [keyword: string]: unknown };

function faultsOf(schema: unknown, path: string, place: Place): string[] {
  if (!isObject(schema)) return [`${path}: must be an object`];
  const keywords = Object.entries(schema).filter(([, value]) => value !== undefined);
  return [
    ...keywords.flatMap(([keyword, value]) => faultsOfKeyword(keyword, value, `${path}.${keyword}`, place, schema)),
    ...(place === 'structure' ? structureFaults(schema, path) : []),
  ];
}

function faultsOfKeyword(keyword: string, value: unknown, path: string, place: Place, schema: Schema): string[] {
  const check = KEYWORDS.get(keyword);
  if (check === undefined) return [`${path}: no structural schema has this keyword`];
  if (place === 'combination' && ONLY_STRUCTURE.has(keyword)) {
    return [`${path}: must not stand below allOf, anyOf, oneOf or not`];
  }
  return check(value, path, place, schema);
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

const TYPES = ['object', 'array', 'string', 'integer', 'number', 'boolean'];

const any: Faults = () => [];
const must = (what: string, holds: (value: unknown) => boolean): Faults => {
  return (value, path) => (holds(value) ? [] : [`${path}: must be ${what}`]);
};
const text = must('a text', (value) => typeof value === 'string');
const boolean = must('true or false', (value) => typeof value === 'boolean');
const number = must('a number', (value) => typeof value === 'number');
const count = must('a whole number from 0', (value) => Number.isSafeInteger(value) && (value as number) >= 0);
const texts = must('a list of texts', (value) => isListOf(value, (each) => typeof each === 'string'));
const nested: Faults = (value, path, place) => faultsOf(value, path, place);
const named: Faults = (value, path, place) => {
  if (!isObject(value)) return [`${path}: must be an object`];
  return Object.entries(value).flatMap(([name, schema]) => faultsOf(schema, `${path}.${name}`, place));
};
const combined: Faults = (value, path, _, schema) => {
  if (!Array.isArray(value)) return [`${path}: must be a list of schemas`];
  return value.flatMap((each, at) => {
    const isPattern = schema['x-kubernetes-int-or-string'] === true && isIntegerOrString(path, value, each);
    return isPattern ? [] : faultsOf(each, `${path}[${at}]`, 'combination');
  });
};

const KEYWORDS: ReadonlyMap<string, Faults> = new Map<string, Faults>([
  ['type', typeFaults],
  ['nullable', boolean],
  ['enum', must('a list that is not empty', (value) => Array.isArray(value) && value.length > 0)],
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
  if (place === 'combination') return [`${path}: must not stand below allOf, anyOf, oneOf or not`];
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

/** The two forms beside `x-kubernetes-int-or-string` in which types may stand below a combination. */
function isIntegerOrString(path: string, combination: readonly unknown[], each: unknown): boolean {
  const types = '[{"type":"integer"},{"type":"string"}]';
  if (path.endsWith('.anyOf')) return JSON.stringify(combination) === types;
  return path.endsWith('.allOf') && each === combination[0] && JSON.stringify(each) === `{"anyOf":${types}}`;
}

function structureFaults(schema: Schema, path: string): string[] {
  const {
    type,
    items,
    properties,
    additionalProperties,
    'x-kubernetes-int-or-string': isIntOrString,
    'x-kubernetes-embedded-resource': isEmbedded,
    'x-kubernetes-preserve-unknown-fields': preserves,
    'x-kubernetes-list-type': listType,
    'x-kubernetes-list-map-keys': keys,
  } = schema;
  const has = (isFault: boolean, text: string) => (isFault ? [`${path}${text}`] : []);
  return [
    ...has(type === undefined && isIntOrString !== true && preserves !== true, '.type: must be there'),
    ...has(type === 'array' && items === undefined, '.items: must be there'),
    ...has(
      isObject(properties) && Object.keys(properties).length > 0 && (additionalProperties ?? true) !== true,
      ': must not have properties and additionalProperties that are not true',
    ),
    ...has(isEmbedded === true && type !== 'object', '.type: must be object beside x-kubernetes-embedded-resource'),
    ...has(listType !== undefined && type !== 'array', '.x-kubernetes-list-type: must stand where the type is array'),
    ...has(
      (listType === 'map') !== (Array.isArray(keys) && keys.length > 0),
      '.x-kubernetes-list-map-keys: must be there for x-kubernetes-list-type: map, and only there',
    ),
  ];
}

function isListOf(value: unknown, holds: (each: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(holds);
}

function isObject(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
