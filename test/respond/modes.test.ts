import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { deny, type Rule, required, skip } from '../../author.ts';
import type { Mode } from '../../webhook/match.ts';
import { type Answered, answered } from './answered.ts';
import { denies, edits, fails, warns } from './rules.ts';

const label = edits('labels', (object) => {
  (object.metadata as { labels?: object }).labels = { a: 'b' };
});
const labelled = { name: 'a', namespace: 'ops', labels: { a: 'b' } };
const boom = new Error('boom');

/** What an allowing answer carries besides its uid. */
function allowed({ status, body, verdict }: Answered): unknown {
  assert.equal(status, 200, JSON.stringify(body));
  assert.ok('silently' in verdict);
  assert.deepEqual(verdict.silently, []);
  const { uid, allowed, ...rest } = body.response;
  assert.deepEqual([uid, allowed], ['u', true]);
  return rest;
}

const unenforced: { [sentence: string]: [rule: Rule, warnings: string[], annotation?: string] } = {
  'a denial': [
    denies('r', 'no', required('spec.host')),
    ['[r] would deny: no', '[r] would deny: spec.host: Required value'],
    'would deny: no; would deny: spec.host: Required value',
  ],
  'a failure': [fails('r', boom), ['[r] failed: Error: boom'], 'failed: Error: boom'],
  'a warning': [warns('r', 'careful'), ['[r] careful']],
  'nothing to say': [warns('r'), []],
};

describe('what a rule that is not enforced would say', () => {
  for (const [sentence, [rule, warnings, annotation]] of Object.entries(unenforced)) {
    const auditAnnotations = annotation === undefined ? {} : { auditAnnotations: { r: annotation } };
    test(`${sentence}, mode warn: the user and the audit log are told`, async () => {
      const rest = allowed(await answered([[rule, 'warn']]));
      assert.deepEqual(rest, { ...(warnings.length > 0 ? { warnings } : {}), ...auditAnnotations });
    });
    test(`${sentence}, mode audit: the audit log is told`, async () => {
      assert.deepEqual(allowed(await answered([[rule, 'audit']])), auditAnnotations);
    });
  }
});

describe('what a mutating rule that is not enforced would do is left undone', () => {
  const outcomes: { [sentence: string]: [rule: Rule, text: string | undefined] } = {
    'an edit': [label, 'would change the object, in 1 place'],
    'two edits': [
      edits('labels', (object) => {
        object.data = { a: '2', b: '3' };
      }),
      'would change the object, in 2 places',
    ],
    'no edit': [edits('labels', () => {}), undefined],
    'a denial': [edits('labels', () => deny('no')), 'would deny: no'],
    'a failure': [
      edits('labels', () => {
        throw boom;
      }),
      'failed: Error: boom',
    ],
    'a skip': [edits('labels', () => skip('opted_out', 'it says so')), undefined],
  };
  for (const [sentence, [rule, text]] of Object.entries(outcomes)) {
    for (const mode of ['warn', 'audit'] as const) {
      test(`${sentence}, mode ${mode}`, async () => {
        const given = await answered([[rule, mode]]);
        const warnings = mode === 'warn' && text !== undefined ? { warnings: [`[labels] ${text}`] } : {};
        const annotations = text === undefined ? {} : { auditAnnotations: { labels: text } };
        assert.deepEqual(allowed(given), { ...warnings, ...annotations });
        assert.equal(given.verdict.kind, 'allowed');
      });
    }
  }

  test('and the rules after it see the object as it was', async () => {
    const seen: unknown[] = [];
    const looks = edits('looks', (object) => {
      seen.push(structuredClone(object.metadata));
    });
    await answered([[label, 'warn'], looks]);
    await answered([[label, 'enforce'], looks]);
    assert.deepEqual(seen, [{ name: 'a', namespace: 'ops' }, labelled]);
  });
});

describe('a denial in mode warn does not stand in the way of one that is enforced', () => {
  for (const mode of ['warn', 'audit'] as Mode[]) {
    test(mode, async () => {
      const { body } = await answered([[denies('r', 'no'), mode], denies('s', 'never')]);
      assert.equal(body.response.status.message, '[s] never');
      assert.deepEqual(body.response.warnings, mode === 'warn' ? ['[r] would deny: no'] : undefined);
      assert.deepEqual(body.response.auditAnnotations, { r: 'would deny: no' });
    });
  }
});
