import assert from 'node:assert/strict';
import { mkdir, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { TestContext } from 'node:test';
import { ran } from '../../ran.ts';
import { type Load, unnoticed, works } from '../load.ts';
import type { Place } from '../place.ts';
import type { Replica } from '../replica.ts';
import { rotated } from '../rotate.ts';
import { assertSame, authoritiesOf, dataOf, forgotten } from '../secret.ts';
import { LASTING } from '../times.ts';

/** The last commit whose CA lived for ten years, and was never rotated. */
const BEFORE = 'c95ccb7cece36a2d6b39be8d24bc281327a1dfb8';
const ROOT = resolve(import.meta.dirname, '../../../..');

/** From that version to this one, back, and here again, each time one replica after the other. */
export async function versions(t: TestContext, place: Place): Promise<void> {
  const { plane } = place;
  const checkout = join(place.folder, 'before');
  const missing = await checkedOut(checkout);
  if (missing !== undefined) return t.skip(`no checkout of an older version can be had here: ${missing}`);
  await forgotten(place);
  await installed(place, { checkout });

  await t.test('an upgrade goes on with the CA of ten years, and can rotate it', async (t) => {
    const before = await dataOf(plane);
    assert.deepEqual(Object.keys(before).sort(), ['ca.crt', 'ca.key']);
    const load = await unnoticed(place, async () => {
      await succeeded(place, {});
      assertSame(await dataOf(plane), before);
      await rotated(place, LASTING);
    });
    tell(t, load);
    const { old } = await authoritiesOf(plane);
    assert.equal(old.size, 1);
  });

  await t.test('a rollback goes on with what was rotated to, and leaves the record of it alone', async (t) => {
    const before = await dataOf(plane);
    tell(t, await unnoticed(place, () => succeeded(place, { checkout })));
    assertSame(await dataOf(plane), before);
    const { signing } = await authoritiesOf(plane);
    for (const { log } of place.replicas) assert.ok(log().includes(signing.certificate.subject), log());
  });

  await t.test('and so does the next upgrade', async (t) => {
    tell(t, await unnoticed(place, () => succeeded(place, {})));
    for (const replica of place.replicas) assert.deepEqual((await replica.status()).problems, []);
  });
}

/** Two replicas, and the webhooks. */
async function installed(place: Place, options: { readonly checkout: string }): Promise<void> {
  const replicas = await Promise.all([1, 2].map(() => place.start(LASTING, options)));
  await Promise.all(replicas.map((replica) => replica.ready()));
  await place.plane.applied(place.webhooks);
  await works(place);
}

/** As a rollout does it: no replica ends before its successor is ready. */
async function succeeded(place: Place, options: { readonly checkout?: string }): Promise<void> {
  const before: readonly Replica[] = [...place.replicas];
  const successors = await Promise.all(before.map(() => place.start(LASTING, options)));
  for (const [i, replica] of before.entries()) {
    await successors[i]?.ready();
    assert.equal(await place.end(replica), 0, replica.log());
  }
}

/** Gives why that cannot be had, where it cannot. */
async function checkedOut(folder: string): Promise<string | undefined> {
  await mkdir(folder);
  const script = 'git -C "$1" archive "$2" | tar -x -C "$3"';
  const { PATH, HOME } = process.env;
  const args = ['-o', 'pipefail', '-c', script, 'checkout', ROOT, BEFORE, folder];
  const { code, stderr } = await ran('bash', args, { PATH, HOME });
  if (code !== 0) return stderr;
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return undefined;
}

function tell(t: TestContext, { writes }: Load): void {
  t.diagnostic(`${writes} writes`);
}
