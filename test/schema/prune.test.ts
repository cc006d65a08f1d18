import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PruneOptions, prune } from '../../schema/prune.ts';
import type { StructuralSchema } from '../../schema/structural-schema.ts';

const text: StructuralSchema = { type: 'string' };
const object = (properties: { [name: string]: StructuralSchema }): StructuralSchema => ({ type: 'object', properties });
const free = { 'x-kubernetes-preserve-unknown-fields': true };
const meta = { apiVersion: 'v1', kind: 'A', metadata: { labels: { a: 'b' } } };

const pruned: {
  [sentence: string]: [
    schema: StructuralSchema,
    value: unknown,
    result: unknown,
    unknown: readonly string[],
    options?: PruneOptions,
  ];
} = {
  'unknown fields go': [object({ a: text }), { a: 'x', b: { c: 1 } }, { a: 'x' }, ['b']],
  'unknown fields go from lists and maps': [
    object({
      l: { type: 'array', items: object({ a: text }) },
      m: { type: 'object', additionalProperties: object({}) },
    }),
    { l: [{ a: 'x', b: 1 }], m: { k: { c: 2 } } },
    { l: [{ a: 'x' }], m: { k: {} } },
    ['l[0].b', 'm.k.c'],
  ],
  'a field with the name of an inherited one is unknown': [
    object({}),
    JSON.parse('{"__proto__":1,"toString":2}'),
    {},
    ['__proto__', 'toString'],
  ],
  'preserved fields stay': [{ ...object({ a: text }), ...free }, { a: 'x', b: { c: 1 } }, { a: 'x', b: { c: 1 } }, []],
  'below known fields of what is preserved, unknown ones go': [
    { ...object({ a: object({ b: text }) }), ...free },
    { a: { b: 'x', c: 1 }, d: { e: 1 } },
    { a: { b: 'x' }, d: { e: 1 } },
    ['a.c'],
  ],
  'of a preserved list, known parts of elements are pruned': [
    { type: 'array', items: object({ a: object({}) }), ...free },
    [{ a: { b: 1 }, c: { d: 1 } }],
    [{ a: {}, c: { d: 1 } }],
    ['[0].a.b'],
  ],
  'of a preserved value without a structure nothing goes': [free, [{ a: [{ b: 1 }] }], [{ a: [{ b: 1 }] }], []],
  'an embedded resource keeps what it is': [
    { ...object({ spec: object({}) }), 'x-kubernetes-embedded-resource': true },
    { ...meta, spec: { a: 1 }, other: 1 },
    { ...meta, spec: {} },
    ['spec.a', 'other'],
  ],
  'a whole object keeps what it is': [object({ spec: object({}) }), { ...meta, b: 1 }, meta, ['b'], { isRoot: true }],
  'a part does not': [object({ spec: object({}) }), { kind: 'A', spec: {} }, { spec: {} }, ['kind']],
  'a value of another type stays, to be refused': [object({ a: object({}) }), { a: [1] }, { a: [1] }, []],
  'objects in a list of which no object was expected lose all': [
    object({ a: text }),
    { a: [{ b: 1 }] },
    { a: [{}] },
    ['a[0].b'],
  ],
  'below additionalProperties: true, objects lose all': [
    { type: 'object', additionalProperties: true },
    { a: 1, b: { c: 1 } },
    { a: 1, b: {} },
    ['b.c'],
  ],
};

for (const [sentence, [schema, value, result, unknown, options]] of Object.entries(pruned)) {
  test(`when a value is pruned, ${sentence}`, () => {
    const before = structuredClone(value);
    assert.deepEqual(prune(schema, value, options), { value: result, unknown });
    assert.deepEqual(value, before, 'the value itself was changed');
  });
}

test('what has nothing to lose is the same afterwards', () => {
  const schema = object({ a: object({ b: text }), c: object({}) });
  const whole = { a: { b: 'x' }, c: {} };
  assert.equal(prune(schema, whole).value, whole);
  const half = { a: { b: 'x' }, c: { d: 1 } };
  assert.equal((prune(schema, half).value as typeof half).a, half.a);
});
