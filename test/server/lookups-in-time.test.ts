import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allow, ConfigMap, Pod, validatingRule } from '../../author.ts';
import { nearMiss } from '../../webhook/in-time.ts';
import { textOf } from '../engine/reviewed.ts';
import { post } from './client.ts';
import { type Serving, serving } from './serving.ts';

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

  // Who looks after the cluster is told that this was close.
  const line = server.log.find(({ msg }) => msg === 'review');
  assert.deepEqual([line?.level, line?.verdict, line?.ofSeconds, line?.inTime], [WARN, 'allowed', 2, true]);
  assert.deepEqual(await nearDeadline(server), { true: 1, false: 0 });
  await post(server, '/validate/policy?timeout=30s', '{}');
  assert.deepEqual(await nearDeadline(server), { true: 1, false: 0 }, 'one that takes no time is no near miss');
  assert.equal(server.log.at(-1)?.ofSeconds, undefined);
});

for (const { query, seconds, miss } of [
  { query: '?timeout=2s', seconds: 1, miss: undefined },
  { query: '?timeout=2s', seconds: 1.01, miss: { of: 2, isInTime: true } },
  { query: '?timeout=2s', seconds: 1.79, miss: { of: 2, isInTime: true } },
  { query: '?timeout=2s', seconds: 1.8, miss: { of: 2, isInTime: false } },
  { query: '?timeout=2s', seconds: 60, miss: { of: 2, isInTime: false } },
  { query: '?timeout=1s', seconds: 0.51, miss: { of: 1, isInTime: true } },
  { query: '', seconds: 4.9, miss: undefined },
  { query: '', seconds: 5.1, miss: { of: 10, isInTime: true } },
]) {
  const what = miss === undefined ? 'no near miss' : miss.isInTime ? 'a near miss' : 'too late';
  test(`an answer after ${seconds} s to a review of "${query}" is ${what}`, () => {
    assert.deepEqual(nearMiss(`/validate/policy${query}`, seconds), miss);
  });
}

const WARN = 40;

async function nearDeadline({ metrics }: Serving): Promise<{ [inTime: string]: number }> {
  const { body } = await metrics.text();
  const samples = body.matchAll(/^portcullis_reviews_near_deadline_total\{in_time="(\w+)"\} (\d+)$/gm);
  return Object.fromEntries([...samples].map(([, inTime, count]) => [inTime, Number(count)]));
}

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
