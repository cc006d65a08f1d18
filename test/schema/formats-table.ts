import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCheck } from '../../schema/formats.ts';

/** Texts by a sentence that says what they are. */
export type Texts = { readonly [sentence: string]: string };

/** Declares a test for every text that an API server 1.36 takes for the format, and for every one that it refuses. */
export function testFormat(format: string, { takes, refuses }: { takes: Texts; refuses: Texts }): void {
  for (const [texts, isTaken] of [
    [takes, true],
    [refuses, false],
  ] as const) {
    for (const [sentence, text] of Object.entries(texts)) {
      const shown = text.length > 60 ? `${text.length} characters` : JSON.stringify(text);
      test(`${format} ${isTaken ? 'takes' : 'refuses'} ${sentence}: ${shown}`, () => {
        assert.equal(formatCheck(format)?.(text), isTaken);
      });
    }
  }
}
