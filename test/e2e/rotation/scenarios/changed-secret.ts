import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import type { TestContext } from 'node:test';
import { issueCertificateAuthority } from '../../../../certs/issue.ts';
import { base64 } from '../../../certs/base64.ts';
import { eventually } from '../../eventually.ts';
import { unnoticed } from '../load.ts';
import type { Place } from '../place.ts';
import { changedOver, rotated } from '../rotate.ts';
import { assertSame, authoritiesOf, DAMAGED, dataOf, deleted, replaced } from '../secret.ts';
import { LASTING } from '../times.ts';

const DAY = 86_400_000;

/** What people do to the Secret while replicas run: nobody who writes to the cluster notices any of it. */
export async function changedSecret(t: TestContext, place: Place): Promise<void> {
  const { plane } = place;

  await t.test('an older Secret that is restored is gone back to, and what was served with is trusted on', async () => {
    const [backup, { signing }] = [await dataOf(plane), await authoritiesOf(plane)];
    await unnoticed(place, async () => {
      const next = await rotated(place, LASTING);
      await replaced(plane, backup);
      await changedOver(place, signing);
      const { old } = await authoritiesOf(plane);
      assert.ok(old.has(next.sha256));
    });
  });

  await t.test('a restored CA that has ended is replaced at once, and nobody serves with it', async () => {
    const { signing: before } = await authoritiesOf(plane);
    const { cert, key } = await issueCertificateAuthority({ now: new Date(Date.now() - 2 * DAY), days: 1 });
    const ended = new X509Certificate(cert);
    await unnoticed(place, async () => {
      await replaced(plane, { 'ca.crt': base64(cert), 'ca.key': base64(key) });
      const { signing } = await eventually('another CA, and what was served with is known', async () => {
        const found = await authoritiesOf(plane);
        const isLeft = [...found.trusted.values()].some((ca) => ca.subject === ended.subject);
        return !isLeft && found.old.has(before.sha256) ? found : undefined;
      });
      assert.notEqual(signing.sha256, before.sha256);
      await changedOver(place, signing);
    });
  });

  await t.test('a deleted Secret is written back as it was, keys and all', async () => {
    const before = await dataOf(plane);
    await unnoticed(place, async () => {
      await deleted(plane);
      assertSame(await writtenBack(place), before);
    });
  });

  await t.test('a corrupted one is told, with the command that mends it, and all goes on', async () => {
    const before = await dataOf(plane);
    await unnoticed(place, async () => {
      await replaced(plane, DAMAGED);
      const command = await eventually('it is told', async () => {
        const all = await Promise.all([...place.replicas].map((replica) => replica.status()));
        const commands = all.map(({ problems }) => /: (kubectl delete secret [-\w ]+)$/.exec(problems[0] ?? '')?.[1]);
        return commands.every((one) => one !== undefined && one === commands[0]) ? commands[0] : undefined;
      });
      assertSame(await dataOf(plane), DAMAGED);
      await plane.succeeded(command.split(' ').slice(1));
      assertSame(await writtenBack(place), before);
      await eventually('nothing is wrong any more', async () => {
        for (const replica of place.replicas) assert.deepEqual((await replica.status()).problems, []);
        return true;
      });
    });
  });
}

function writtenBack({ plane }: Place): ReturnType<typeof dataOf> {
  return eventually('the Secret is back', () => dataOf(plane));
}
