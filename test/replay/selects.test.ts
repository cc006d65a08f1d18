import assert from 'node:assert/strict';
import { test } from 'node:test';
import { selects } from '../../replay/selects.ts';

const expression = (key: string, operator: string, ...values: string[]) => ({
  matchExpressions: [{ key, operator, ...(values.length === 0 ? {} : { values }) }],
});

/** Of apimachinery's labels.Requirement: what an absent label means to each operator. */
const table: readonly (readonly [selector: object | undefined, has: object, lacks: object | undefined])[] = [
  [{ matchLabels: { a: 'b' } }, { a: 'b', c: 'd' }, { a: 'c' }],
  [{ matchLabels: { a: 'b', c: 'd' } }, { a: 'b', c: 'd' }, { a: 'b' }],
  [expression('a', 'In', 'b', 'c'), { a: 'c' }, { a: 'd' }],
  [expression('a', 'In', ''), { a: '' }, {}],
  [expression('a', 'NotIn', 'b'), { a: 'c' }, { a: 'b' }],
  [expression('a', 'NotIn', 'b'), {}, { a: 'b' }],
  [expression('a', 'Exists'), { a: '' }, {}],
  [expression('a', 'DoesNotExist'), {}, { a: '' }],
  [expression('toString', 'DoesNotExist'), {}, { toString: 'x' }],
  [{ matchLabels: { a: 'b' }, ...expression('c', 'Exists') }, { a: 'b', c: '' }, { a: 'b' }],
  [{ matchLabels: { a: 'b' }, ...expression('c', 'Exists') }, { a: 'b', c: '' }, { c: '' }],
  [{}, {}, undefined],
  [undefined, { a: 'b' }, undefined],
];
for (const [selector, has, lacks] of table) {
  test(`${JSON.stringify(selector)} selects ${JSON.stringify(has)}, not ${JSON.stringify(lacks)}`, () => {
    assert.equal(selects(selector, has as { [key: string]: string }), true);
    if (lacks !== undefined) assert.equal(selects(selector, lacks as { [key: string]: string }), false);
  });
}

test('an operator that is none is an error, not a label that is not there', () => {
  assert.throws(() => selects(expression('a', 'Is'), {}), /there is no label selector operator Is/);
});
