import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lookups } from '../../webhook/lookup.ts';
import { about, isolated, looksUp } from './isolated.ts';

test('what a rule looks up is found, or known not to exist, by its kind and in its namespace', async (t) => {
  const asked: unknown[] = [];
  const lookups: Lookups = {
    async find({ resource }, namespace, name) {
      asked.push([resource, namespace, name]);
      return name === 'none' ? undefined : { metadata: { name }, data: { value: 'v' } };
    },
  };
  const workers = await isolated(t, { size: 1, lookups, kubeVersion: { major: 1, minor: 31 } });
  const { warnings } = await workers.review(about({ first: 'one', second: 'two' }), looksUp);
  assert.deepEqual(warnings, ['[looks-up] first: v', '[looks-up] second: two', '[looks-up] Kubernetes: 31']);
  assert.deepEqual(asked, [
    ['configmaps', 'web', 'one'],
    ['pods', 'web', 'two'],
  ]);
  const missing = await workers.review(about({ first: 'none' }), looksUp);
  assert.deepEqual(missing.warnings?.slice(0, 2), ['[looks-up] first: undefined', '[looks-up] second: undefined']);
});

test('a lookup that fails is the failure of its rule', async (t) => {
  const lookups = { find: () => Promise.reject(new Error('not synced')) };
  const workers = await isolated(t, { size: 1, lookups });
  const { status, message } = await workers.review(about({ first: 'one' }), looksUp);
  assert.deepEqual([status, message], [500, 'rule looks-up failed: Error: not synced']);
});

test('a lookup that nobody answers fails its rule in time, not its worker; what comes later is nobody’s', async (t) => {
  const late = Promise.withResolvers<unknown>();
  const lookups: Lookups = {
    find: async (_, __, name) => (name === 'late' ? late.promise : { metadata: {}, data: { value: name } }),
  };
  const workers = await isolated(t, { size: 1, most: 1, lookups, ruleMs: 200 });
  const { message = '', ms } = await workers.review(about({ first: 'late' }), { ...looksUp, seconds: 2 });
  assert.match(message, /^rule looks-up failed: Error: configmaps: no answer within 1\.6 s/);
  assert.ok(ms < 2000, `${ms} ms`);
  late.resolve({ metadata: {}, data: { value: 'of another review' } });
  const { warnings } = await workers.review(about({ first: 'own' }), looksUp);
  assert.equal(warnings?.[0], '[looks-up] first: own');
  assert.equal(workers.pids.length, 1);
});

test('one lookup fails while another is still open: the next review has neither, and a rule that does not end is found out', async (t) => {
  const lookups: Lookups = {
    find: async (_, __, name) => (name === 'open' ? new Promise(() => {}) : Promise.reject(new Error('no'))),
  };
  const workers = await isolated(t, { size: 1, lookups, ruleMs: 300 });
  assert.equal(
    (await workers.review(about({ first: 'open', second: 'fails' }), looksUp)).message,
    'rule looks-up failed: Error: no',
  );
  const { message } = await workers.review(about({ second: 'loop' }), looksUp);
  assert.equal(message, 'rule looks-up failed: it did not end within 0.3 s');
});

test('a rule whose second lookup never comes to a name is found out, while its first waits', async (t) => {
  const lookups: Lookups = { find: async () => ({ metadata: {}, data: { value: 'v' } }) };
  const workers = await isolated(t, { size: 1, lookups, ruleMs: 300 });
  const { message } = await workers.review(about({ first: 'one', second: 'loop' }), looksUp);
  assert.equal(message, 'rule looks-up failed: it did not end within 0.3 s');
});

test('a rule that does not end after it was told what it looked up is found out', async (t) => {
  const lookups: Lookups = { find: async () => ({ metadata: {}, data: { value: 'v' } }) };
  const workers = await isolated(t, { size: 1, lookups, ruleMs: 300 });
  const { message } = await workers.review(about({ first: 'one', after: 'loop' }), looksUp);
  assert.equal(message, 'rule looks-up failed: it did not end within 0.3 s');
});

test('what cannot be sent to a worker is a failed lookup', async (t) => {
  const lookups = { find: async () => ({ metadata: {}, data: 1n }) };
  const workers = await isolated(t, { size: 1, lookups });
  const { message = '' } = await workers.review(about({ first: 'one' }), looksUp);
  assert.match(message, /^rule looks-up failed: Error: .*BigInt/);
});
