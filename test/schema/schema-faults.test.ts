import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileSchema } from '../../schema/compile-schema.ts';
import type { StructuralSchema } from '../../schema/structural-schema.ts';

const text = { type: 'string' };
const object = (properties: object) => ({ type: 'object', properties });
const PRESERVE = 'x-kubernetes-preserve-unknown-fields';
const set = (items: object) => ({ type: 'array', items, 'x-kubernetes-list-type': 'set' });
const ofKey = (k: object) => ({ ...object({ k }), required: ['k'] });
const map = (items: object, ...keys: string[]) => {
  const named = keys.length === 0 ? ['k'] : keys;
  return { type: 'array', items, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': named };
};
const nested = (levels: number): object => {
  return Array.from({ length: levels }).reduce<object>((below) => object({ a: below }), text);
};
const integerOrString = [{ type: 'integer' }, { type: 'string' }];

const refused: { [message: string]: unknown } = {
  'schema.properties.a.$ref: no structural schema has this keyword': object({ a: { type: 'object', $ref: '#/x' } }),
  'schema.patternProperties: no structural schema has this keyword': { type: 'object', patternProperties: {} },
  'schema.require: no structural schema has this keyword; did you mean required?': { type: 'object', require: ['a'] },
  'schema.properties.a.enums: no structural schema has this keyword; did you mean enum?': object({
    a: { ...text, enums: ['b'] },
  }),
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
  'schema.enum: must be a list': { type: 'string', enum: 'a' },
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
    'x-kubernetes-preserve-unknown-fields': true,
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
  'schema.x-kubernetes-preserve-unknown-fields: must be true, if it is there': { type: 'object', [PRESERVE]: false },
  'schema.x-kubernetes-preserve-unknown-fields: must not stand beside x-kubernetes-int-or-string': {
    'x-kubernetes-int-or-string': true,
    [PRESERVE]: true,
  },
  'schema.properties: must be there beside x-kubernetes-embedded-resource, unless unknown fields are preserved': {
    type: 'object',
    'x-kubernetes-embedded-resource': true,
  },
  'schema.additionalProperties: must not stand beside x-kubernetes-embedded-resource': {
    ...object({}),
    'x-kubernetes-embedded-resource': true,
    [PRESERVE]: true,
    additionalProperties: text,
  },
  'schema.properties.kind.type: must be string': {
    ...object({ kind: { type: 'integer' } }),
    'x-kubernetes-embedded-resource': true,
  },
  'schema.x-kubernetes-map-type: must stand where the type is object': { ...text, 'x-kubernetes-map-type': 'atomic' },
  'schema.items.nullable: must not be true in a set or a map': set({ ...text, nullable: true }),
  'schema.items.x-kubernetes-map-type: must be atomic in a set': set(object({ a: text })),
  'schema.items.x-kubernetes-list-type: must be atomic in a set': set(set(text)),
  'schema.items.type: must be object in a map': map({ [PRESERVE]: true, properties: { k: text }, required: ['k'] }),
  'schema.x-kubernetes-list-map-keys: must not name a key twice': map(ofKey(text), 'k', 'k'),
  'schema.x-kubernetes-list-map-keys: other must be a property of the items': map(ofKey(text), 'k', 'other'),
  "schema.items.properties.k.type: must be a scalar's, for it is a key": map(ofKey(object({}))),
  'schema.items.properties.k.nullable: must not be true, for it is a key': map(ofKey({ ...text, nullable: true })),
  'schema.items.properties.k: must be required or have a default, for it is a key': map(object({ k: text })),
  'schema.not.properties.metadata: must not stand below allOf, anyOf, oneOf or not': {
    ...object({ metadata: { type: 'object' } }),
    not: { properties: { metadata: { minProperties: 1 } } },
  },
  'schema.allOf[1].anyOf[0].type: must not stand below allOf, anyOf, oneOf or not\nschema.allOf[1].anyOf[1].type: must not stand below allOf, anyOf, oneOf or not':
    { 'x-kubernetes-int-or-string': true, allOf: [{ maximum: 3 }, { anyOf: integerOrString }] },
  'schema: must not be nested deeper than 400 levels': nested(1000),
  'schema.default: Invalid value: 4: default in body should be less than or equal to 3': {
    type: 'integer',
    maximum: 3,
    default: 4,
  },
  'schema.properties.a.items.default.b: Required value': object({
    a: { type: 'array', items: { ...object({ b: { ...text, default: 'x' } }), required: ['b'], default: {} } },
  }),
  'schema.default.a: Invalid value: "null": default.a in body must be of type string: "null"': {
    ...object({ a: { ...text, default: 'x' } }),
    default: { a: null },
  },
  'schema.default: Invalid value: 5: default in body should be less than or equal to 3\nschema.default: Invalid value: "": "default" must validate all the schemas (allOf). None validated':
    { type: 'integer', allOf: [{ maximum: 3 }], default: 5 },
  'schema.default.b: must be a known field': { ...object({ a: text }), default: { b: 1 } },
  'schema.default.apiVersion: Required value\nschema.default.kind: Required value': {
    ...object({ a: text }),
    'x-kubernetes-embedded-resource': true,
    default: { a: 'x' },
  },
};

/** What must not stand in the schema of whole objects, and may in others. */
const refusedAtRoot: { [message: string]: unknown } = {
  'schema.type: must be object at the root': text,
  'schema.additionalProperties: must not stand at the root': { type: 'object', additionalProperties: text },
  'schema.nullable: must not be true at the root': { type: 'object', nullable: true },
  'schema.properties.metadata.type: must be object': object({ metadata: text }),
  'schema.properties.metadata: must not say anything but of name and generateName, and no default': object({
    metadata: object({ labels: { type: 'object', additionalProperties: text } }),
  }),
  'schema.properties.kind.default: must not stand at the root': object({ kind: { ...text, default: 'Book' } }),
  'schema.anyOf[0].properties.b: must stand in the structure as well, outside of anyOf': {
    ...object({ a: text }),
    anyOf: [{ required: ['b'], properties: { b: { minLength: 1 } } }],
  },
  'schema.not.allOf[0].properties.a.items: must stand in the structure as well, outside of not': {
    ...object({ a: text }),
    not: { allOf: [{ properties: { a: { items: { minLength: 1 } } } }] },
  },
};

for (const [message, schema] of Object.entries(refusedAtRoot)) {
  test(`the schema of whole objects is refused, and no other: ${message}`, () => {
    assert.doesNotThrow(() => compileSchema(schema as StructuralSchema));
    assert.throws(() => compileSchema(schema as StructuralSchema, { isRoot: true }), { message });
  });
}

for (const [message, schema] of Object.entries(refused)) {
  test(`a schema is refused: ${message.replace('\n', ', ')}`, () => {
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
    allOf: [{ anyOf: integerOrString, maximum: 9 }, { pattern: '%$' }],
  },
  'an integer or a string where anything may stand': { [PRESERVE]: true, anyOf: integerOrString },
  'an enum that lists nothing, and so says nothing': { ...text, enum: [] },
  'a limit beyond what a double counts': { ...text, maxLength: 2 ** 63 },
  'a set of lists': set({ type: 'array', items: text }),
  'keys that have a default': map(object({ k: { 'x-kubernetes-int-or-string': true, default: 80 } })),
  'a default that is right with what is in it': { ...object({ a: text }), required: ['a'], default: { a: 'x' } },
  'a default of null, which is none': { ...text, default: null },
  'a default that is wrong below additionalProperties, where no API server looks': {
    type: 'object',
    additionalProperties: { ...text, default: 1 },
  },
  'fifty properties within each other': nested(50),
  'anything, where unknown fields are preserved': { 'x-kubernetes-preserve-unknown-fields': true },
  'rules in CEL, which the API server evaluates': { ...text, 'x-kubernetes-validations': [{ rule: 'self != "x"' }] },
  'a format that nobody knows': { type: 'string', format: 'shoe-size' },
  'no properties beside additionalProperties': { type: 'object', properties: {}, additionalProperties: text },
  'additionalProperties: true beside properties': { ...object({ a: text }), additionalProperties: true },
  'a property with the name of a keyword': object({ type: text, items: text, not: text }),
};

for (const [sentence, schema] of Object.entries(taken)) {
  test(`a schema may hold ${sentence}`, () => {
    assert.doesNotThrow(() => compileSchema(object({ spec: schema }) as StructuralSchema, { isRoot: true }));
  });
}

/** What the schema of whole objects may hold. */
const takenAtRoot: { [sentence: string]: unknown } = {
  'names in its metadata': object({ metadata: object({ name: { ...text, maxLength: 55 }, generateName: text }) }),
  'the structure that its combinations judge': {
    ...object({ a: { type: 'array', items: object({ b: text }) } }),
    anyOf: [{ properties: { a: { items: { properties: { b: { minLength: 1 } } } } } }, { not: { required: ['a'] } }],
  },
};

for (const [sentence, schema] of Object.entries(takenAtRoot)) {
  test(`the schema of whole objects may hold ${sentence}`, () => {
    assert.doesNotThrow(() => compileSchema(schema as StructuralSchema, { isRoot: true }));
  });
}
