import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allow, ConfigMap, Pod, validatingRule } from '../../author.ts';
import { textOf } from '../engine/reviewed.ts';
import { post } from './client.ts';
import { serving } from './serving.ts';

/** Rules that each look up something of their own, in their order. */
function looking(count: number) {
  return Array.from({ length: count }, (_, i) =>
    validatingRule({
      name: `rule-${i}`,
      kind: Pod,
      operations: ['CREATE'],
      lookups: { it: { kind: ConfigMap, name: () => `${i}` } },
      validate: () => allow(),
    }),
  );
}

test('lookups that are never answered fail their rules while the API server still waits', async (t) => {
  const lookups = { find: () => new Promise<never>(() => {}) };
  const server = await serving(t, looking(3), { lookups, mode: 'audit' });
  const started = performance.now();
  const { status, body } = await post(server, '/validate/policy?dryRun&timeout=2s', textOf({}));
  const took = performance.now() - started;
  assert.ok(took > 1590 && took < 2000, `${took} ms`);
  const { response } = JSON.parse(body);
  assert.deepEqual([status, response.allowed], [200, true], 'in mode audit, what fails refuses nothing');
  const failed = 'failed: Error: configmaps: no answer within 1.6 s, the time of this review';
  assert.deepEqual(Object.values(response.auditAnnotations), [failed, failed, failed]);
});

test('lookups that fail or are answered in time are what they are, and leave no timer', async (t) => {
  const lookups = {
    find: async (_: unknown, __: string, name: string) => (name === '1' ? Promise.reject(new Error('no')) : {}),
  };
  const server = await serving(t, looking(3), { lookups, mode: 'audit' });
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  const { body } = await post(server, '/validate/policy', textOf({}));
  assert.deepEqual(Object.values(JSON.parse(body).response.auditAnnotations), ['failed: Error: no']);
  assert.ok(timers() <= before + 1, `${timers()} timers, ${before} before`);
});
