import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type FieldError, invalid, type Rule, required } from '../../author.ts';
import type { JsonObject } from '../../webhook/decode.ts';
import { answered } from './answered.ts';
import { denies, fails, warns } from './rules.ts';

const port = invalid('spec.port', 0, 'must be between 1 and 65535');
const portCause = {
  reason: 'FieldValueInvalid',
  message: 'Invalid value: 0: must be between 1 and 65535',
  field: 'spec.port',
};
const host = required('spec.host');
const hostCause = { reason: 'FieldValueRequired', message: 'Required value', field: 'spec.host' };
const subject = { name: 'a', group: '', kind: 'ConfigMap' };

const denials: { [sentence: string]: [rules: Rule[], code: number, message: string, details?: object] } = {
  'policy is Forbidden, with the name of its rule': [[denies('r', 'no')], 403, '[r] no'],
  'each problem has a line': [[denies('r', 'no', 'never')], 403, '[r] no\n[r] never'],
  'all rules are heard, in their order': [
    [denies('b', 'no'), warns('w'), denies('a', 'never')],
    403,
    '[b] no\n[a] never',
  ],
  'a text of several lines stays as it is': [[denies('r', 'no:\n- a')], 403, '[r] no:\n- a'],
  'a field error alone is Invalid, in the words of the API server': [
    [denies('r', port)],
    422,
    'ConfigMap "a" is invalid: spec.port: Invalid value: 0: must be between 1 and 65535',
    { ...subject, causes: [portCause] },
  ],
  'several are in brackets, and every one is a cause, whichever rule it is of': [
    [denies('r', port), denies('s', host)],
    422,
    'ConfigMap "a" is invalid: [spec.port: Invalid value: 0: must be between 1 and 65535, spec.host: Required value]',
    { ...subject, causes: [portCause, hostCause] },
  ],
  'policy and field errors of one rule are Forbidden, with the causes besides': [
    [denies('r', port, 'no', host)],
    403,
    '[r] spec.port: Invalid value: 0: must be between 1 and 65535\n[r] no\n[r] spec.host: Required value',
    { ...subject, causes: [portCause, hostCause] },
  ],
  'so are those of several rules': [
    [denies('r', host), denies('s', 'no')],
    403,
    '[r] spec.host: Required value\n[s] no',
    { ...subject, causes: [hostCause] },
  ],
  'a denial beats the failure of a rule before it': [[fails('f', new Error('x')), denies('r', 'no')], 403, '[r] no'],
  'and of one after it': [[denies('r', 'no'), fails('f', new Error('x'))], 403, '[r] no'],
  'a problem that is none (plain JavaScript) still refuses': [
    [denies('r', { field: 1 } as unknown as FieldError)],
    403,
    '[r] denied, and the rule does not say why',
  ],
  'so does an empty one': [[denies('r', '')], 403, '[r] denied, and the rule does not say why'],
};

describe('a denial', () => {
  for (const [sentence, [rules, code, message, details]] of Object.entries(denials)) {
    test(sentence, async () => {
      const { status, body, verdict } = await answered(rules);
      assert.equal(status, 200);
      assert.deepEqual(body, {
        kind: 'AdmissionReview',
        apiVersion: 'admission.k8s.io/v1',
        response: {
          uid: 'u',
          allowed: false,
          status: {
            kind: 'Status',
            apiVersion: 'v1',
            metadata: {},
            status: 'Failure',
            message,
            reason: code === 422 ? 'Invalid' : 'Forbidden',
            code,
            ...(details === undefined ? {} : { details }),
          },
        },
      });
      assert.equal(verdict.kind, 'rejected');
    });
  }
});

