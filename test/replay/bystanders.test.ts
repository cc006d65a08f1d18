import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differences } from '../../replay/compared.ts';
import { parseDocuments } from '../../replay/yaml-file.ts';

const EXPECTED = `verdict: denied
responses:
  - webhook: w
    phase: validating
    rules: { own: deny }
    allowed: false
`;
const own = { webhook: 'w', phase: 'validating', rules: { own: 'deny' }, allowed: false };
const other = { webhook: 'v', phase: 'validating', rules: { new: 'allow' }, allowed: true };

/** What came, and the places that differ, with their lines in what was expected. */
const cases: readonly (readonly [sentence: string, responses: readonly object[], found: readonly string[]])[] = [
  ['a rule beside it that admits', [{ ...own, rules: { new: 'allow', own: 'deny' } }], []],
  ['a rule beside it that leaves the object alone', [{ ...own, rules: { new: 'skip: opted_out', own: 'deny' } }], []],
  ['a webhook before it that admits', [other, own], []],
  ['a webhook after it that admits', [own, other], []],
  ['a rule beside it that refuses', [{ ...own, rules: { new: 'deny', own: 'deny' } }], ['responses.0.rules.new 5']],
  ['a webhook that warns', [{ ...other, warnings: ['w'] }, own], ['responses.0 3']],
  ['a webhook that changes the object', [own, { ...other, rules: { new: 'mutate' } }], ['responses.1 2']],
  ['its own rule admitting', [{ ...own, rules: { own: 'allow' } }], ['responses.0.rules.own 5']],
  ['its own rule not asked', [{ ...own, rules: {} }], ['responses.0.rules.own 5']],
  ['its own webhook not called', [other], ['responses.1 3']],
  ['another answer behind a webhook that admits', [other, { ...own, allowed: true }], ['responses.1.allowed 6']],
];

for (const [sentence, responses, found] of cases) {
  test(`${found.length === 0 ? 'no difference' : 'a difference'}: ${sentence}`, () => {
    const [expected] = parseDocuments(EXPECTED, 'expected.yaml');
    assert.ok(expected);
    const told = differences(expected, { verdict: 'denied', responses });
    assert.deepEqual(
      told.map(({ path, line }) => `${path.join('.')} ${line}`),
      found,
    );
  });
}
