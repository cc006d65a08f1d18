import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { readPair } from '../../certs/files-read.ts';
import { emptyFolder } from './empty-folder.ts';
import { another } from './files-server.ts';
import { ways } from './replacing.ts';

test('files that are swapped while they are read are never the halves of two pairs', async (t) => {
  const folder = join(await emptyFolder(t), 'certs');
  await mkdir(folder);
  const pairs = Array.from({ length: 10 }, another);
  const keys = new Map(pairs.map(({ cert, key }) => [cert, key]));
  const swap = ways['the kubelet swaps ..data'] ?? assert.fail();
  for (let i = 0; i < 300; i++) {
    await Promise.all([swap(folder, pairs[i % 10] ?? assert.fail()), readSomeTimes(`swap ${i}`)]);
  }

  async function readSomeTimes(when: string): Promise<void> {
    for (let times = 0; times < 5; times++) {
      const { pair } = { pair: undefined, ...(await readPair(folder)) };
      if (pair !== undefined) assert.ok(keys.get(pair.cert) === pair.key, when);
    }
  }
});
