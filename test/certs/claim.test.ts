import assert from 'node:assert/strict';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { claimed } from '../../certs/claim.ts';
import { emptyFolder } from './empty-folder.ts';

test('of many who ask at once, one works at a time, and all get their turn', async (t) => {
  const folder = await emptyFolder(t);
  let working = 0;
  let most = 0;
  const turns = Array.from({ length: 8 }, (_, turn) =>
    claimed(folder, async (scratch) => {
      most = Math.max(most, ++working);
      await writeFile(join(scratch, 'file'), 'a turn in the event loop, and a file that only an empty folder takes', {
        flag: 'wx',
      });
      working--;
      return turn;
    }),
  );
  assert.deepEqual(await Promise.all(turns), [0, 1, 2, 3, 4, 5, 6, 7]);
  assert.equal(most, 1);
  assert.deepEqual(await readdir(folder), []);
});

test('work that fails says why, and leaves the way free', async (t) => {
  const folder = await emptyFolder(t);
  await assert.rejects(
    claimed(folder, async () => {
      throw new Error('no ink');
    }),
    { message: 'no ink' },
  );
  assert.equal(await claimed(folder, async () => 'next'), 'next');
});

test('only its owner may enter the scratch folder', async (t) => {
  const folder = await emptyFolder(t);
  const mode = await claimed(folder, async (scratch) => (await stat(scratch)).mode & 0o777);
  assert.equal(mode, 0o700);
});

test('a claim left behind by a crash is broken, with what it holds', async (t) => {
  const folder = await emptyFolder(t);
  await mkdir(join(folder, '.issuing'));
  await writeFile(join(folder, '.issuing', 'tls.key'), 'half a k');
  assert.deepEqual(await claimed(folder, (scratch) => readdir(scratch), 40), []);
  assert.deepEqual(await readdir(folder), []);
});

test('many who lose their patience with the same claim still work one at a time', async (t) => {
  const folder = await emptyFolder(t);
  await mkdir(join(folder, '.issuing'));
  let working = 0;
  const most = await Promise.all(
    Array.from({ length: 8 }, () =>
      claimed(
        folder,
        async (scratch) => {
          const now = ++working;
          await writeFile(join(scratch, 'file'), '', { flag: 'wx' });
          working--;
          return now;
        },
        200,
      ),
    ),
  );
  assert.deepEqual(most, [1, 1, 1, 1, 1, 1, 1, 1]);
});

test('a folder that is not there is an error, not a wait', async (t) => {
  const folder = join(await emptyFolder(t), 'none');
  await assert.rejects(
    claimed(folder, async () => undefined),
    { code: 'ENOENT' },
  );
});
