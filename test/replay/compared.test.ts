import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differences } from '../../replay/compared.ts';
import { parseDocuments } from '../../replay/yaml-file.ts';

const came = {
  verdict: 'denied',
  responses: [
    { webhook: 'a', rules: { it: 'deny' }, allowed: false, status: { message: 'must not be x/y', code: 422 } },
  ],
  object: { list: ['a', 'b'] },
};
const whole = `verdict: denied
responses:
  - webhook: a
    rules: { it: deny }
    allowed: false
    status:
      message: must not be x/y
      code: 422
object: { list: [a, b] }
`;

const same: readonly (readonly [sentence: string, expected: string])[] = [
  ['the same', whole],
  ['the same in another order of members', `${whole.slice(16)}verdict: denied\n`],
  ['a pattern that matches part of a text', whole.replace('must not be x/y', '/not .* x\\/y/')],
  ['a pattern that matches all of it', whole.replace('must not be x/y', '/^must not be [xy/]+$/')],
  ['the verdict alone', 'verdict: denied\n'],
  ['the verdict and the object', 'verdict: denied\nobject: { list: [a, b] }\n'],
];
for (const [sentence, expected] of same) {
  test(`as expected: ${sentence}`, () => assert.deepEqual(found(expected), []));
}

const different: readonly (readonly [sentence: string, expected: string, difference: readonly unknown[]])[] = [
  [
    'another text',
    whole.replace('must', 'may'),
    ['responses.0.status.message', 'may not be x/y', 'must not be x/y', 7],
  ],
  [
    'part of a text that is no pattern',
    whole.replace(' x/y', ''),
    ['responses.0.status.message', 'must not be', 'must not be x/y', 7],
  ],
  [
    'a pattern that matches nothing',
    whole.replace('must not be x/y', '/never/'),
    ['responses.0.status.message', '/never/', 'must not be x/y', 7],
  ],
  ['a pattern for a number', whole.replace('422', '/4../'), ['responses.0.status.code', '/4../', 422, 8]],
  ['a number as a text', whole.replace('422', '"422"'), ['responses.0.status.code', '422', 422, 8]],
  ['a list in another order', whole.replace('[a, b]', '[b, a]'), ['object.list.0', 'b', 'a', 9]],
  ['a list with more', whole.replace('[a, b]', '[a, b, c]'), ['object.list.2', 'c', undefined, 9]],
  ['a list with less', whole.replace('[a, b]', '[a]'), ['object.list.1', undefined, 'b', 9]],
  ['a list for an object', whole.replace('{ it: deny }', '[deny]'), ['responses.0.rules', ['deny'], { it: 'deny' }, 4]],
  [
    'nothing where something came',
    whole.replace('    allowed: false\n', ''),
    ['responses.0.allowed', undefined, false, 3],
  ],
  ['something where nothing came', `${whole}more: 1\n`, ['more', 1, undefined, 10]],
  ['null where something came', whole.replace('allowed: false', 'allowed:'), ['responses.0.allowed', null, false, 5]],
  [
    'responses that are none',
    whole.replace(/responses:[\s\S]*object/, 'responses: []\nobject'),
    ['responses.0', undefined, came.responses[0], 2],
  ],
  ['no verdict', whole.replace('verdict: denied\n', ''), ['verdict', undefined, 'denied', 1]],
  ['a text in the place of it all', 'denied', ['', 'denied', { verdict: 'denied' }, 1]],
];
for (const [sentence, expected, difference] of different) {
  test(`a difference, with its line: ${sentence}`, () => {
    assert.deepEqual(found(expected)[0], difference);
  });
}

function found(expected: string): unknown[] {
  const [document] = parseDocuments(expected, 'expected.yaml');
  assert.ok(document !== undefined);
  return differences(document, came).map(({ path, expected, actual, line }) => [
    path.join('.'),
    expected,
    actual,
    line,
  ]);
}
