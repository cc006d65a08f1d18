import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { hottest } from '../../bench/profile.ts';
import { emptyFolder } from '../certs/empty-folder.ts';

test('a profile is summed up function by function, hottest first, without idle time', async (t) => {
  const folder = await emptyFolder(t);
  const node = (id: number, functionName: string, url = '') => ({
    ...{ id, hitCount: 0, children: [] },
    callFrame: { functionName, url, lineNumber: 41, columnNumber: 0, scriptId: '1' },
  });
  const nodes = [
    node(1, '(idle)'),
    node(2, 'review', 'file:///home/me/portcullis/webhook/review.ts'),
    // Called from two places, it is one function.
    node(3, 'parse', 'node:internal/parse'),
    node(4, 'parse', 'node:internal/parse'),
  ];
  const profile = { nodes, samples: [1, 2, 3, 4, 1], timeDeltas: [500_000, 100_000, 200_000, 100_000, 900_000] };
  await writeFile(join(folder, 'portcullis.cpuprofile'), JSON.stringify(profile));
  await writeFile(join(folder, 'notes.txt'), 'not a profile');
  assert.equal(
    hottest(folder),
    [
      'portcullis.cpuprofile: of 0.4 s',
      '  75.0 %  parse node:internal/parse:42',
      '  25.0 %  review portcullis/webhook/review.ts:42',
      '',
    ].join('\n'),
  );
});
