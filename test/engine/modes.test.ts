import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allow, deny, type Rule } from '../../author.ts';
import { fail, labelling, mutating, validating } from './ends.ts';
import { failureOf, patchOf, responseOf, reviewed } from './reviewed.ts';

const broken = (): never => fail(new Error('broken'));

const table: readonly (readonly [
  sentence: string,
  rule: Rule,
  enforced: string,
  warned: readonly string[] | undefined,
  audited: string | undefined,
])[] = [
  ['denies', validating(() => deny('no')), '[it] no', ['[it] would deny: no'], 'would deny: no'],
  ['denies edits', mutating(() => deny('no')), '[it] no', ['[it] would deny: no'], 'would deny: no'],
  [
    'fails',
    validating(broken),
    'rule it failed: Error: broken',
    ['[it] failed: Error: broken'],
    'failed: Error: broken',
  ],
  [
    'fails to edit',
    mutating(broken),
    'rule it failed: Error: broken',
    ['[it] failed: Error: broken'],
    'failed: Error: broken',
  ],
  ['warns', validating(() => allow('careful')), '', ['[it] careful'], undefined],
  [
    'edits',
    mutating(() => undefined),
    '',
    ['[it] would change the object, in 3 places'],
    'would change the object, in 3 places',
  ],
];

for (const [sentence, rule, enforced, warned, audited] of table) {
  test(`in mode enforce, a rule that ${sentence} is acted on`, async () => {
    const answer = await reviewed([rule]);
    assert.equal(answer.message ?? '', enforced);
    assert.equal(answer.status, enforced.startsWith('rule it failed') ? 500 : 200);
  });

  test(`in mode warn, a rule that ${sentence} says so to the user and changes nothing`, async () => {
    const answer = await reviewed([rule], {}, { modes: { it: 'warn' } });
    const { allowed, patch, warnings, auditAnnotations } = responseOf(answer);
    assert.deepEqual([allowed, patch, warnings], [true, undefined, warned]);
    assert.equal(auditAnnotations?.it, audited);
  });

  test(`in mode audit, a rule that ${sentence} says so in the audit log alone`, async () => {
    const { allowed, patch, warnings, auditAnnotations } = responseOf(
      await reviewed([rule], {}, { modes: { it: 'audit' } }),
    );
    assert.deepEqual([allowed, patch, warnings, auditAnnotations?.it], [true, undefined, undefined, audited]);
  });
}

test('the edits of a rule that is not enforced are not there for the next', async () => {
  const answer = await reviewed([mutating(() => undefined), labelling('after')], {}, { modes: { it: 'warn' } });
  assert.deepEqual(patchOf(answer), [{ op: 'add', path: '/metadata/labels/after', value: 'yes' }]);
});

test('a denial stands beside a failure; without one, a failure that may not be ignored answers for all', async () => {
  const denies = labelled('denies', () => deny('no'));
  const fails = labelled('fails', broken);
  assert.equal(responseOf(await reviewed([fails, denies])).status?.message, '[denies] no');
  assert.equal(
    failureOf(await reviewed([labelled('allows', () => allow()), fails])),
    'rule fails failed: Error: broken',
  );
});

test('a failure that may be ignored is told as a warning, and the others decide', async () => {
  const { allowed, warnings } = responseOf(await reviewed([validating(broken, 'Ignore')]));
  assert.deepEqual([allowed, warnings], [true, ['[it] failed: Error: broken']]);
});

function labelled(name: string, end: () => unknown): Rule {
  return { ...validating(end), name };
}
