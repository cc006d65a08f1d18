import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { mounted } from './mounted.ts';

test('files are mounted, replaced and taken away as the kubelet does it', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-mounted-'));
  t.after(() => rm(folder, { recursive: true }));
  await mounted(folder, { 'a.ts': 'one', 'b.ts': Buffer.from('two') });
  assert.equal(await readlink(join(folder, 'a.ts')), '..data/a.ts');
  assert.equal(await readFile(join(folder, 'b.ts'), 'utf8'), 'two');
  const before = await readlink(join(folder, '..data'));

  await mounted(folder, { 'b.ts': 'three', 'c.ts': 'four' });
  const data = await readlink(join(folder, '..data'));
  assert.notEqual(data, before);
  assert.deepEqual((await readdir(folder)).sort(), [data, '..data', 'b.ts', 'c.ts'].sort());
  assert.equal(await readFile(join(folder, 'b.ts'), 'utf8'), 'three');
  assert.equal(await readFile(join(folder, 'c.ts'), 'utf8'), 'four');
});
