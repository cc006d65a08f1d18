import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAbbreviatedHash, isHash, refProblem } from '../../rules/website/ref.ts';

const HASH = '8f9e2a1c0b3d4e5f60718293a4b5c6d7e8f90a1b';
const GOOD = [
  'main',
  'HEAD',
  'feature/a',
  'refs/heads/main',
  'v1.0',
  'é',
  'a@b',
  '{a}',
  'a-b',
  'x.locked',
  '$HOME',
  '@a',
  'a@',
  'refs/tags/v1.0',
  'a/b.c/d',
  'a.LOCK',
  'lock',
  '😀'.repeat(128),
  HASH,
];

for (const ref of GOOD) test(`a ref may be ${ref}`, () => assert.equal(refProblem(ref), undefined));

const bad: { [sentence: string]: string[] } = {
  'must not be empty': [''],
  'must not be longer than 255 characters': ['r'.repeat(256), '😀'.repeat(256), 'r'.repeat(1_000_000)],
  'must not begin with "-", which git would take for an option': ['-x', '--upload-pack=touch x'],
  'must not begin with "+", which git would take for a forced update': ['+a', '+refs/heads/*:refs/heads/*'],
  'must not contain a space, a control character or any of ~ ^ : ? * [ \\': [
    'a b',
    'a\tb',
    'a\nb',
    'a\x7f',
    'a\0',
    'HEAD~1',
    'HEAD^',
    'a:b',
    'a?',
    'refs/*',
    'a[b',
    'a\\b',
    'a\u001f',
    'a\u0085b',
    'a*b',
  ],
  'must not contain ".."': ['a..b', '..', 'a/../b', 'a..'],
  'must not be "@" or contain "@{"': ['@', 'a@{1}', '@{u}', '@{'],
  'must not begin or end with "/", or have "//"': ['/a', 'a/', 'a//b', '/', 'refs/heads/', '//'],
  'must not end with ".", or have a part that begins with "."': ['a.', '.a', 'a/.b', '.', 'refs/heads/.a'],
  'must not have a part that ends with ".lock"': ['a.lock', 'a.lock/b', 'refs/heads/x.lock'],
  'must not contain "$(", which the kubelet would expand': ['$(HOME)', 'a$(B)'],
};

for (const [sentence, refs] of Object.entries(bad)) {
  for (const ref of refs) {
    test(`a ref may not be ${JSON.stringify(ref.slice(0, 40))}`, () => assert.equal(refProblem(ref), sentence));
  }
}

test('hexadecimal digits that are too few for a hash look like an abbreviated one, others do not', () => {
  const looks = (ref: string) => isAbbreviatedHash(ref);
  assert.deepEqual(
    ['abcdef0', 'ABCDEF0', HASH.slice(1), `${HASH}0`, `${HASH}${HASH}`.slice(0, 63)].filter(looks).length,
    5,
  );
  assert.deepEqual(['abcdef', HASH, 'abcdefg', 'v1.0', '', `${HASH}${HASH}`.slice(0, 64)].filter(looks), []);
});

test('40 and 64 hexadecimal digits look like a hash, others do not', () => {
  const looks = (ref: string) => isHash(ref);
  const whole = `${HASH}${HASH}`.slice(0, 64);
  assert.deepEqual([HASH, HASH.toUpperCase(), whole].filter(looks).length, 3);
  assert.deepEqual(
    [HASH.slice(1), `${HASH}0`, whole.slice(1), `refs/${HASH}`, `${HASH.slice(1)}g`, ''].filter(looks),
    [],
  );
});
