import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copyOf, draftOf, traced } from '../../webhook/draft.ts';
import { MAX_DEPTH } from '../../webhook/nesting.ts';

const source = JSON.parse(
  '{"list":[{"name":"a","in":[{"name":"b"}]},[1],"text"],"data":{"__proto__":{"x":1},"n":null}}',
);

test('a draft is equal to what it is made of, and shares no object with it', () => {
  const { object } = draftOf(source);
  assert.deepEqual(object, source);
  object.list[0].in[0].name = 'changed';
  object.list[1].push(2);
  delete object.data.n;
  assert.equal(
    JSON.stringify(source),
    '{"list":[{"name":"a","in":[{"name":"b"}]},[1],"text"],"data":{"__proto__":{"x":1},"n":null}}',
  );
});

test('a draft knows where each object and each list in its lists came from', () => {
  const { object, origins } = draftOf(source);
  const [first, second] = object.list;
  const [inFirst] = first.in;
  object.list.reverse();
  first.in = [];
  assert.deepEqual([...origins.keys()], [source.list[0].in, source.list]);
  assert.equal(origins.get(source.list)?.[0], first);
  assert.equal(origins.get(source.list)?.[1], second);
  assert.equal(origins.get(source.list[0].in)?.[0], inFirst);
});

test('a draft of a draft knows where its elements came from at first, and of new ones nothing', () => {
  const first = draftOf(source);
  first.object.list.reverse();
  first.object.list.push({ name: 'new' });
  const second = draftOf(first.object);
  const origins = traced(second.origins, first.origins);
  assert.equal(origins.get(source.list)?.[0], second.object.list[2]);
  assert.ok(![...origins.values()].flat().includes(second.object.list[3]));
});

test('a member named __proto__ is copied as data, and edits of the copy reach no prototype', () => {
  const { object } = draftOf(source);
  assert.deepEqual(Object.keys(object.data), ['__proto__', 'n']);
  Object.assign(Object.values<object>(object.data)[0] ?? {}, { x: 2 });
  assert.equal(JSON.stringify(source.data), '{"__proto__":{"x":1},"n":null}');
  assert.equal(Object.getPrototypeOf(object.data), Object.prototype);
});

test('what one rule left undefined, the next does not see', () => {
  const { object } = draftOf<object>({ labels: { a: undefined, b: 'c' } });
  assert.deepEqual(Object.entries(object), [['labels', { b: 'c' }]]);
});

test('numbers, texts, null and nothing at all are their own copies', () => {
  for (const value of [0, '', null, undefined, true]) assert.equal(copyOf(value), value);
});

const deepest = [
  ['objects', (value: unknown) => ({ in: value })],
  ['lists', (value: unknown) => [value]],
] as const;

for (const [what, around] of deepest) {
  test(`${what} may nest down to a limit; beyond it, and far beyond, a draft is refused in words`, () => {
    assert.deepEqual(copyOf(nested(MAX_DEPTH, around)), nested(MAX_DEPTH, around));
    for (const levels of [MAX_DEPTH + 1, 100_000]) {
      assert.throws(() => draftOf(nested(levels, around)), new RangeError('the object nests deeper than 1000 levels'));
    }
  });
}

function nested(levels: number, around: (value: unknown) => unknown): unknown {
  let value: unknown = 'inside';
  for (let i = 0; i < levels; i++) value = around(value);
  return value;
}
