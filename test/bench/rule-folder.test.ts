import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { loaded } from '../../bench/serving/reviews.ts';
import { writeRules } from '../../bench/serving/rule-folder.ts';
import { configFrom } from '../../cli/config.ts';
import { loadRules } from '../../cli/load.ts';
import { decode } from '../../webhook/decode.ts';
import { match } from '../../webhook/match.ts';
import { emptyFolder } from '../certs/empty-folder.ts';

test('of all rules that are made for the benchmark, one is for the review that it sends', async (t) => {
  const folder = await emptyFolder(t);
  writeRules(join(folder, 'rules'), 12);
  const inForce = await loadRules([], configFrom({ words: [], flags: { rules: [join(folder, 'rules')] } }, {}));
  const [review] = loaded;
  const matching = match(inForce, { phase: 'validating', webhook: 'policy' }, decode(review?.body ?? Buffer.alloc(0)));
  assert.equal(inForce.rules.length, 12);
  assert.deepEqual(
    matching.map(({ rule }) => rule.name),
    ['rule-0'],
  );
  const others = inForce.rules.filter(({ rule }) => rule.name !== 'rule-0');
  const kinds = new Set(others.flatMap(({ rule }) => rule.kinds.map(({ kind }) => kind)));
  assert.deepEqual([...kinds].sort(), ['Pod', 'Thing10', 'Thing2', 'Thing4', 'Thing6', 'Thing8']);
});
