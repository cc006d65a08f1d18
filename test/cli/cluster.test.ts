import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { pino } from 'pino';
import { allow, Pod, type Rule, validatingRule } from '../../author.ts';
import { clusterAccess } from '../../cli/cluster.ts';
import { configFrom } from '../../cli/config.ts';
import { type Given, UsageError } from '../../cli/usage.ts';
import { inTime } from '../../webhook/in-time.ts';
import { rulesInForce } from '../../webhook/match.ts';
import { createMetrics } from '../../webhook/metrics.ts';
import { type FakeApiServer, fakeApiServer, refuse, Thing } from '../cluster/fake-api-server.ts';
import { eventually } from '../e2e/eventually.ts';

const routine = { kind: Pod, operations: ['CREATE'], validate: () => allow() } as const;

/** What a server with these rules gets of a cluster of its own, and its engine. In mode self unless said. */
async function accessed(
  t: TestContext,
  rules: readonly Rule[],
  { api: given, flags = { certificate: ['self'] } }: { api?: FakeApiServer; flags?: Given['flags'] } = {},
) {
  const api = given ?? (await fakeApiServer(t));
  const access = await accessWith(t, rules, { flags: { ...flags, kubeconfig: [api.kubeconfig] } });
  return { ...access, api };
}

/** The same where only the flags and the environment may lead to an API server. */
async function accessWith(
  t: TestContext,
  all: readonly Rule[],
  { flags = {}, environment = {} }: { flags?: Given['flags']; environment?: { [name: string]: string } },
) {
  const rules = rulesInForce(all.map((rule) => ({ rule, settings: {}, mode: 'enforce' })));
  const logged: { level: number; msg: string; [member: string]: unknown }[] = [];
  const access = await clusterAccess(configFrom({ words: [], flags }, {}), rules, {
    environment,
    log: pino({ base: null, timestamp: false }, { write: (line: string) => logged.push(JSON.parse(line)) }),
    metrics: createMetrics().lookups,
  });
  t.after(() => access.stop());
  return { ...access, logged, engine: { rules, lookups: access.lookups, now: () => 0 } };
}

/** A rule that looks a thing up; in another one, whether it can do without. */
function lookingUp(name: string, more: { readonly optional?: boolean; readonly kind?: typeof Thing } = {}): Rule {
  return validatingRule({ ...routine, name, lookups: { thing: { kind: Thing, name: () => 'a', ...more } } });
}

const optional = true;
/** Nothing here leads to an API server. */
const nowhere = { HOME: '/nonexistent' };
const forbidden = { reason: 'Forbidden', message: 'not you' };

test('mode self asks nothing for rules that look nothing up, and their reviews are those of a server without a cluster', async (t) => {
  const { api, client, engine, unsynced } = await accessed(t, [validatingRule({ ...routine, name: 'plain' })]);
  await eventually('the version', async () => unsynced().length === 0 || undefined);
  assert.equal(inTime(engine, '/validate/policy?timeout=10s'), engine, 'no review is timed');
  await client?.request('GET', '/api/v1/namespaces/portcullis-system/secrets/portcullis-ca');
  assert.deepEqual(api.asked.map(({ path }) => path).sort(), [
    '/api/v1/namespaces/portcullis-system/secrets/portcullis-ca',
    '/version',
  ]);
});

test('mode self lists what rules look up, and holds their reviews to their time', async (t) => {
  const { api, engine, unsynced } = await accessed(t, [lookingUp('looking')]);
  assert.notEqual(inTime(engine, '/validate/policy?timeout=10s'), engine);
  await eventually('the list', async () => unsynced().length === 0 || undefined);
  assert.equal(api.count('list'), 1);
});

test('until the API server has said its version, or that it does not, the server is not ready, and says why', async (t) => {
  const api = await fakeApiServer(t);
  const answer = Promise.withResolvers<ServerResponse>();
  api.instead('other', (_, response) => answer.resolve(response));
  const access = await accessed(t, [lookingUp('looking')], { api });
  const response = await answer.promise;
  await eventually('the list', async () => access.unsynced().length === 1 || undefined);
  assert.deepEqual(access.unsynced(), [
    'the API server has not said its version yet: it is being asked for the first time',
  ]);
  assert.equal(access.kubeVersion(), undefined);
  refuse(response, 403, forbidden);
  await eventually('the refusal', async () => access.unsynced().length === 0 || undefined);
  await eventually('the next answer', async () => access.kubeVersion());
  assert.deepEqual(access.kubeVersion(), { major: 1, minor: 28 });
});

