import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asking, isolated } from './isolated.ts';

const ignored = { webhook: 'ignored' };

test('under Ignore, a rule that does not end is left out: its neighbour admits or denies, and the user is warned', async (t) => {
  const workers = await isolated(t, { ruleMs: 300 });
  const good = await workers.review(asking({ ignored: 'loop' }), ignored);
  assert.deepEqual([good.status, good.allowed], [200, true]);
  assert.deepEqual(good.warnings, ['[faulty-ignored] failed: it did not end within 0.3 s']);
  const bad = await workers.review(asking({ ignored: 'loop' }, { bad: 'yes' }), ignored);
  assert.deepEqual([bad.status, bad.allowed], [200, false]);
  assert.match(bad.message ?? '', /^(\[neighbour\] )?it is bad$/);
});

test('under Ignore, the edits of a rule that ends its worker are lost, and those of the others stand', async (t) => {
  const workers = await isolated(t);
  const { patch, warnings } = await workers.review(asking({ edit: 'exit' }, { app: 'web' }), { phase: 'mutating' });
  assert.deepEqual(patch, [{ op: 'add', path: '/metadata/labels/before', value: 'yes' }]);
  assert.deepEqual(warnings, ['[edits-faulty] failed: it ended its process with code 3']);
});

test('two rules that both end their workers are both named', async (t) => {
  const workers = await isolated(t, { ruleMs: 200 });
  const { status, message } = await workers.review(asking({ fault: 'loop', second: 'exit' }), { seconds: 30 });
  assert.equal(status, 500);
  assert.equal(
    message,
    'rule faulty failed: it did not end within 0.2 s\nrule second failed: it ended its process with code 3',
  );
});
