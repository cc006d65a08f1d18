import assert from 'node:assert/strict';
import { test } from 'node:test';
import { draftOf } from '../../webhook/draft.ts';
import { MAX_DEPTH } from '../../webhook/nesting.ts';
import { diff, NotJson } from '../../webhook/patch.ts';

class Quantity {
  amount = 1;
}

// biome-ignore lint/suspicious/noExplicitAny: nothing here would compile in a typed rule
type Edit = (draft: any) => unknown;

const base = { metadata: { labels: { a: 'b' }, created: null }, list: ['x', { name: 'y' }], replicas: 1 };

const refused: readonly (readonly [sentence: string, edit: Edit, message: string])[] = [
  ['a Date', ({ metadata }) => put(metadata, new Date(0)), '/metadata/new holds an instance of Date'],
  [
    'a Date in place of null',
    ({ metadata }) => put(metadata, new Date(0), 'created'),
    '/metadata/created holds an instance of Date',
  ],
  ['a function', ({ metadata }) => put(metadata, () => 1), '/metadata/new holds a function'],
  ['a symbol', ({ metadata }) => put(metadata, Symbol('s')), '/metadata/new holds a symbol'],
  ['a bigint', (draft) => put(draft, 1n, 'replicas'), '/replicas holds a bigint'],
  ['NaN', (draft) => put(draft, Number.NaN, 'replicas'), '/replicas holds NaN, which JSON has no number for'],
  ['Infinity', (draft) => put(draft, Infinity), '/new holds Infinity, which JSON has no number for'],
  ['-Infinity', (draft) => draft.list.push(-Infinity), '/list/2 holds -Infinity, which JSON has no number for'],
  [
    'an integer that JavaScript may have rounded',
    (draft) => put(draft, 2 ** 53, 'replicas'),
    '/replicas holds an integer beyond 2^53, which JavaScript cannot hold exactly',
  ],
  [
    'the same below zero, inside of what is added',
    (draft) => draft.list.push({ ids: [-(2 ** 53)] }),
    '/list/2/ids/0 holds an integer beyond 2^53, which JavaScript cannot hold exactly',
  ],
  [
    'a list element that is undefined',
    (draft) => draft.list.push(undefined),
    '/list/2 holds a list element that is undefined',
  ],
  [
    'an element that became undefined',
    (draft) => put(draft.list, undefined, '0'),
    '/list/0 holds a list element that is undefined',
  ],
  [
    'a hole that a deleted element left',
    (draft) => delete draft.list[1],
    '/list/1 holds a list element that is undefined',
  ],
  [
    'a hole at the end of a list that was made longer',
    (draft) => put(draft.list, 3, 'length'),
    '/list/2 holds a list element that is undefined',
  ],
  [
    'a hole in a list that is new',
    (draft) => put(draft, new Array(1)),
    '/new/0 holds a list element that is undefined',
  ],
  ['a class instance', (draft) => put(draft, new Quantity()), '/new holds an instance of Quantity'],
  [
    'a class instance in place of an object, even one with the same members',
    ({ metadata }) => put(metadata, Object.assign(new Quantity(), { a: 'b' }), 'labels'),
    '/metadata/labels holds an instance of Quantity',
  ],
  ['a Map', (draft) => draft.list.splice(1, 1, new Map([['a', 'b']])), '/list/1 holds an instance of Map'],
  [
    'a Set inside of what is added',
    (draft) => put(draft, { a: { b: new Set() } }),
    '/new/a/b holds an instance of Set',
  ],
  ['a boxed string', (draft) => put(draft, Object('text')), '/new holds an instance of String'],
  ['an Error', (draft) => put(draft, new TypeError('x')), '/new holds an instance of TypeError'],
  [
    'an object that set its prototype when it meant a member',
    ({ metadata }) => Object.setPrototypeOf(metadata.labels, { c: 'd' }),
    '/metadata/labels holds an object with another prototype',
  ],
  [
    'an object that inherits from one that inherits nothing',
    (draft) => put(draft, Object.create(Object.create(null))),
    '/new holds an object with another prototype',
  ],
  [
    'a draft whose own prototype was changed',
    (draft) => Object.setPrototypeOf(draft, { c: 'd' }),
    'the object holds an object with another prototype',
  ],
  ['a toJSON method', (draft) => put(draft, { toJSON: () => 1 }), '/new/toJSON holds a function'],
  [
    'an object that holds itself',
    (draft) => put(draft.metadata, draft.metadata),
    '/metadata/new/new/new nests deeper than 1000 levels, or holds itself',
  ],
  [
    'a list that holds itself',
    (draft) => draft.list.push(draft.list),
    '/list/2/2/2 nests deeper than 1000 levels, or holds itself',
  ],
  [
    'a value of 100,000 levels',
    (draft) => put(draft, nested(100_000)),
    '/new/in/in/in nests deeper than 1000 levels, or holds itself',
  ],
];

for (const [sentence, edit, message] of refused) {
  test(`refuses ${sentence}`, () => {
    const { object, origins } = draftOf(base);
    edit(object);
    assert.throws(() => diff(base, object, origins), new NotJson(message));
  });
}

test('an object without a prototype is as good as any', () => {
  const { object, origins } = draftOf<{ [member: string]: unknown }>(base);
  object.new = Object.assign(Object.create(null), { a: 1 });
  assert.deepEqual(JSON.stringify(diff(base, object, origins)), '[{"op":"add","path":"/new","value":{"a":1}}]');
});

test('a value may reach down to the last level allowed, and then JSON.stringify still has the stack for it', () => {
  const edited = { value: nested(MAX_DEPTH - 1) };
  assert.ok(JSON.stringify(diff({}, edited, new Map())).includes(JSON.stringify(edited.value)));
  assert.throws(() => diff({}, { value: nested(MAX_DEPTH) }, new Map()), NotJson);
});

function put(object: { [member: string]: unknown }, value: unknown, key = 'new'): void {
  object[key] = value;
}

function nested(levels: number): unknown {
  let value: unknown = 'inside';
  for (let i = 0; i < levels; i++) value = { in: value };
  return value;
}