test('a server that ends before the API server has said its version says nothing of it', async (t) => {
  const api = await fakeApiServer(t);
  const arrived = Promise.withResolvers<void>();
  api.instead('other', () => arrived.resolve(), Infinity);
  const { stop, logged } = await accessed(t, [validatingRule({ ...routine, name: 'plain' })], { api });
  await arrived.promise;
  stop();
  await eventually('no connection is left', async () => api.connections() === 0 || undefined);
  assert.deepEqual([logged, api.count('other')], [[], 1]);
});

const askingNobody: [sentence: string, rules: Rule[], flags: Given['flags']][] = [
  ['no rule looks anything up', [validatingRule({ ...routine, name: 'plain' })], {}],
  ['rules can do without, and nobody may be asked', [lookingUp('can', { optional })], { 'cluster-access': ['none'] }],
];
for (const [sentence, rules, flags] of askingNobody) {
  test(`no API server is asked for its version, or anything, where ${sentence}`, async (t) => {
    const { api, client, kubeVersion, unsynced, lookups } = await accessed(t, rules, { flags });
    assert.deepEqual([client, kubeVersion(), unsynced()], [undefined, undefined, []]);
    await assert.rejects(lookups.find(Thing, 'default', 'a'), /this server has no access to a cluster/);
    assert.equal(api.connections(), 0);
  });
}

test('where no API server is known, rules that can do without are in force, and the log says what is not looked up', async (t) => {
  const other = { ...Thing, resource: 'others' };
  const rules = [lookingUp('one', { optional }), lookingUp('two', { optional, kind: other })];
  const { client, kubeVersion, unsynced, lookups, logged } = await accessWith(t, rules, { environment: nowhere });
  assert.deepEqual([client, kubeVersion(), unsynced()], [undefined, undefined, []]);
  await assert.rejects(lookups.find(Thing, 'default', 'a'), /this server has no access to a cluster/);
  assert.deepEqual(
    logged.map(({ level, msg }) => [level, msg]),
    [[30, 'no cluster is asked, and things.test.example.com, others.test.example.com cannot be looked up']],
  );
  assert.match(`${logged[0]?.reason}`, /^No API server is known\. Looked for /);
});

const refused: [sentence: string, rules: Rule[], flags: Given['flags'], said: RegExp][] = [
  ['a rule needs one', [lookingUp('needs'), lookingUp('can', { optional })], {}, /^No API server is known/],
  ['the certificate needs one', [lookingUp('can', { optional })], { certificate: ['self'] }, /^No API server is known/],
  [
    'a kubeconfig is named that is not there, though all rules can do without',
    [lookingUp('can', { optional })],
    { kubeconfig: ['/nonexistent/kubeconfig'] },
    /\/nonexistent\/kubeconfig/,
  ],
];
for (const [sentence, rules, flags, said] of refused) {
  test(`a start without an API server is refused where ${sentence}`, async (t) => {
    await assert.rejects(accessWith(t, rules, { flags, environment: nowhere }), (error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, said);
      return true;
    });
  });
}

test('a refused kind is waited for where one rule needs it, whatever the other can do without', async (t) => {
  const api = await fakeApiServer(t);
  const relent = api.instead('list', (_, response) => refuse(response, 403, forbidden), Infinity);
  const rules = [lookingUp('can', { optional }), lookingUp('needs')];
  const { unsynced } = await accessed(t, rules, { api });
  await eventually('the refusal', async () => unsynced().join().includes('not you') || undefined);
  await eventually('the version', async () => unsynced().length === 1 || undefined);
  assert.match(unsynced().join(), /^things\.test\.example\.com have not been listed yet/);
  relent();
  await eventually('readiness', async () => unsynced().length === 0 || undefined);
});

test('a refused kind that all rules can do without is waited for by nobody', async (t) => {
  const api = await fakeApiServer(t);
  api.instead('list', (_, response) => refuse(response, 403, forbidden), Infinity);
  const rules = [lookingUp('can', { optional }), lookingUp('can-too', { optional })];
  const { unsynced, lookups } = await accessed(t, rules, { api });
  await eventually('readiness', async () => unsynced().length === 0 || undefined);
  await assert.rejects(lookups.find(Thing, 'default', 'a'), /not synced yet: .*not you/);
});
