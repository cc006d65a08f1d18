import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileSchema } from '../../schema/compile-schema.ts';
import { parseExactly } from '../../schema/exact-json.ts';
import type { StructuralSchema } from '../../schema/structural-schema.ts';

const text: StructuralSchema = { type: 'string' };
const object = (properties: { [name: string]: StructuralSchema }): StructuralSchema => ({ type: 'object', properties });

/** What is reported of a value under a schema, one line an error. */
function report(schema: StructuralSchema, value: unknown, old?: unknown): string[] {
  return compileSchema(schema)(value, '', old).map(({ field, message }) => `${field}: ${message}`);
}

const reported: { [sentence: string]: [schema: StructuralSchema, value: unknown, ...errors: string[]] } = {
  'an inherited member is not there': [
    { type: 'object', required: ['constructor', '__proto__'] },
    {},
    'constructor: Required value',
    '__proto__: Required value',
  ],
  'an own member of an inherited name is there': [
    { type: 'object', required: ['constructor'], properties: { constructor: text } },
    JSON.parse('{"constructor": 1}'),
    'constructor: Invalid value: "integer": constructor in body must be of type string: "integer"',
  ],
  'a key that looks like a prototype is data': [
    { type: 'object', additionalProperties: { type: 'integer', maximum: 1 } },
    JSON.parse('{"__proto__": 2, "toString": 0}'),
    '__proto__: Invalid value: 2: __proto__ in body should be less than or equal to 1',
  ],
  'a key with a slash, a tilde or a number is a key, not an index': [
    { type: 'object', additionalProperties: { type: 'array', items: text } },
    { 'a/b~1': [0], '0': [0] },
    '0[0]: Invalid value: "integer": 0[0] in body must be of type string: "integer"',
    'a/b~1[0]: Invalid value: "integer": a/b~1[0] in body must be of type string: "integer"',
  ],
  'an exclusive limit excludes itself': [
    object({ a: { type: 'number', minimum: 1, exclusiveMinimum: true, maximum: 2, exclusiveMaximum: true } }),
    { a: 1 },
    'a: Invalid value: 1: a in body should be greater than 1',
  ],
  'a limit that is not exclusive includes itself': [
    object({ a: { type: 'number', minimum: 1, exclusiveMinimum: false, maximum: 2 } }),
    { a: 1 },
  ],
  'a pattern that would keep a backtracking engine busy for ages': [
    object({ a: { type: 'string', pattern: '^(a+)+$' } }),
    { a: `${'a'.repeat(40)}!` },
    `a: Invalid value: "${'a'.repeat(40)}!": a in body should match '^(a+)+$'`,
  ],
  'null where nullable says so, though not in its enum': [
    object({ a: { type: 'string', nullable: true }, b: { type: 'string', nullable: true, enum: ['x', null] } }),
    { a: null, b: null },
    'b: Unsupported value: null: supported values: "x", "null"',
  ],
  'unknown fields, which are pruned and never an error': [object({}), { a: { b: 1 } }],
  'what an object holds that may hold nothing': [
    object({ a: { type: 'object', additionalProperties: false } }),
    { a: { b: 1 } },
    'a: Invalid value: "b": a.b in body is a forbidden property',
  ],
  'many properties and few': [
    { type: 'object', additionalProperties: { type: 'object', minProperties: 1, maxProperties: 2 } },
    { a: {}, b: { c: 1, d: 2, e: 3 } },
    'a: Invalid value: 0: a in body should have at least 1 properties',
    'b: Too many: 3: must have at most 2 items',
  ],
  'the same element twice in a set, whatever the order of its members': [
    object({
      a: {
        type: 'array',
        'x-kubernetes-list-type': 'set',
        items: { type: 'object', 'x-kubernetes-map-type': 'atomic' },
      },
    }),
    {
      a: [
        { b: 1, c: 2 },
        { c: 2, b: 1 },
        { b: 1, c: 2 },
      ],
    },
    'a[1]: Duplicate value: {"b":1,"c":2}',
  ],
  'the same keys twice in a map, absent ones included': [
    object({
      a: {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['port', 'name'],
        items: object({ port: { type: 'integer', default: 80 }, name: { ...text, default: 'http' } }),
      },
    }),
    { a: [{ port: 1 }, { port: 1, name: 'x' }, { port: 1, other: 2 }] },
    'a[2]: Duplicate value: {"port":1}',
  ],
  'the same number twice in a set, however it is written, and an integer beside a float': [
    object({ a: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'number' } } }),
    parseExactly('{"a": [1.5, 1.50, 0.0, -0.0, 1, 1.0, 100.0, 1e2]}'),
    'a[1]: Duplicate value: 1.5',
    'a[3]: Duplicate value: -0',
    'a[7]: Duplicate value: 100',
  ],
  'a zero below nothing': [
    object({ a: { type: 'number', minimum: 1 } }),
    parseExactly('{"a": -0.0}'),
    'a: Invalid value: -0: a in body should be greater than or equal to 1',
  ],
  'a whole number beside a limit that is none, as a float': [
    object({ a: { type: 'integer', maximum: 1.5 } }),
    { a: 1234567 },
    '<nil>: Invalid value: "": Maximum boundary value must be of type integer (default format) in a',
    'a: Invalid value: 1.234567e+06: a in body should be less than or equal to 1.5',
  ],
  'an integer or a string where the schema gives no type': [
    object({ a: { 'x-kubernetes-preserve-unknown-fields': true, anyOf: [{ type: 'integer' }, { type: 'string' }] } }),
    { a: true },
    '<nil>: Invalid value: "": "a" must validate at least one schema (anyOf)',
    'a: Invalid value: "boolean": a in body must be of type integer: "boolean"',
  ],
  'a date that does not exist': [
    object({ a: { type: 'array', items: { type: 'string', format: 'date-time' } } }),
    { a: ['2024-02-29T00:00:00Z', '2026-02-29T00:00:00Z', '2026-01-01T24:00:00Z'] },
    'a[1]: Invalid value: "2026-02-29T00:00:00Z": a[1] in body must be of type date-time: "2026-02-29T00:00:00Z"',
    'a[2]: Invalid value: "2026-01-01T24:00:00Z": a[2] in body must be of type date-time: "2026-01-01T24:00:00Z"',
  ],
};

