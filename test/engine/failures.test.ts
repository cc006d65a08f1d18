import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allow, deny, skip } from '../../author.ts';
import { caught, fail, labelling, mutating, type Untyped, unfit, unhandledDuring, validating } from './ends.ts';
import { failureOf, patchOf, responseOf, reviewed } from './reviewed.ts';

const loose = { skip: skip as Untyped };
const revoked = Proxy.revocable({}, {});
revoked.revoke();

/** Ways to end that both phases share: none of them is a decision. */
const failures: readonly (readonly [sentence: string, end: () => unknown, message: string])[] = [
  ['throws an Error', () => fail(new TypeError('x is not a function')), 'TypeError: x is not a function'],
  ['throws a text', () => fail('broken'), 'broken'],
  ['throws nothing', () => fail(undefined), 'it threw undefined'],
  ['throws null', () => fail(null), 'it threw null'],
  ['throws an object', () => fail(unfit.text), 'it threw an object'],
  ['throws an error that cannot be read', () => fail(unfit.message), 'it threw something that cannot be described'],
  [
    'throws an error named by something that has no text',
    () => fail(Object.assign(new Error(), { name: unfit.text })),
    'it threw something that cannot be described',
  ],
  ['throws a promise that is rejected', () => fail(Promise.reject(new Error('later'))), 'it threw an object'],
  [
    'throws a proxy that is dead',
    () => fail(revoked.proxy),
    "TypeError: Cannot perform 'getPrototypeOf' on a proxy that has been revoked",
  ],
  ['returns a promise', () => Promise.resolve(allow()), 'it returned a promise; rules are synchronous'],
  [
    'returns a promise that is rejected',
    () => Promise.reject(new Error('later')),
    'it returned a promise; rules are synchronous',
  ],
  ['is async and denies', async () => deny('no'), 'it returned a promise; rules are synchronous'],
  ['is async and skips', async () => skip('no', 'no'), 'it returned a promise; rules are synchronous'],
  // biome-ignore lint/suspicious/noThenProperty: that is the point
  ['returns a thenable', () => ({ then: () => {} }), 'it returned a promise; rules are synchronous'],
  [
    'catches what deny() throws',
    () => caught(() => deny('no')),
    'it caught what deny() throws; keep both outside of try',
  ],
  [
    'catches what skip() throws',
    () => caught(() => skip('no', 'no')),
    'it caught what skip() throws; keep both outside of try',
  ],
  ['gets lost', () => endless(), 'RangeError: Maximum call stack size exceeded'],
];

const mutatingFailures: typeof failures = [
  ['returns a value', () => 1, 'it returned a number; a mutating rule edits its draft and returns nothing'],
  ['returns the draft', () => ({}), 'it returned an object; a mutating rule edits its draft and returns nothing'],
  ['returns null', () => null, 'it returned null; a mutating rule edits its draft and returns nothing'],
  ['returns allow()', () => allow(), 'it returned allow(); a mutating rule edits its draft and returns nothing'],
  [
    'returns what cannot be asked for then',
    () => unfit.thenGetter,
    'it returned an object; a mutating rule edits its draft and returns nothing',
  ],
  [
    'skips for a reason that is a sentence',
    () => skip('Not meant', 'x'),
    'skip() was given a string as its reason; write a code in snake case',
  ],
  ['skips for no reason', () => loose.skip(), 'skip() was given undefined as its reason; write a code in snake case'],
  [
    'skips for a reason that only reads like one',
    () => loose.skip({ toString: () => 'fine' }),
    'skip() was given an object as its reason; write a code in snake case',
  ],
  [
    'skips for a symbol',
    () => loose.skip(Symbol('fine')),
    'skip() was given a symbol as its reason; write a code in snake case',
  ],
];

const validatingFailures: typeof failures = [
  ['returns nothing', () => undefined, 'it returned undefined; a validating rule returns allow() or ends with deny()'],
  ['returns true', () => true, 'it returned a boolean; a validating rule returns allow() or ends with deny()'],
  [
    'returns the function allow',
    () => allow,
    'it returned a function; a validating rule returns allow() or ends with deny()',
  ],
  [
    'returns what looks like allow()',
    () => ({ warnings: [] }),
    'it returned an object; a validating rule returns allow() or ends with deny()',
  ],
  ['returns a list', () => [], 'it returned an array; a validating rule returns allow() or ends with deny()'],
  [
    'returns what cannot be asked for then',
    () => unfit.thenGetter,
    'it returned an object; a validating rule returns allow() or ends with deny()',
  ],
  ['skips', () => skip('fine', 'x'), 'it called skip(), which a validating rule has no use for: return allow()'],
];

for (const [sentence, end, message] of [...failures, ...mutatingFailures]) {
  test(`a mutating rule that ${sentence} has failed; its edits are gone, the others stand`, async () => {
    assert.equal(failureOf(await reviewed([mutating(end)])), `rule it failed: ${message}`);
    const answer = await reviewed([labelling('before'), mutating(end, 'Ignore'), labelling('after')]);
    assert.deepEqual(
      patchOf(answer).map(({ path }) => path),
      ['/metadata/labels/before', '/metadata/labels/after'],
    );
    assert.deepEqual(responseOf(answer).auditAnnotations, { it: `failed: ${message}` });
  });
}

for (const [sentence, end, message] of [...failures, ...validatingFailures]) {
  test(`a validating rule that ${sentence} has failed, which is no admission`, async () => {
    assert.equal(failureOf(await reviewed([validating(end)])), `rule it failed: ${message}`);
    const answer = responseOf(await reviewed([validating(end, 'Ignore')]));
    assert.equal(answer.allowed, true);
    assert.deepEqual(answer.auditAnnotations, { it: `failed: ${message}` });
  });
}

test('no rejection that a rule leaves behind goes unhandled', async () => {
  const ends = [
    async () => deny('a'),
    () => Promise.reject(new Error('b')),
    () => fail(Promise.reject(new Error('c'))),
  ];
  const unhandled = await unhandledDuring(async () => {
    for (const end of ends) for (const rule of [mutating(end), validating(end)]) await reviewed([rule]);
  });
  assert.deepEqual(unhandled, []);
});

function endless(): unknown {
  return [endless()];
}
