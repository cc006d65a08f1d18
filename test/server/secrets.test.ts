import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  allow,
  ConfigMap,
  deny,
  invalid,
  mutatingRule,
  type Rule,
  Secret,
  skip,
  validatingRule,
} from '../../author.ts';
import { post } from './client.ts';
import { MARKER, reviewWith } from './hostile.ts';
import type { Tree } from './recorded.ts';
import { type LogLine, serving } from './serving.ts';

// Rules repeat what they see, on purpose or in an error's text: it must not get further than to who sent it.
const kind = [Secret, ConfigMap];
const validating = (validate: (object: Tree) => ReturnType<typeof allow>): Rule =>
  validatingRule({ name: 'tells', kind, operations: ['CREATE'], validate });
const mutating = (mutate: (draft: Tree) => undefined): Rule =>
  mutatingRule({ name: 'tells', kind, operations: ['CREATE'], mutate });
const fail = ({ data }: Tree): never => {
  throw new Error(`it says ${data.password}`);
};

const telling: { [sentence: string]: Rule } = {
  'a denial': validating(({ data }) => deny(`it says ${data.password}`, invalid('data.password', data.password, 'no'))),
  'a warning': validating(({ data }) => allow(`it says ${data.password}`)),
  'a failure': validating(fail),
  'a failure of a mutating rule': mutating(fail),
  'a reason to skip': mutating(({ data }) => skip('because', `it says ${data.password}`)),
};

const secret = reviewWith(({ request }) => {
  request.kind.kind = 'Secret';
  request.resource.resource = 'secrets';
  request.object.kind = 'Secret';
});
const pathOf = ({ phase }: Rule): string => (phase === 'mutating' ? '/mutate/policy' : '/validate/policy');

describe('no word about a Secret is logged', () => {
  for (const [sentence, rule] of Object.entries(telling)) {
    test(sentence, async (t) => {
      const server = await serving(t, [rule]);
      for (const body of [secret, reviewWith()]) await post(server, pathOf(rule), body);
      const [ofSecret = {}, ofConfigMap = {}] = server.log;
      assert.ok(!JSON.stringify(ofSecret).includes(MARKER));
      const [{ decision, reason }] = ofSecret.rules as [LogLine];
      const { reason: _, ...rest } = (ofConfigMap.rules as [LogLine])[0];
      assert.deepEqual({ rule: 'tells', decision }, rest);
      assert.equal(reason, '(not logged for a Secret)');
      // Of anything else it is, or this would prove nothing.
      assert.ok(JSON.stringify(ofConfigMap).includes(MARKER));
    });
  }
});

describe('no word about a Secret gets into the logs of the API server', () => {
  for (const [sentence, rule] of Object.entries(telling)) {
    for (const mode of ['enforce', 'warn', 'audit'] as const) {
      test(`${sentence}, mode ${mode}`, async (t) => {
        const server = await serving(t, [rule], { mode });
        const { status, body } = await post(server, pathOf(rule), secret);
        const { auditAnnotations = {}, ...response } = status === 200 ? JSON.parse(body).response : {};
        assert.ok(!JSON.stringify(auditAnnotations).includes(MARKER), body);
        // What kubectl shows ends in the logs of whoever runs it.
        assert.ok(!body.includes(MARKER), body);
        if (sentence === 'a denial' && mode !== 'enforce') assert.equal(auditAnnotations.tells, 'would deny');
        if (sentence === 'a denial' && mode === 'enforce') assert.match(response.status.message, /it says \*\*\*/);
      });
    }
  }
});

const password = 'hunter2-in-an-address';

test('no password of an address is logged or answered', async (t) => {
  const address = `https://user:${password}@git.example.com/repo`;
  const rules = [
    validatingRule({
      name: 'names-it',
      kind: ConfigMap,
      operations: ['CREATE'],
      validate: () => deny(`cannot clone ${address}`, invalid('data.repo', address, 'must be another')),
    }),
    validatingRule({
      name: 'warns-of-it',
      webhook: 'warns',
      kind: ConfigMap,
      operations: ['CREATE'],
      validate: () => allow(`beware of ${address}`),
    }),
    validatingRule({
      name: 'fails-at-it',
      webhook: 'fails',
      kind: ConfigMap,
      operations: ['CREATE'],
      validate() {
        throw new Error(`cannot reach ${address}`);
      },
    }),
    mutatingRule({
      name: 'skips-it',
      kind: ConfigMap,
      operations: ['CREATE'],
      mutate: () => skip('private', `leaves ${address} alone`),
    }),
  ];
  for (const mode of ['enforce', 'warn', 'audit'] as const) {
    const server = await serving(t, rules, { mode });
    for (const path of ['/validate/policy', '/validate/warns', '/validate/fails', '/mutate/policy']) {
      const { body } = await post(server, path, reviewWith());
      assert.ok(!body.includes(password), body);
    }
    const text = JSON.stringify(server.log);
    assert.ok(!text.includes(password), text);
    assert.equal(text.split('https://***@git.example.com/repo').length - 1, 5);
  }
});
