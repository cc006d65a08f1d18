import assert from 'node:assert/strict';
import { test } from 'node:test';
import vm from 'node:vm';
import { FORMATS } from '../../schema/formats.ts';

const MEGABYTE = 2 ** 20;

/** What a scanner may begin to read again at every place: its beginning, what is repeated, its end. */
const hostile: { readonly [sentence: string]: readonly [start: string, repeated: string, end: string] } = {
  letters: ['', 'a', '!'],
  digits: ['', '1', '!'],
  zeros: ['', '0', '!'],
  'white space': ['', ' ', '!'],
  'digits and white space': ['', '1 ', '!'],
  'hours that add up to more than fits': ['', '9h', ''],
  'zeros before a duration': ['-', '0', 's'],
  'a fraction': ['0.', '9', 's'],
  'a fraction of a second': ['2026-01-02T03:04:05.', '1', ''],
  'white space in a color': ['rgb(', '\t', ')'],
  dashes: ['a', '-', '!'],
  labels: ['', 'a.', ''],
  symbols: ['', '\ud800', '.com'],
  octets: ['', '1.', '1'],
  'zeros of an octet': ['', '0', '.1.2.3'],
  groups: ['', '1:', '1'],
  colons: ['', ':', ''],
  'a prefix': ['::/', '0', '!'],
  'quotes in a name': ['', '"a" ', '<'],
  escapes: ['"', '\\"', ''],
  'words of a name': ['', 'a ', ''],
  'encoded words': ['', '=?x?q?a?= ', '<a@b>'],
  'comments in comments': ['a@b ', '(', ''],
  'words in a comment': ['a@b (', '=?x? ', ')'],
  'members of a group': ['g: ', 'a@b,', ''],
  'brackets after an at sign': ['g: ', 'a@[,', ''],
  'at signs': ['http://', '@', ''],
  'escaped characters': ['http://h/', '%41', '%'],
  'escapes in a zone': ['http://[::1%25', '%20', ']'],
  brackets: ['http://[', '[', ']'],
};

for (const [sentence, [start, repeated, end]] of Object.entries(hostile)) {
  test(`a megabyte of ${sentence} keeps no format busy`, () => {
    const text = start + repeated.repeat(MEGABYTE / repeated.length) + end;
    for (const [format, isValid] of Object.entries(FORMATS)) {
      // A linear check takes some milliseconds, a quadratic one hours; vm ends what takes too long.
      const verdict = vm.runInNewContext('isValid(text)', { isValid, text }, { timeout: 20_000 });
      assert.equal(typeof verdict, 'boolean', format);
    }
  });
}
