import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileSchema } from '../../schema/compile-schema.ts';
import type { StructuralSchema } from '../../schema/structural-schema.ts';

const text = { type: 'string' };
const object = (properties: object) => ({ type: 'object', properties });
const integerOrString = [{ type: 'integer' }, { type: 'string' }];

const refused: { [message: string]: unknown } = {
  'schema.properties.a.$ref: no structural schema has this keyword': object({ a: { type: 'object', $ref: '#/x' } }),
  'schema.patternProperties: no structural schema has this keyword': { type: 'object', patternProperties: {} },
  'schema.properties.a.type: must be there': object({ a: {} }),
  'schema.properties.a.type: must be one of object, array, string, integer, number, boolean': object({
    a: { type: 'text' },
  }),
  'schema.items.type: must be one of object, array, string, integer, number, boolean': {
    type: 'array',
    items: { type: ['string', 'null'] },
  },
  'schema.properties.a.items: must be there': object({ a: { type: 'array' } }),
  'schema.properties.a.items: must be an object': object({ a: { type: 'array', items: [text] } }),
  'schema: must not have properties and additionalProperties that are not true': {
    ...object({ a: text }),
    additionalProperties: text,
  },
  'schema.nullable: must be true or false': { type: 'string', nullable: 'yes' },
  'schema.required: must be a list of texts': { type: 'object', required: true },
  'schema.enum: must be a list that is not empty': { type: 'string', enum: [] },
  'schema.minLength: must be a whole number from 0': { type: 'string', minLength: -1 },
  'schema.exclusiveMinimum: must be true or false': { type: 'number', exclusiveMinimum: 3 },
  'schema.multipleOf: must be a number above 0': { type: 'integer', multipleOf: 0 },
  'schema.uniqueItems: must be false, with x-kubernetes-list-type: set instead': {
    type: 'array',
    items: text,
    uniqueItems: true,
  },
  'schema.x-kubernetes-list-map-keys: must be there for x-kubernetes-list-type: map, and only there': {
    type: 'array',
    items: { type: 'object' },
    'x-kubernetes-list-type': 'map',
  },
  'schema.x-kubernetes-list-type: must be atomic, set or map': {
    type: 'array',
    items: text,
    'x-kubernetes-list-type': 'bag',
  },
  'schema.x-kubernetes-list-type: must stand where the type is array': { ...text, 'x-kubernetes-list-type': 'set' },
  'schema.type: must be object beside x-kubernetes-embedded-resource': {
    ...text,
    'x-kubernetes-embedded-resource': true,
  },
  'schema.anyOf[1].type: must not stand below allOf, anyOf, oneOf or not': {
    ...text,
    anyOf: [{ minLength: 1 }, { type: 'string' }],
  },
  'schema.not.properties.a.default: must not stand below allOf, anyOf, oneOf or not': {
    ...object({ a: text }),
    not: { properties: { a: { default: 'x' } } },
  },
  'schema.oneOf[0].x-kubernetes-preserve-unknown-fields: must not stand below allOf, anyOf, oneOf or not': {
    type: 'object',
    oneOf: [{ 'x-kubernetes-preserve-unknown-fields': true }],
  },
  'schema.anyOf: must be a list of schemas': { ...text, anyOf: {} },
  'schema: must be an object': null,
};

for (const [message, schema] of Object.entries(refused)) {
  test(`a schema is refused: ${message}`, () => {
    assert.throws(() => compileSchema(schema as StructuralSchema), { message });
  });
}

test('a schema is refused for a pattern that RE2 does not know, and the message says where', () => {
  const schema = object({ a: { type: 'string', pattern: '(?=a)' } }) as StructuralSchema;
  assert.throws(() => compileSchema(schema), /^Error: schema\.properties\.a\.pattern: \(\?=a\) is no RE2 expression: /);
});

test('all faults of a schema are told at once, a line each', () => {
  const schema = object({ a: { type: 'text' }, b: { type: 'array' }, c: { ...text, nullable: 1 } });
  assert.throws(() => compileSchema(schema as StructuralSchema), {
    message: [
      'schema.properties.a.type: must be one of object, array, string, integer, number, boolean',
      'schema.properties.b.items: must be there',
      'schema.properties.c.nullable: must be true or false',
    ].join('\n'),
  });
});

const taken: { [sentence: string]: unknown } = {
  'an integer or a string, in its short form': { 'x-kubernetes-int-or-string': true },
  'an integer or a string, spelt out': { 'x-kubernetes-int-or-string': true, anyOf: integerOrString },
  'an integer or a string, spelt out below allOf': {
    'x-kubernetes-int-or-string': true,
    allOf: [{ anyOf: integerOrString }, { pattern: '%$' }],
  },
  'anything, where unknown fields are preserved': { 'x-kubernetes-preserve-unknown-fields': true },
  'rules in CEL, which the API server evaluates': { ...text, 'x-kubernetes-validations': [{ rule: 'self != "x"' }] },
  'a format that nobody knows': { type: 'string', format: 'shoe-size' },
  'no properties beside additionalProperties': { type: 'object', properties: {}, additionalProperties: text },
  'additionalProperties: true beside properties': { ...object({ a: text }), additionalProperties: true },
  'a property with the name of a keyword': object({ type: text, items: text, not: text }),
};

for (const [sentence, schema] of Object.entries(taken)) {
  test(`a schema may hold ${sentence}`, () => assert.doesNotThrow(() => compileSchema(schema as StructuralSchema)));
}
