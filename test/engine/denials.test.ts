import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allow, deny, invalid, skip } from '../../author.ts';
import { fail, labelling, lastly, mutating, type Untyped, unfit, validating } from './ends.ts';
import { failureOf, patchOf, responseOf, reviewed } from './reviewed.ts';

const loose = { deny: deny as Untyped, allow: allow as Untyped };

const denials: readonly (readonly [sentence: string, end: () => unknown, status: [code: number, message: string]])[] = [
  ['denies', () => deny('no'), [403, '[it] no']],
  ['denies twice over', () => deny('no', 'never'), [403, '[it] no\n[it] never']],
  [
    'denies with a field error',
    () => deny(invalid('spec.a', 1, 'must be 2')),
    [422, 'Pod "p" is invalid: spec.a: Invalid value: 1: must be 2'],
  ],
  ['denies without a word', () => loose.deny(), [403, '[it] denied, and the rule does not say why']],
  ['denies with an empty text', () => deny(''), [403, '[it] denied, and the rule does not say why']],
  ['denies with a list', () => loose.deny(['no']), [403, '[it] denied, and the rule does not say why']],
  [
    'denies with an object that has no text',
    () => loose.deny(unfit.text),
    [403, '[it] denied, and the rule does not say why'],
  ],
  [
    'denies with a field error that cannot be read',
    () => loose.deny(unfit.field),
    [403, '[it] denied, and the rule does not say why'],
  ],
  [
    'denies from a finally',
    () =>
      lastly(
        () => allow(),
        () => deny('no'),
      ),
    [403, '[it] no'],
  ],
  [
    'denies, and throws something else from a finally',
    () =>
      lastly(
        () => deny('no'),
        () => fail(new Error('x')),
      ),
    [403, '[it] no'],
  ],
  [
    'denies, and skips from a finally',
    () =>
      lastly(
        () => deny('no'),
        () => skip('fine', 'x'),
      ),
    [403, '[it] no'],
  ],
  [
    'skips, and denies from a finally',
    () =>
      lastly(
        () => skip('fine', 'x'),
        () => deny('no'),
      ),
    [403, '[it] no'],
  ],
  [
    'denies, and again from a finally',
    () =>
      lastly(
        () => deny('no'),
        () => deny('never'),
      ),
    [403, '[it] never'],
  ],
];

for (const [sentence, end, [code, message]] of denials) {
  for (const rule of [mutating(end, 'Ignore'), validating(end, 'Ignore')]) {
    test(`a ${rule.phase} rule that ${sentence} has refused, whatever its failurePolicy`, async () => {
      const { allowed, status, patch } = responseOf(await reviewed([rule]));
      assert.deepEqual([allowed, status?.code, status?.message, patch], [false, code, message, undefined]);
    });
  }
}

test('what an earlier review threw is no decision of the next', async () => {
  let stale: unknown;
  const first = mutating(() => {
    try {
      deny('of the first');
    } catch (error) {
      stale = error;
    }
  });
  assert.match(failureOf(await reviewed([first])), /caught/);
  assert.notEqual(stale, undefined);
  assert.deepEqual(await reviewed([labelling('after')]).then(patchOf), [
    { op: 'add', path: '/metadata/labels/after', value: 'yes' },
  ]);
});

test('a rule that skips leaves nothing behind, and says why to nobody but the report', async () => {
  const answer = await reviewed([labelling('before'), mutating(() => skip('not_meant', 'this is for others'))]);
  assert.deepEqual(patchOf(answer), [{ op: 'add', path: '/metadata/labels/before', value: 'yes' }]);
  const [, { outcome } = {}] = answer.reports;
  assert.deepEqual(outcome, { decision: 'skip', reason: 'not_meant', sentence: 'this is for others' });
});

test('warnings that are no texts are left out, and do not keep the rule from allowing', async () => {
  const rule = validating(() => loose.allow(undefined, 'careful', unfit.text, Symbol('s'), 5));
  const { allowed, warnings } = responseOf(await reviewed([rule]));
  assert.deepEqual([allowed, warnings], [true, ['[it] careful']]);
});