const subjects: { [sentence: string]: [request: JsonObject, subject: string, details: object] } = {
  'of another group has it in its kind': [
    { kind: { group: 'apps', version: 'v1', kind: 'ConfigMap' } },
    'ConfigMap.apps "a"',
    { ...subject, group: 'apps' },
  ],
  'that is still to be named goes by its prefix': [
    { name: undefined, object: { metadata: { generateName: 'a-' } } },
    'ConfigMap "a-"',
    { ...subject, name: 'a-' },
  ],
  'with neither has no name': [{ name: undefined, object: { metadata: {} } }, 'ConfigMap ""', { ...subject, name: '' }],
  'whose prefix is no text has no name': [
    { name: '', object: { metadata: { generateName: 1 } } },
    'ConfigMap ""',
    { ...subject, name: '' },
  ],
  'about to go has its own name': [
    { operation: 'DELETE', object: null, oldObject: { metadata: { generateName: 'a-' } } },
    'ConfigMap "a"',
    subject,
  ],
  'that goes with its whole collection has its own name, and not its prefix': [
    { operation: 'DELETE', name: '', object: null, oldObject: { metadata: { name: 'a-x7k2p', generateName: 'a-' } } },
    'ConfigMap "a-x7k2p"',
    { ...subject, name: 'a-x7k2p' },
  ],
  'goes by the name in the request before its own': [
    { name: 'a', object: { metadata: { name: 'b', generateName: 'c-' } } },
    'ConfigMap "a"',
    subject,
  ],
};

describe('the object of a field error', () => {
  for (const [sentence, [request, named, details]] of Object.entries(subjects)) {
    test(sentence, async () => {
      const { body } = await answered([denies('r', host)], request);
      const { status } = body.response;
      assert.equal(status.message, `${named} is invalid: spec.host: Required value`);
      assert.deepEqual(status.details, { ...details, causes: [hostCause] });
    });
  }
});

const many = <T>(count: number, make: (i: number) => T): [T, ...T[]] =>
  Array.from({ length: count }, (_, i) => make(i)) as [T, ...T[]];

describe('a denial is bounded', () => {
  test('fifty problems are told', async () => {
    const { body } = await answered([denies('r', ...many(50, (i) => `no ${i}`))]);
    const lines = body.response.status.message.split('\n');
    assert.deepEqual([lines.length, lines[49]], [50, '[r] no 49']);
  });

  test('of fifty-one the last is counted, of fifty-two two are', async () => {
    for (const [count, last] of [
      [51, '… and 1 more problem'],
      [52, '… and 2 more problems'],
    ] as const) {
      const { body } = await answered([denies('r', ...many(count, (i) => `no ${i}`))]);
      const lines = body.response.status.message.split('\n');
      assert.deepEqual([lines.length, lines[50]], [51, last]);
    }
  });

  test('fifty field errors are fifty causes', async () => {
    const { body } = await answered([denies('r', ...many(50, (i) => required(`f${i}`)))]);
    const { causes } = body.response.status.details;
    assert.deepEqual([causes.length, causes[49].field], [50, 'f49']);
  });

  test('of fifty-one field errors fifty are causes, and one more cause counts the rest, because kubectl prints causes alone', async () => {
    const { body } = await answered([denies('r', ...many(51, (i) => required(`f${i}`)))]);
    const { code, message, details } = body.response.status;
    assert.equal(code, 422);
    assert.equal(details.causes.length, 51);
    assert.deepEqual(details.causes[50], { reason: 'FieldValueInvalid', message: 'and 1 more problem', field: '…' });
    assert.match(
      message,
      /^ConfigMap "a" is invalid: \[f0: Required value, .*, f49: Required value, …: and 1 more problem\]$/,
    );
  });

  test('policy that comes after fifty field errors is policy still', async () => {
    const { body } = await answered([denies('r', ...many(50, (i) => required(`f${i}`))), denies('s', 'no')]);
    const { code, reason, message, details } = body.response.status;
    assert.deepEqual([code, reason, details.causes.length], [403, 'Forbidden', 50]);
    assert.match(message, /\n… and 1 more problem$/);
  });

  test('a problem of a megabyte is cut at a thousand characters, whole ones', async () => {
    const long = '😀'.repeat(500_000);
    const { body } = await answered([denies('r', `x${long}`, invalid(long, long, 'must be short'))]);
    const { message, details } = body.response.status;
    assert.ok(message.length < 2100, message.length);
    assert.ok(message.isWellFormed());
    assert.match(message, /^\[r\] x😀+…\n\[r\] 😀+…$/u);
    const [cause] = details.causes;
    for (const text of [cause.message, cause.field]) {
      assert.ok(text.length <= 1000 && text.isWellFormed() && text.endsWith('…'), `${text.length}`);
    }
  });
});
