import type { StructuralSchema } from './structural-schema.ts';

/** A JSON Schema of draft-07, as editors and ajv read it. */
export type EditorSchema = { readonly [keyword: string]: unknown };

/**
 * What an editor (any with yaml-language-server) completes and checks the objects of a kind by: the CRD's schema in
 * draft-07. It is stricter than an API server, which drops fields that it does not know: here they are mistakes. The
 * metadata are left to the API server. Throws an Error that names the place for a keyword that it cannot honour.
 */
export function editorSchema(apiVersion: string, kind: string, schema: StructuralSchema): EditorSchema {
  const { properties, required = [], ...rest } = translated(schema, 'schema') as Root;
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: kind,
    ...rest,
    required: ['apiVersion', 'kind', 'metadata', ...required],
    properties: {
      apiVersion: { description: 'The group and version that the kind is of.', const: apiVersion },
      kind: { description: 'What the object is.', const: kind },
      metadata: { description: 'Its name, namespace, labels and annotations.', type: 'object' },
      ...properties,
    },
  };
}

interface Root extends EditorSchema {
  readonly properties?: EditorSchema;
  readonly required?: readonly string[];
}

function translated(schema: StructuralSchema, path: string): EditorSchema {
  return Object.fromEntries(
    Object.entries(schema).flatMap(([keyword, value]): [keyword: string, value: unknown][] => {
      const at = `${path}.${keyword}`;
      if (COPIED.has(keyword)) return [[keyword, value]];
      if (WITHOUT_FORM.has(keyword)) return [];
      switch (keyword) {
        case 'properties':
          return [
            [keyword, translatedAll(value, at)],
            ['additionalProperties', false],
          ];
        case 'items':
          return [[keyword, translated(value, at)]];
        case 'minimum':
          return [[schema.exclusiveMinimum === true ? 'exclusiveMinimum' : keyword, value]];
        case 'maximum':
          return [[schema.exclusiveMaximum === true ? 'exclusiveMaximum' : keyword, value]];
        case 'exclusiveMinimum':
        case 'exclusiveMaximum':
          return [];
        // Other formats are not what draft-07 has under their names, if it has any.
        case 'format':
          return value === 'date-time' ? [[keyword, value]] : [];
        default:
          throw new Error(`${at}: there is no such keyword in an editor's schema`);
      }
    }),
  );
}

function translatedAll(properties: { readonly [name: string]: StructuralSchema }, path: string): EditorSchema {
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, translated(schema, `${path}.${name}`)]),
  );
}

/** The same in OpenAPI and in draft-07. */
const COPIED = new Set(
  [
    'title description default type enum required pattern multipleOf minLength maxLength minItems maxItems',
    'minProperties maxProperties',
  ]
    .join(' ')
    .split(' '),
);
/** What draft-07 cannot say, and what is about merging alone. */
const WITHOUT_FORM = new Set(
  'x-kubernetes-list-type x-kubernetes-list-map-keys x-kubernetes-map-type x-kubernetes-validations'.split(' '),
);