for (const [sentence, [schema, value, ...errors]] of Object.entries(reported)) {
  test(`a schema reports: ${sentence}`, () => assert.deepEqual(report(schema, value).sort(), errors.sort()));
}

test('errors are reported below the path that the value stands at', () => {
  const [error] = compileSchema(object({ a: text }))({ a: 1 }, 'spec.list[0]');
  assert.equal(error?.field, 'spec.list[0].a');
});

const key: StructuralSchema = { type: 'object', required: ['k'], properties: { k: text } };
const set: StructuralSchema = { type: 'array', 'x-kubernetes-list-type': 'set', items: text };
const keyed: StructuralSchema = {
  type: 'array',
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['k'],
  items: { ...object({ k: { 'x-kubernetes-int-or-string': true }, v: { type: 'integer' } }), required: ['k'] },
};
const short: StructuralSchema = { type: 'array', items: { type: 'string', maxLength: 1 } };

const updates: { [sentence: string]: [schema: StructuralSchema, now: unknown, old: unknown, ...errors: string[]] } = {
  'what was wrong and stayed is not reported': [short, ['long', 'a'], ['long', 'b']],
  'what was wrong and is wrong in another way is': [
    short,
    ['longer'],
    ['long'],
    '[0]: Too long: may not be more than 1 bytes',
  ],
  'what was right and is wrong is': [short, ['long'], ['a'], '[0]: Too long: may not be more than 1 bytes'],
  'a member that was missing may be missing still': [object({ a: key }), { a: { x: 1 } }, { a: {} }],
  'a member may not go missing': [object({ a: key }), { a: {} }, { a: { k: 'x' } }, 'a.k: Required value'],
  'a new object must be whole': [object({ a: key }), { a: {} }, {}, 'a.k: Required value'],
  'an element is the one that has the same key, wherever it stands': [
    object({ a: keyed }),
    {
      a: [
        { k: 'b', v: 'y' },
        { k: 'a', v: 'x' },
      ],
    },
    {
      a: [
        { k: 'a', v: 'x' },
        { k: 'b', v: 'z' },
      ],
    },
    'a[0].v: Invalid value: "string": a[0].v in body must be of type integer: "string"',
  ],
  'a key is what it is, not what it reads like': [
    object({ a: keyed }),
    { a: [{ k: '1', v: 'x' }] },
    { a: [{ k: 1, v: 'x' }] },
    'a[0].v: Invalid value: "string": a[0].v in body must be of type integer: "string"',
  ],
  'a list with a duplicate may stay': [object({ a: set }), { a: ['x', 'x'] }, { a: ['x', 'x'] }],
  'a list may not get one, though the second of the two was there': [
    object({ a: set }),
    { a: ['x', 'x'] },
    { a: ['y', 'x'] },
    'a[1]: Duplicate value: "x"',
  ],
};

