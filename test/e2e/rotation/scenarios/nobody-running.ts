import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import type { TestContext } from 'node:test';
import { eventually } from '../../eventually.ts';
import { works } from '../load.ts';
import type { Place } from '../place.ts';
import { authoritiesOf, DAMAGED, replaced } from '../secret.ts';
import { LASTING } from '../times.ts';

const ROOT = resolve(import.meta.dirname, '../../../..');

/** What becomes of the Secret while nobody runs: a start says what to do, and is all that it takes after. */
export async function nobodyRunning(t: TestContext, place: Place): Promise<void> {
  const { plane } = place;
  const before = await authoritiesOf(plane);
  await place.endAll();

  await t.test('over a corrupted Secret a start fails, with the command that mends it', async () => {
    await replaced(plane, DAMAGED);
    const replica = await place.start(LASTING, { checkout: ROOT });
    const command = await eventually('the start fails', async () => {
      return /^portcullis: .*: (kubectl delete secret .*)$/m.exec(replica.log())?.[1];
    });
    assert.equal(await place.end(replica), 2, replica.log());
    await plane.succeeded(command.split(' ').slice(1));
  });

  await t.test('where it was deleted, a new CA is made, and those in the bundles are trusted on', async () => {
    const replicas = await Promise.all([1, 2, 3].map(() => place.start(LASTING)));
    await Promise.all(replicas.map((replica) => replica.ready()));
    await works(place);
    const after = await eventually('the CAs of before are in the Secret', async () => {
      const found = await authoritiesOf(plane);
      return found.old.size > 0 ? found : undefined;
    });
    assert.ok(!before.trusted.has(after.signing.sha256));
    assert.deepEqual([...after.old.keys()].sort(), [...before.trusted.keys()].sort());
  });
}
