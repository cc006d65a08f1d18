import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ConfigMap, deny, validatingRule } from '../../author.ts';
import { connected, post } from './client.ts';
import { everyOutcome } from './every-outcome.ts';
import { reviewWith } from './hostile.ts';
import { recordedKinds, recordedReview } from './recorded.ts';
import { type LogLine, serving } from './serving.ts';

/** The line without what differs from run to run. */
function lineOf(log: readonly LogLine[], i = 0): LogLine {
  const { time, milliseconds, level, ...line } = log[i] ?? {};
  assert.equal(typeof time, 'number');
  assert.equal(typeof milliseconds, 'number');
  assert.ok((milliseconds as number) >= 0 && (milliseconds as number) < 5000);
  return { ...line, level: LEVELS[level as number] };
}

const LEVELS: { readonly [level: number]: string } = { 30: 'info', 40: 'warn', 50: 'error' };

const decided: { [path: string]: { verdict: string; level?: string; rule: LogLine } } = {
  '/mutate/marks': { verdict: 'patched', rule: { decision: 'mutate', operations: 2 } },
  '/mutate/looks-on': { verdict: 'allowed', rule: { decision: 'allow' } },
  '/mutate/skips': { verdict: 'allowed', rule: { decision: 'skip', reason: 'not_meant: this is for others' } },
  '/mutate/refuses': { verdict: 'denied', rule: { decision: 'deny', reason: 'not like this' } },
  '/mutate/breaks': {
    verdict: 'failed',
    level: 'error',
    rule: { decision: 'failure', reason: 'Error: out of order' },
  },
  '/mutate/may-break': { verdict: 'allowed', rule: { decision: 'failure', reason: 'Error: out of order' } },
  '/validate/admits': { verdict: 'allowed', rule: { decision: 'allow' } },
  '/validate/warns': { verdict: 'allowed', rule: { decision: 'allow', reason: 'be careful; and quick' } },
  '/validate/denies': { verdict: 'denied', rule: { decision: 'deny', reason: 'not today; nor tomorrow' } },
  '/validate/finds-faults': {
    verdict: 'denied',
    rule: { decision: 'deny', reason: 'a.b[0]: Invalid value: 1: must be 2; c: Required value' },
  },
};

describe('one line a review tells what was asked, what each rule decided and why, and what came of it', () => {
  const { bytes, request } = recordedReview('kube-1.36/001-mutating-create-configmaps-a');
  for (const [path, { verdict, level = 'info', rule }] of Object.entries(decided)) {
    test(path, async (t) => {
      const server = await serving(t, everyOutcome(recordedKinds()));
      await post(server, `${path}?timeout=5s`, bytes);
      assert.equal(server.log.length, 1);
      const { rules, ...line } = lineOf(server.log);
      assert.deepEqual(line, {
        msg: 'review',
        level,
        path,
        verdict,
        uid: request.uid,
        operation: 'CREATE',
        kind: 'ConfigMap',
        resource: 'configmaps',
        namespace: 'ops',
        name: 'a',
        user: 'admin',
      });
      assert.deepEqual(rules, [{ rule: path.split('/')[2], ...rule }]);
    });
  }
});

test('the rules of one review are told in their order, in one line, with a mode that is not enforce', async (t) => {
  const rules = ['a', 'b', 'c'].map((name) =>
    validatingRule({ name, kind: ConfigMap, operations: ['CREATE'], validate: () => deny(`says ${name}`) }),
  );
  const server = await serving(t, rules, { mode: 'warn' });
  await post(server, '/validate/policy', reviewWith());
  assert.equal(server.log.length, 1);
  const expected = ['a', 'b', 'c'].map((name) => ({
    rule: name,
    decision: 'deny',
    mode: 'warn',
    reason: `says ${name}`,
  }));
  assert.deepEqual(server.log[0]?.rules, expected);
  assert.equal(server.log[0]?.verdict, 'allowed');
});

test('a subresource, a dry run and an object without a name are told as they are', async (t) => {
  const server = await serving(t, everyOutcome(recordedKinds()));
  await post(server, '/mutate/marks', recordedReview('023-mutating-update-deployments-scale-d').bytes);
  await post(server, '/mutate/marks', recordedReview('009-mutating-create-configmaps-dry').bytes);
  await post(server, '/mutate/marks', recordedReview('kube-1.36/003-mutating-create-configmaps-noname').bytes);
  const [scale = {}, dry = {}, unnamed = {}] = server.log;
  assert.deepEqual([scale.resource, scale.kind, scale.dryRun], ['deployments/scale', 'Scale', undefined]);
  assert.deepEqual([dry.name, dry.dryRun], ['dry', true]);
  assert.ok(!('name' in unnamed));
});

test('what no rule could say is the reason of the line', async (t) => {
  const server = await serving(t, everyOutcome(recordedKinds()));
  await post(server, '/validate/admits', '{}');
  await post(server, '/mutate/marks', recordedReview('057-mutating-delete-pods-p').bytes);
  await post(server, '/validate/admits', '{}', { headers: { 'content-type': 'text/plain' } });
  const [malformed, unmatched] = [lineOf(server.log, 0), lineOf(server.log, 1)];
  const reason = 'kind must be "AdmissionReview"';
  const path = '/validate/admits';
  assert.deepEqual(malformed, { msg: 'review', level: 'warn', path, verdict: 'malformed', reason });
  assert.match(String(unmatched.reason), /^no mutating rule of the webhook "marks" is for DELETE of Pod/);
  assert.deepEqual([unmatched.level, unmatched.verdict, unmatched.rules], ['error', 'failed', []]);
  const { time: _, ...refused } = server.log[2] ?? {};
  assert.deepEqual(refused, { level: 40, msg: 'request refused', code: 415, path, reason: 'Unsupported Media Type' });
});

test('a client that gives up in the middle of its body is a warning, no error', async (t) => {
  const server = await serving(t, everyOutcome(recordedKinds()));
  const { socket, send } = await connected(t, server);
  send('POST /validate/admits HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{');
  // This answer shows that the server has read what was sent before it.
  await post(server, '/validate/admits', '{}');
  socket.destroy();
  const refused = () => server.log.filter(({ code }) => code === 400);
  while (refused().length === 0) await post(server, '/nowhere', '{}');
  // What follows from it is not told as well.
  await post(server, '/nowhere', '{}');
  const [{ time: _, ...line } = {}, ...more] = refused();
  const reason = 'the request ended before it was whole';
  assert.deepEqual([line, more], [{ level: 40, msg: 'request refused', code: 400, reason }, []]);
});
