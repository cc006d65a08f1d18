import assert from 'node:assert/strict';
import { test } from 'node:test';
import { excess, MAX_CONTAINERS, MAX_DEPTH, MAX_MEMBERS } from '../../webhook/nesting.ts';

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const several = (count: number): string => `[${'{},'.repeat(count - 1).slice(0, -1)}]`;
const named = (count: number): string => `{${'"a":0,'.repeat(count).slice(0, -1)}}`;

/** Strings of every length up to 300 characters that end so. */
const strings = (end: string): string => Array.from({ length: 300 }, (_, i) => `"${'x'.repeat(i)}${end}"`).join(',');

const ROWS: { readonly [sentence: string]: readonly [body: string, expected: RegExp | undefined] } = {
  'the deepest that may be': [nested(MAX_DEPTH), undefined],
  'one level more': [nested(MAX_DEPTH + 1), /^it is nested more than 1000 levels deep$/],
  'one level more, of objects': [`${'{"a":'.repeat(MAX_DEPTH)}{}${'}'.repeat(MAX_DEPTH)}`, /levels deep$/],
  'many levels one after the other': [`[${nested(900)},${nested(900)}]`, undefined],
  'as many containers as may be': [several(MAX_CONTAINERS), undefined],
  'one container more': [several(MAX_CONTAINERS + 1), /^it holds more than 2097152 lists and objects$/],
  'as many members as may be': [named(MAX_MEMBERS), undefined],
  'one member more': [named(MAX_MEMBERS + 1), /^its objects hold more than 1572864 members$/],
  'brackets and colons in a string': [`["${'[:'.repeat(2_000_000)}"]`, undefined],
  'brackets in a string with escaped quotes': [`["${'\\"['.repeat(2000)}"]`, undefined],
  'brackets after a string that ends in an escaped backslash': [`["\\\\",${nested(MAX_DEPTH)}]`, /levels deep$/],
  'brackets after an escaped quote in strings of many lengths': [`[${strings(`\\"${'['.repeat(1001)}`)}]`, undefined],
  'brackets after an escaped backslash and an escaped quote': [`[${strings(`\\\\\\"${'['.repeat(1001)}`)}]`, undefined],
  'brackets after strings of many lengths that end in an escaped backslash': [
    `[${strings('\\\\')},${nested(MAX_DEPTH)}]`,
    /levels deep$/,
  ],
  'brackets in a string with an escaped quote now and then': [
    `["${`${'['.repeat(100)}\\"`.repeat(30_000)}"]`,
    undefined,
  ],
  'a long string that never ends': [`["${'x'.repeat(500)}${'['.repeat(2000)}\\"`, undefined],
  'a string that never ends': [`["${'['.repeat(2000)}`, undefined],
};

for (const [sentence, [body, expected]] of Object.entries(ROWS)) {
  test(sentence, () => {
    const actual = excess(Buffer.from(body));
    if (expected === undefined) assert.equal(actual, undefined);
    else assert.match(actual ?? '', expected);
  });
}
