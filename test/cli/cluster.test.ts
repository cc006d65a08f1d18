import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { pino } from 'pino';
import { allow, Pod, type Rule, validatingRule } from '../../author.ts';
import { clusterAccess } from '../../cli/cluster.ts';
import { configFrom } from '../../cli/config.ts';
import { inTime } from '../../webhook/in-time.ts';
import { rulesInForce } from '../../webhook/match.ts';
import { createMetrics } from '../../webhook/metrics.ts';
import { fakeApiServer, Thing } from '../cluster/fake-api-server.ts';
import { eventually } from '../e2e/eventually.ts';

const routine = { kind: Pod, operations: ['CREATE'], validate: () => allow() } as const;

/** What a server in mode self, with this rule, gets of a cluster of its own; and its engine. */
async function accessed(t: TestContext, rule: Rule) {
  const api = await fakeApiServer(t);
  const flags = { certificate: ['self'], kubeconfig: [api.kubeconfig] };
  const rules = rulesInForce([{ rule, settings: {}, mode: 'enforce' }]);
  const access = await clusterAccess(configFrom({ words: [], flags }, {}), rules, {
    environment: {},
    log: pino({ level: 'silent' }),
    metrics: createMetrics().lookups,
  });
  t.after(() => access.stop());
  return { ...access, api, engine: { rules, lookups: access.lookups, now: () => 0 } };
}

test('mode self asks nothing for rules that look nothing up, and their reviews are those of a server without a cluster', async (t) => {
  const { api, client, engine, unsynced } = await accessed(t, validatingRule({ ...routine, name: 'plain' }));
  await eventually('the version', async () => unsynced().length === 0 || undefined);
  assert.equal(inTime(engine, '/validate/policy?timeout=10s'), engine, 'no review is timed');
  await client?.request('GET', '/api/v1/namespaces/portcullis-system/secrets/portcullis-ca');
  assert.deepEqual(api.asked.map(({ path }) => path).sort(), [
    '/api/v1/namespaces/portcullis-system/secrets/portcullis-ca',
    '/version',
  ]);
});

test('mode self lists what rules look up, and holds their reviews to their time', async (t) => {
  const lookups = { thing: { kind: Thing, name: () => 'a' } };
  const { api, engine, unsynced } = await accessed(t, validatingRule({ ...routine, name: 'looking', lookups }));
  assert.notEqual(inTime(engine, '/validate/policy?timeout=10s'), engine);
  await eventually('the list', async () => unsynced().length === 0 || undefined);
  assert.equal(api.count('list'), 1);
});
