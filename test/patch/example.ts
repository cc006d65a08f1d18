import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../webhook/decode.ts';
import { draftOf } from '../../webhook/draft.ts';
import { diff } from '../../webhook/patch.ts';
import { disagreement } from './apply.ts';

/** An object, an edit of its draft as a rule would make it, and the patch that it must give, operation by operation. */
// biome-ignore lint/suspicious/noExplicitAny: the drafts are as loose as rules in plain JavaScript have them
export type Example = readonly [sentence: string, base: JsonObject, edit: (draft: any) => unknown, patch: object[]];

/** A test for each example; the patch must also be right. */
export function testEach(examples: readonly Example[]): void {
  for (const [sentence, base, edit, patch] of examples) {
    test(sentence, () => {
      const { object, origins } = draftOf(base);
      edit(object);
      const operations = diff(base, object, origins);
      assert.deepEqual(operations, patch);
      assert.equal(disagreement(base, operations, object), undefined);
    });
  }
}
