import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { apiServerVerdict, type Call, type Verdict } from '../replay/api-server-verdict.ts';
import { type Measured, matrix, patched, request, response } from './api-server-checks-matrix.ts';

const verdict = (
  { body, status = 200, headers = {} }: Pick<Measured, 'body' | 'status' | 'headers'>,
  options: Pick<Call, 'phase' | 'failurePolicy'>,
) =>
  apiServerVerdict({
    ...options,
    request,
    httpStatus: status,
    headers,
    body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
  });

const exitCode = (given: Verdict) =>
  given.kind === 'allowed' || given.kind === 'patched' || (given.kind === 'call-failure' && given.continues) ? 0 : 1;

describe('each answer gets the verdict that a real API server gave', () => {
  for (const [name, measured] of Object.entries(matrix)) {
    test(name, () => {
      const fail = verdict(measured, { phase: 'mutating', failurePolicy: 'Fail' });
      const ignore = verdict(measured, { phase: 'mutating', failurePolicy: 'Ignore' });
      const validating = verdict(measured, { phase: 'validating', failurePolicy: 'Fail' });
      assert.equal(fail.kind, measured.kind);
      assert.equal([fail, ignore, validating].map(exitCode).join(' '), measured.fails);
      const { message = '' } = fail as { message?: string };
      assert.ok(message.includes(measured.said ?? ''), message);
    });
  }
});

const mutating = { phase: 'mutating', failurePolicy: 'Fail' } as const;

test('a patch gives the object that the next webhook gets, and leaves the one that came alone', () => {
  const before = structuredClone(request);
  const given = verdict({ body: patched({ op: 'add', path: '/data/b', value: '2' }) }, mutating);
  assert.equal(given.kind, 'patched');
  assert.deepEqual(given.kind === 'patched' && given.object, { ...request.object, data: { a: '1', b: '2' } });
  assert.deepEqual(request, before);
});

test('a key named __proto__ can be added, replaced and removed like any other', () => {
  const data = JSON.parse('{"__proto__":"1","constructor":"2"}');
  const call = (...operations: unknown[]) =>
    apiServerVerdict({
      ...mutating,
      request: { ...request, object: { ...request.object, data } },
      httpStatus: 200,
      body: JSON.stringify(patched(...operations)),
    }) as unknown as { object: { data: object } };
  const text = (...operations: unknown[]) => JSON.stringify(call(...operations).object.data);
  assert.equal(text({ op: 'replace', path: '/data/__proto__', value: '3' }), '{"__proto__":"3","constructor":"2"}');
  assert.equal(text({ op: 'remove', path: '/data/__proto__' }), '{"constructor":"2"}');
  const moved = [
    { op: 'remove', path: '/data/__proto__' },
    { op: 'add', path: '/data/__proto__', value: '4' },
  ];
  assert.equal(text(...moved), '{"constructor":"2","__proto__":"4"}');
});

test('a patch of what is not there (DELETE) is an error, whatever the failurePolicy', () => {
  const call = { httpStatus: 200, body: JSON.stringify(patched({ op: 'add', path: '/data/b', value: '' })) };
  for (const failurePolicy of ['Fail', 'Ignore'] as const) {
    const given = apiServerVerdict({ ...mutating, ...call, failurePolicy, request: { uid: 'the-uid', object: null } });
    assert.equal(given.kind, 'internal-error');
  }
});

const silent: { [sentence: string]: [body: object, ...silently: string[]] } = {
  'nothing is lost of a good answer': [
    response({
      warnings: ['a', '…'.repeat(4095)],
      auditAnnotations: { a: '', 'a-b_c.D9': '\n', ['k'.repeat(63)]: '' },
    }),
  ],
  'a warning with a control character is dropped': [
    response({ warnings: ['a\nb', 'a\u0085b'] }),
    'warning 0 holds a control character',
    'warning 1 holds a control character',
  ],
  'an empty warning and a repeated one are dropped': [
    response({ warnings: ['', 'a', 'a'] }),
    'warning 0 is empty',
    'warning 2 has been said before',
  ],
  'warnings of 4097 characters together are cut': [
    response({ warnings: ['a'.repeat(4096), 'b'] }),
    'the warnings are 4097 characters long together',
  ],
  'audit annotations whose key is no qualified name are dropped': [
    response({ auditAnnotations: { 'a/b': '', 'a b': '', '': '', ['k'.repeat(64)]: '', '-a': '' } }),
    ...['a/b', 'a b', '', 'k'.repeat(64), '-a'].map(
      (key) => `the audit annotation ${JSON.stringify(key)} is no qualified name`,
    ),
  ],
  'what a denial says besides is held to the same': [
    response({ allowed: false, warnings: ['\t'] }),
    'warning 0 holds a control character',
  ],
  'a replacement of what is not there is an addition': [
    patched({ op: 'replace', path: '/data/b', value: '2' }),
    'replace of the missing /data/b',
  ],
  'a patch that changes nothing is told': [
    patched({ op: 'replace', path: '/data/a', value: '1' }),
    'the patch changes nothing',
  ],
};

describe('what an API server loses or mends without a word is told', () => {
  for (const [sentence, [body, ...silently]] of Object.entries(silent)) {
    test(sentence, () => {
      const given = verdict({ body }, mutating);
      assert.deepEqual('silently' in given && given.silently, silently);
    });
  }
});
