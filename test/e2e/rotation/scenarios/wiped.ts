import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { underLoad, works } from '../load.ts';
import type { Place } from '../place.ts';

/** `kubectl replace` with the manifests as they were generated takes every caBundle away, while users are at work. */
export async function wiped(t: TestContext, place: Place): Promise<void> {
  let healedMs = 0;
  const { writes, failures } = await underLoad(place, async () => {
    await place.plane.succeeded(['replace', '-f', '-'], { input: place.webhooks });
    const began = performance.now();
    await works(place);
    healedMs = performance.now() - began;
  });
  t.diagnostic(`all was well ${healedMs.toFixed(0)} ms later; of ${writes} writes ${total(failures)} failed`);
  for (const failure of Object.keys(failures)) assert.match(failure, /: x509: certificate signed by unknown authority/);
}

function total(failures: { readonly [outcome: string]: number }): number {
  return Object.values(failures).reduce((sum, times) => sum + times, 0);
}
