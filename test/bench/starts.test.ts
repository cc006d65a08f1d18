import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { QUICK } from '../../bench/serving/pace.ts';
import { serve } from '../../bench/serving/servers.ts';
import { started } from '../../bench/serving/started.ts';
import { emptyFolder } from '../certs/empty-folder.ts';

test('a start is measured until the server is ready, and its memory apart from that of its workers', async (t) => {
  const certs = await emptyFolder(t);
  const rules = join(import.meta.dirname, '../../bench/serving/rules');
  const own = serve(certs);
  const lines = await started(
    certs,
    [
      { what: 'alone', args: own },
      { what: 'with loaded rules', args: [...own, '--rules', rules] },
    ],
    QUICK,
  );
  const [alone, loaded] = lines;
  assert.deepEqual(
    lines.map(({ what }) => what),
    ['alone', 'with loaded rules'],
  );
  assert.ok(alone && loaded && alone.readyMs > 0 && loaded.readyMs > 0);
  assert.equal(alone.ofBare, 1);
  if (process.platform !== 'linux') return;
  assert.equal(alone.atFirst?.workers, 0, 'built-in rules need none');
  for (const { own, workers } of [loaded.atFirst, loaded.afterReviews].map(
    (memory) => memory ?? { own: 0, workers: 0 },
  )) {
    assert.ok(own > 20e6 && workers > 2 * 20e6, `a process of Node takes more: ${own}, two workers ${workers}`);
  }
});
