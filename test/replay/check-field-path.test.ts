import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldAtStart, locate } from '../../replay/check/field-path.ts';

const object = {
  metadata: { labels: { 'example.com/a.b': 'x', app: 'y' }, annotations: { 'a[0]': 'z' } },
  spec: { containers: [{ name: 'web' }, { name: 'log' }], args: ['-a', '-b'] },
};

type Row = readonly [sentence: string, field: string, path: readonly (string | number)[]];

const fields: readonly Row[] = [
  ['a member', 'spec.args', ['spec', 'args']],
  ['an element', 'spec.containers[1].name', ['spec', 'containers', 1, 'name']],
  ['a key in brackets', 'metadata.labels[example.com/a.b]', ['metadata', 'labels', 'example.com/a.b']],
  ['a key with dots after a dot', 'metadata.labels.example.com/a.b', ['metadata', 'labels', 'example.com/a.b']],
  ['a key that holds brackets', 'metadata.annotations[a[0]]', ['metadata', 'annotations', 'a[0]']],
  ['what is missing, so that it is looked for around', 'spec.nodeName', ['spec', 'nodeName']],
  ['nothing of the whole object', '', []],
];
for (const [sentence, field, path] of fields) {
  test(`a field is found by its text: ${sentence}`, () => {
    assert.deepEqual(locate(field, object, object), { path, field });
  });
}

const put = (...elements: object[]) => ({ spec: { containers: elements } });
const [web, log, proxy] = [{ name: 'web', image: 'a' }, { name: 'log' }, { name: 'proxy' }];

const moved: readonly (readonly [
  sentence: string,
  reviewed: object,
  field: string,
  expected: ReturnType<typeof locate>,
])[] = [
  [
    'an element before which a webhook has put another is known by its name',
    put(proxy, web, log),
    'spec.containers[1].image',
    { path: ['spec', 'containers', 0, 'image'], field: 'spec.containers[0].image' },
  ],
  [
    'an element that a webhook has changed, too',
    put(proxy, { ...web, image: 'b' }, log),
    'spec.containers[1].image',
    { path: ['spec', 'containers', 0, 'image'], field: 'spec.containers[0].image' },
  ],
  [
    'of an element that a webhook has put in, the list is what was written',
    put(proxy, web, log),
    'spec.containers[0].image',
    { path: ['spec', 'containers'], field: 'spec.containers[0].image' },
  ],
  [
    'an element without a name is known by being the same',
    { spec: { args: ['-x', '-a', '-b'] } },
    'spec.args[2]',
    { path: ['spec', 'args', 1], field: 'spec.args[1]' },
  ],
];
for (const [sentence, reviewed, field, expected] of moved) {
  test(`after mutation, ${sentence}`, () => {
    const written = { spec: { containers: [web, log], args: ['-a', '-b'] } };
    assert.deepEqual(locate(field, reviewed, written), expected);
  });
}

const texts: readonly (readonly [text: string, field: string | undefined])[] = [
  ['spec.args: too many', 'spec.args'],
  ['unknown field "spec.arg"; did you mean "args"?', 'spec.arg'],
  ['metadata.labels[example.com/a.b]: no', 'metadata.labels[example.com/a.b]'],
  ['example.com/a.b: "x" is not known', 'metadata.labels[example.com/a.b]'],
  ['note: this begins with no field of the object', undefined],
  ['https://example.com/a.b is no field', undefined],
  ['no', undefined],
];
for (const [text, field] of texts) {
  test(`the field that a text begins with: ${text}`, () => assert.equal(fieldAtStart(text, object), field));
}

test('a hostile field is found in a moment, however long it is', () => {
  const field = `spec${'[0]'.repeat(100_000)}${'.a'.repeat(100_000)}`;
  assert.equal(locate(field, object, object).field, field);
});
