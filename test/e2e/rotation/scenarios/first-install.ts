import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { eventually } from '../../eventually.ts';
import { reviewed, WRITES, works } from '../load.ts';
import { NAMESPACE, type Place } from '../place.ts';
import { FAST } from '../times.ts';

/** The webhooks are there before anybody answers; then three replicas start in the same second. */
export async function firstInstall(t: TestContext, place: Place): Promise<void> {
  const { plane } = place;

  await t.test('what is asked about is refused, and the user told that nobody answers', async () => {
    await plane.applied(place.webhooks);
    const failures = await eventually('reviews fail', async () => {
      const found = await reviewed(place);
      return found.length === WRITES.length ? found : undefined;
    });
    for (const failure of failures) assert.match(failure, /^Internal error occurred: failed calling webhook "/);
  });

  await t.test(
    'three replicas that start at once make one CA, and reviews get through without another command',
    async () => {
      const replicas = await Promise.all([1, 2, 3].map(() => place.start(FAST)));
      await Promise.all(replicas.map((replica) => replica.ready()));
      await works(place);
      const all = await Promise.all(replicas.map((replica) => replica.status()));
      const issuers = new Set(all.map(({ certificate }) => certificate?.issuer));
      assert.equal(issuers.size, 1, `${[...issuers]}`);
      assert.deepEqual(
        all.map(({ authorities }) => authorities.map(({ role }) => role)),
        [['signing'], ['signing'], ['signing']],
      );
      const creations = (await plane.auditEvents()).filter(
        ({ verb, objectRef }) =>
          verb === 'create' &&
          objectRef?.resource === 'secrets' &&
          objectRef.namespace === NAMESPACE &&
          objectRef.name === 'portcullis-ca',
      );
      assert.equal(creations.filter(({ responseStatus }) => responseStatus.code === 201).length, 1);
      t.diagnostic(`${creations.length} tried to make the Secret`);
    },
  );
}
