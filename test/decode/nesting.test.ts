import assert from 'node:assert/strict';
import { test } from 'node:test';
import { excess, MAX_CONTAINERS, MAX_DEPTH } from '../../webhook/nesting.ts';

const PADDING = ' '.repeat(64 * 1024);
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const several = (count: number): string => `[${'{},'.repeat(count - 1).slice(0, -1)}]`;

const ROWS: { readonly [sentence: string]: readonly [body: string, expected: RegExp | undefined] } = {
  'the deepest that Go reads': [nested(MAX_DEPTH) + PADDING, undefined],
  'one level more': [nested(MAX_DEPTH + 1) + PADDING, /^it is nested more than 10000 levels deep$/],
  'one level more, of objects': [`${'{"a":'.repeat(MAX_DEPTH)}{}${'}'.repeat(MAX_DEPTH)}${PADDING}`, /levels deep$/],
  'many levels one after the other': [`[${nested(9000)},${nested(9000)}]${PADDING}`, undefined],
  'as many containers as may be': [several(MAX_CONTAINERS), undefined],
  'one container more': [several(MAX_CONTAINERS + 1), /^it holds more than 2098176 lists and objects$/],
  'brackets in a string': [`["${'['.repeat(100_000)}"]`, undefined],
  'brackets in a string with escaped quotes': [`["${'\\"['.repeat(50_000)}"]`, undefined],
  'brackets after a string that ends in an escaped backslash': [
    `["\\\\",${nested(MAX_DEPTH)}]${PADDING}`,
    /levels deep$/,
  ],
  'a string that never ends': [`["${'['.repeat(100_000)}`, undefined],
  'a body too small to do harm': [nested(30_000), undefined],
};

for (const [sentence, [body, expected]] of Object.entries(ROWS)) {
  test(sentence, () => {
    const actual = excess(Buffer.from(body));
    if (expected === undefined) assert.equal(actual, undefined);
    else assert.match(actual ?? '', expected);
  });
}