for (const [sentence, [schema, now, old, ...errors]] of Object.entries(updates)) {
  test(`on an update, ${sentence}`, () => assert.deepEqual(report(schema, now, old), errors));
}

test('of a value that could have a million errors the first hundred are reported', () => {
  const errors = report({ type: 'array', items: text }, Array(1_000_000).fill(1));
  assert.equal(errors.length, 100);
  assert.equal(errors[99], '[99]: Invalid value: "integer": [99] in body must be of type string: "integer"');
});

const resource: StructuralSchema = {
  type: 'object',
  'x-kubernetes-embedded-resource': true,
  'x-kubernetes-preserve-unknown-fields': true,
};
const labels = Object.fromEntries(Array.from({ length: 200_000 }, (_, index) => [`!${index}`, `!${index}`]));
const pairs = Array.from({ length: 1_600_000 }, (_, index) => `v${index >> 1}`);
const long = 'x'.repeat(100_000);

const many: { [sentence: string]: [schema: StructuralSchema, value: unknown] } = {
  'labels that are none': [resource, { apiVersion: 'v1', kind: 'Pod', metadata: { labels } }],
  'elements that stand twice': [set, pairs],
  'keys that stand twice': [
    {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['k'],
      items: { type: 'object', required: ['k'], properties: { k: text } },
    },
    pairs.map((k) => ({ k })),
  ],
  'wrong elements below a long name': [
    { type: 'object', additionalProperties: { type: 'array', items: text } },
    { [long]: Array(200_000).fill(1) },
  ],
};

for (const [sentence, [schema, value]] of Object.entries(many)) {
  test(`a hundred of many are reported, and no more are looked for: ${sentence}`, () => {
    const validate = compileSchema(schema);
    const before = process.cpuUsage();
    assert.equal(validate(value).length, 100);
    const { user, system } = process.cpuUsage(before);
    assert.ok(user + system < 2_000_000, `${user + system} µs`);
  });
}

test('branches whose errors nobody reads write no texts of what they found', () => {
  const validate = compileSchema({ type: 'array', items: { ...text, oneOf: [{ enum: ['a'] }, { minLength: 1 }] } });
  const before = process.cpuUsage();
  assert.deepEqual(validate(Array(300).fill('\u0007'.repeat(300_000))), []);
  const { user, system } = process.cpuUsage(before);
  assert.ok(user + system < 2_000_000, `${user + system} µs`);
});

test('a value nested deeper than the stack goes is shown as far as it is of use', () => {
  const deep = JSON.parse('['.repeat(50_000) + ']'.repeat(50_000));
  const schema = object({ a: { type: 'string', enum: ['x'] } });
  assert.deepEqual(report(schema, { a: deep }, { a: 1 }), [
    'a: Invalid value: "array": a in body must be of type string: "array"',
    `a: Unsupported value: ${'['.repeat(1024)}…: supported values: "x"`,
  ]);
});
