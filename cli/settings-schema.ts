import type { Schema } from '../author.ts';
import { literal } from '../webhook/literal.ts';
import { nearest } from '../webhook/nearest.ts';

/** What webhook/settings.ts offers. */
const KEYWORDS: readonly string[] = [
  'type',
  'properties',
  'required',
  'additionalProperties',
  'items',
  'enum',
  'default',
  'nullable',
  'description',
  'pattern',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
];

const TYPES: readonly unknown[] = ['object', 'array', 'string', 'number', 'integer', 'boolean'];

/** What would not be heeded, or not as it is meant, in the schema of a rule's settings; clauses that begin with "its". */
export function settingsSchemaFaults(schema: unknown, at = 'settings'): string[] {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return [`its ${at} must be a schema`];
  const unknown = Object.keys(schema).filter((keyword) => !KEYWORDS.includes(keyword));
  const { type, properties, items, additionalProperties } = schema as Schema;
  return [
    ...(TYPES.includes(type) ? [] : [`its ${at} has the type ${literal(type)}; it must be one of ${TYPES.join(', ')}`]),
    ...unknown.map((keyword) => {
      if (keyword === 'format') return `its ${at} has "format", which is not checked; use "pattern"`;
      return `its ${at} has the unknown keyword "${keyword}"${nearest(keyword, KEYWORDS)}`;
    }),
    ...(properties === undefined ? [] : propertyFaults(properties, at)),
    ...(items === undefined ? [] : settingsSchemaFaults(items, `${at}[]`)),
    ...(typeof additionalProperties === 'object' ? settingsSchemaFaults(additionalProperties, `${at}.*`) : []),
  ];
}

function propertyFaults(properties: unknown, at: string): string[] {
  if (typeof properties !== 'object' || properties === null) return [`its ${at} has properties that are no object`];
  return Object.entries(properties).flatMap(([name, part]) => settingsSchemaFaults(part, `${at}.${name}`));
}
