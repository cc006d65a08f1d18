import { asMember, isObject, type JsonObject } from './values.ts';

/**
 * What a schema says of structure and must not (apiextensions-apiserver, schema/validation.go, and
 * apis/apiextensions/validation), whatever stands around it: a line for each, which begins with the place below `path`.
 */
export function structureFaults(schema: JsonObject, path: string): string[] {
  const faults = RULES.filter(([, isBroken]) => isBroken(schema)).map(([text]) => text);
  const metaFaults = schema[EMBEDDED] === true ? metaTypeFaults(schema) : [];
  return [...faults, ...metaFaults, ...mapFaults(schema)].map((text) => `${path}${text}`);
}

/** The types of what every whole object has, where its schema says anything of them; the lines as above, without a path. */
export function metaTypeFaults(schema: JsonObject): string[] {
  const types = { apiVersion: 'string', kind: 'string', metadata: 'object' };
  return Object.entries(types)
    .filter(([name, type]) => isObject(propertyOf(schema, name)) && asMember(propertyOf(schema, name), 'type') !== type)
    .map(([name, type]) => `.properties.${name}.type: must be ${type}`);
}

/** The schema of a property, if there is one. */
export function propertyOf(schema: unknown, name: string): unknown {
  return asMember(asMember(schema, 'properties'), name);
}

type Rule = readonly [text: string, isBroken: (schema: JsonObject) => boolean];

const INT_OR_STRING = 'x-kubernetes-int-or-string';
const EMBEDDED = 'x-kubernetes-embedded-resource';
const PRESERVE = 'x-kubernetes-preserve-unknown-fields';
const LIST_TYPE = 'x-kubernetes-list-type';
const MAP_TYPE = 'x-kubernetes-map-type';
const KEYS = 'x-kubernetes-list-map-keys';

const RULES: readonly Rule[] = [
  ['.type: must be there', (of) => of.type === undefined && of[INT_OR_STRING] !== true && of[PRESERVE] !== true],
  ['.items: must be there', ({ type, items }) => type === 'array' && items === undefined],
  [
    ': must not have properties and additionalProperties that are not true',
    ({ properties, additionalProperties = true }) => hasMembers(properties) && additionalProperties !== true,
  ],
  [`.${PRESERVE}: must be true, if it is there`, (of) => of[PRESERVE] === false],
  [`.${PRESERVE}: must not stand beside ${INT_OR_STRING}`, (of) => of[PRESERVE] === true && of[INT_OR_STRING] === true],
  [`.type: must be object beside ${EMBEDDED}`, (of) => of[EMBEDDED] === true && of.type !== 'object'],
  [
    `.properties: must be there beside ${EMBEDDED}, unless unknown fields are preserved`,
    (of) => of[EMBEDDED] === true && of[PRESERVE] !== true && !hasMembers(of.properties),
  ],
  [
    `.additionalProperties: must not stand beside ${EMBEDDED}`,
    (of) => of[EMBEDDED] === true && of.additionalProperties !== undefined,
  ],
  [`.${MAP_TYPE}: must stand where the type is object`, (of) => of[MAP_TYPE] !== undefined && of.type !== 'object'],
  [`.${LIST_TYPE}: must stand where the type is array`, (of) => of[LIST_TYPE] !== undefined && of.type !== 'array'],
  [
    `.${KEYS}: must be there for ${LIST_TYPE}: map, and only there`,
    (of) => (of[LIST_TYPE] === 'map') !== (Array.isArray(of[KEYS]) && of[KEYS].length > 0),
  ],
  [
    '.items.nullable: must not be true in a set or a map',
    (of) => (of[LIST_TYPE] === 'set' || of[LIST_TYPE] === 'map') && asMember(of.items, 'nullable') === true,
  ],
  [
    `.items.${MAP_TYPE}: must be atomic in a set`,
    (of) => isSetOf(of, 'object') && asMember(of.items, MAP_TYPE) !== 'atomic',
  ],
  [
    `.items.${LIST_TYPE}: must be atomic in a set`,
    (of) => isSetOf(of, 'array') && (asMember(of.items, LIST_TYPE) ?? 'atomic') !== 'atomic',
  ],
  ['.items.type: must be object in a map', (of) => of[LIST_TYPE] === 'map' && asMember(of.items, 'type') !== 'object'],
];

function hasMembers(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length > 0;
}

function isSetOf(schema: JsonObject, type: string): boolean {
  return schema[LIST_TYPE] === 'set' && asMember(schema.items, 'type') === type;
}

/** What tells the elements of a map from each other: scalars that every element has. */
function mapFaults(schema: JsonObject): string[] {
  const { [LIST_TYPE]: type, [KEYS]: keys, items } = schema;
  if (type !== 'map' || !Array.isArray(keys)) return [];
  const required = asMember(items, 'required');
  const isDouble = new Set(keys).size < keys.length;
  return [
    ...(isDouble ? [`.${KEYS}: must not name a key twice`] : []),
    ...keys.flatMap((key) => {
      const of = propertyOf(items, key);
      if (!isObject(of)) return [`.${KEYS}: ${key} must be a property of the items`];
      const isThere = of.default !== undefined || (Array.isArray(required) && required.includes(key));
      const at = `.items.properties.${key}`;
      return [
        ...(of.type === 'object' || of.type === 'array' ? [`${at}.type: must be a scalar's, for it is a key`] : []),
        ...(of.nullable === true ? [`${at}.nullable: must not be true, for it is a key`] : []),
        ...(isThere ? [] : [`${at}: must be required or have a default, for it is a key`]),
      ];
    }),
  ];
}
