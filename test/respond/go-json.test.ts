import assert from 'node:assert/strict';
import { test } from 'node:test';
import { invalid } from '../../author.ts';

const shown: { [sentence: string]: [value: unknown, text: string] } = {
  'members in the order of their names': [
    { b: 1, a: [2, { d: null, c: true }] },
    '{"a":[2,{"c":true,"d":null}],"b":1}',
  ],
  'the characters that Go escapes': [{ '<a>': ['&', '\u2028'] }, String.raw`{"\u003ca\u003e":["\u0026","\u2028"]}`],
  'no member that JSON does not have': [{ a: undefined, b: () => 1, c: 2 }, '{"c":2}'],
  'an object that writes itself': [[new Date(0)], '["1970-01-01T00:00:00.000Z"]'],
  'of much no more than is read': [Array(5000).fill(1), `[${'1,'.repeat(511)}1…`],
};

for (const [sentence, [value, text]] of Object.entries(shown)) {
  test(`a field error shows ${sentence}`, () => {
    assert.equal(invalid('spec', value, '').message, `Invalid value: ${text}`);
  });
}

test('a field error shows an object that holds itself as far as there is room', () => {
  const ring: { [name: string]: unknown } = {};
  ring.r = ring;
  assert.match(invalid('spec', ring, '').message, /^Invalid value: (\{"r":)+…?/);
});
