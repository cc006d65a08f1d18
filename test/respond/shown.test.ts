import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { shown, shownOnOneLine } from '../../webhook/shown.ts';

const token = 'Z'.repeat(5000);
const long = 'x'.repeat(1000);

const texts: { [sentence: string]: [text: string, max: number, expected: string] } = {
  'a short text stays': ['no: "a" must be <b>', 100, 'no: "a" must be <b>'],
  'a text of exactly the length stays': ['abcde', 5, 'abcde'],
  'a longer one ends in an ellipsis, at that length': ['abcdef', 5, 'abcd…'],
  'nothing stays nothing': ['', 5, ''],
  'a surrogate pair is not cut in two': ['abc😀def', 5, 'abc…'],
  'a surrogate pair that fits stays': ['ab😀cdef', 5, 'ab😀…'],
  'a password is hidden': ['clone https://user:pass@host/repo failed', 100, 'clone https://***@host/repo failed'],
  'a token without a password is hidden': ['https://ghp_abc@host', 100, 'https://***@host'],
  'the user that everybody is on SSH is shown': ['ssh://git@host/repo', 100, 'ssh://git@host/repo'],
  'but not with a password': ['ssh://git:pass@host/repo', 100, 'ssh://***@host/repo'],
  'a password with an @ in it is hidden whole': ['https://user:p@ss@host', 100, 'https://***@host'],
  'a password with a / in it is hidden whole': ['https://user:p/ss@host', 100, 'https://***@host'],
  'a password before an @ that is percent-encoded is hidden': ['https://user:pass%40host', 100, 'https://***%40host'],
  'one with an @ of either kind is hidden whole': ['https://user:p%40ss@host%40', 100, 'https://***%40'],
  'passwords of several addresses are hidden': ['a://b:c@d e://f:g@h', 100, 'a://***@d e://***@h'],
  'so are those without a blank between them': ['a://b:c@d,e://f:g@h', 100, 'a://***@h'],
  'an address without one stays': ['see https://host/path?a=b', 100, 'see https://host/path?a=b'],
  'an @ behind the address is none of its': ['https://host by a@b', 100, 'https://host by a@b'],
  'a quote ends an address': ['"https://host" <a@b>', 100, '"https://host" <a@b>'],
  'an escaped quote does not': [String.raw`"https://user:p\"ss@host"`, 100, '"https://***@host"'],
  'a password on the next line is none': ['https://host\nuser@host', 100, 'https://host\nuser@host'],
  'no part of a token is shown where it is cut': [`https://oauth2:${token}@host/path`, 50, 'https://***@host/path'],
  'nor of the second one': [`https://a:${long}@b https://c:${token}@d`, 50, 'https://***@b https://***@d'],
  'nor where the text is cut after it': [`https://u:${token}@h ${long}`, 20, `https://***@h ${'x'.repeat(5)}…`],
  'an address that begins beyond the cut is not looked at': [`${long}://u:p@h`, 5, 'xxxx…'],
  'an @ at the very end': ['https://user:pass@', 100, 'https://***@'],
  'a scheme and nothing more': ['://', 100, '://'],
  'a password after slashes alone is hidden': ['clone //user:pass@host/r', 100, 'clone //***@host/r'],
  'so is one after a scheme without slashes': ['clone https:user:pass@host/r', 100, 'clone https:***@host/r'],
  'and after one with a slash, in capitals': ['"HTTP:/user:pass@host"', 100, '"HTTP:/***@host"'],
  'or one of a tool': ['git+ssh:user:pass@host/r', 100, 'git+ssh:***@host/r'],
  'an image with a digest stays': ['nginx:1.25@sha256:0123abcd', 100, 'nginx:1.25@sha256:0123abcd'],
  'whatever it is called': ['r.example/http:1.25@sha256:0123abcd', 100, 'r.example/http:1.25@sha256:0123abcd'],
  'a mail address stays': ['mailto:a@b.example, or a@b.example', 100, 'mailto:a@b.example, or a@b.example'],
  'a token in a query is hidden': ['see https://h/x?access_token=abc&a=b', 100, 'see https://h/x?access_token=***&a=b'],
  'whatever it is called and wherever it stands': [
    'https://h/x?a=b&API_Key=1;sig=2&X-Amz-Signature=3&clientSecret=4&code=5#id_token=6',
    100,
    'https://h/x?a=b&API_Key=***;sig=***&X-Amz-Signature=***&clientSecret=***&code=***#id_token=***',
  ],
  'what only looks a little like one stays': [
    'https://h/x?author=a&design=b&encoded=c&passage=d&keyword=e',
    100,
    'https://h/x?author=a&design=b&encoded=c&passage=d&keyword=e',
  ],
  'a token after another question mark is hidden': ['https://h/?a=b?token=c', 100, 'https://h/?a=b?token=***'],
  'a token with an @ in it is hidden whole': ['https://h/?token=a@b&c=d', 100, 'https://***&c=d'],
  'a token in a query besides a password is hidden': ['https://u:p@h/?token=a', 100, 'https://***@h/?token=***'],
  'an empty one stays empty': ['https://h/?token=&a=b', 100, 'https://h/?token=&a=b'],
  'a query that belongs to no address stays': ['is it so? token=abc', 100, 'is it so? token=abc'],
};

describe('a text as people may see it', () => {
  for (const [sentence, [text, max, expected]] of Object.entries(texts)) {
    test(sentence, () => {
      assert.equal(shown(text, max), expected);
      assert.ok(shown(text, max).length <= max);
    });
  }
});

const lines: { [sentence: string]: [text: string, expected: string] } = {
  'line breaks become one blank': ['a\r\n\tb', 'a b'],
  'control characters of both ranges do': ['a\u0000b\u001bc\u007fd\u0085e\u009ff', 'a b c d e f'],
  'so do the line separators of Unicode': ['a\u2028b\u2029c', 'a b c'],
  'none is left at the ends': ['\n a \n', 'a'],
  'a password that a control character divides is hidden': ['https://user:pa\u0007ss@host', 'https://***@host'],
  'a text that begins with many line breaks is not lost': [`${'\n'.repeat(500)}a`, 'a'],
  'letters of any script stay': ['naïve 日本 😀', 'naïve 日本 😀'],
};

describe('a text on one line', () => {
  for (const [sentence, [text, expected]] of Object.entries(lines)) {
    test(sentence, () => assert.equal(shownOnOneLine(text, 100), expected));
  }
});

test('is made in a time that grows with the text and no faster', () => {
  // Ten times as long takes a hundred times as long where it grows with the square: far beyond these.
  for (const hostile of ['a://', 'a://b@', '@', '\\"', 'a://b"', '//', 'https:', '?token', '//?a=', '&=', '?token=']) {
    const text = hostile.repeat(500_000 / hostile.length);
    const started = performance.now();
    shown(text, 500_000);
    shownOnOneLine(`//h${text}`, 120);
    const milliseconds = performance.now() - started;
    assert.ok(milliseconds < 5000, `${JSON.stringify(hostile)}: ${milliseconds} ms`);
  }
});
