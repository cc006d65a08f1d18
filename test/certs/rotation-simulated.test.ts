import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seedOf } from '../website/random.ts';
import { simulated } from './simulated/run.ts';

test('whatever happens in whatever order, every replica is trusted at every moment', async (t) => {
  const seed = seedOf(t);
  const told = await simulated(seed, Number(process.env.DAYS ?? 1));
  t.diagnostic(JSON.stringify(told));
  assert.ok(told.rotations >= 1, 'the CA was rotated');
});
