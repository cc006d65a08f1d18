import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withDefaults } from '../../schema/defaults.ts';
import type { StructuralSchema } from '../../schema/structural-schema.ts';

const object = (properties: { [name: string]: StructuralSchema }): StructuralSchema => ({ type: 'object', properties });
const ref: StructuralSchema = { type: 'string', default: 'HEAD' };
const maybe: StructuralSchema = { type: 'string', nullable: true, default: 'x' };

const filled: { [sentence: string]: [schema: StructuralSchema, value: unknown, result: unknown] } = {
  'a member that is missing': [object({ ref }), {}, { ref: 'HEAD' }],
  'no member that is there': [object({ ref }), { ref: '' }, { ref: '' }],
  'null where null may not be': [object({ ref }), { ref: null }, { ref: 'HEAD' }],
  'no null where it may be': [object({ maybe }), { maybe: null }, { maybe: null }],
  'nothing where null has no default: it goes': [object({ a: { type: 'string' } }), { a: null }, {}],
  'null among unknown fields with nothing': [object({ ref }), { ref: 'a', b: null }, { ref: 'a', b: null }],
  'what a default lacks itself': [
    object({ spec: { ...object({ ref, other: { type: 'string' } }), default: { other: 'a' } } }),
    {},
    { spec: { other: 'a', ref: 'HEAD' } },
  ],
  'no parent that is missing and has no default': [object({ spec: object({ ref }) }), {}, {}],
  'the elements of lists': [
    { type: 'array', items: object({ ref }) },
    [{}, { ref: 'a' }],
    [{ ref: 'HEAD' }, { ref: 'a' }],
  ],
  'null in a list with the default of elements alone': [
    { type: 'array', items: { type: 'integer', default: 7 } },
    [null, 1],
    [7, 1],
  ],
  'no null in a list without one: it stays, to be refused': [
    { type: 'array', items: { type: 'integer' } },
    [null],
    [null],
  ],
  'the values of a map': [
    { type: 'object', additionalProperties: object({ ref }) },
    { a: {}, b: { ref: 'c' } },
    { a: { ref: 'HEAD' }, b: { ref: 'c' } },
  ],
  'a null in a map': [{ type: 'object', additionalProperties: ref }, { a: null }, { a: 'HEAD' }],
  'a member whose name is inherited': [object({ toString: ref }), {}, { toString: 'HEAD' }],
  'no value of another type': [object({ spec: object({ ref }) }), { spec: 'a' }, { spec: 'a' }],
};

for (const [sentence, [schema, value, result]] of Object.entries(filled)) {
  test(`defaults fill in ${sentence}`, () => {
    const before = structuredClone(value);
    assert.deepEqual(withDefaults(schema, value), result);
    assert.deepEqual(value, before, 'the value itself was changed');
  });
}

test('defaults leave a value that lacks nothing as it is, and what lacks nothing in one that does', () => {
  const schema = object({ a: object({ ref }), b: object({ ref }) });
  const whole = { a: { ref: 'x' }, b: { ref: 'y' } };
  assert.equal(withDefaults(schema, whole), whole);
  const half = { a: { ref: 'x' }, b: {} };
  assert.equal((withDefaults(schema, half) as typeof half).a, half.a);
});

test('two values never share a default', () => {
  const schema = object({ list: { type: 'array', items: { type: 'string' }, default: ['a'] } });
  const [one, other] = [{}, {}].map((value) => withDefaults(schema, value) as { list: string[] });
  one?.list.push('b');
  assert.deepEqual(other, { list: ['a'] });
});
