import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  allow,
  ConfigMap,
  deny,
  type Kind,
  mutatingRule,
  Pod,
  type Rule,
  Secret,
  validatingRule,
} from '../../author.ts';
import { type Lookups, lookedUp } from '../../webhook/lookup.ts';
import { rulesInForce } from '../../webhook/match.ts';
import { fail, type Untyped, unhandledDuring } from './ends.ts';
import { failureOf, patchOf, responseOf, reviewed } from './reviewed.ts';

const name = (pod: { metadata: { labels?: { [key: string]: string } } }) => pod.metadata.labels?.app;

test('a rule is handed what it looks up, in the namespace of the request, under the name that it chose', async () => {
  const asked: unknown[] = [];
  const lookups: Lookups = {
    find: async ({ kind }, namespace, name) => {
      asked.push([kind, namespace, name]);
      return kind === 'ConfigMap' ? { data: { a: 'b' } } : undefined;
    },
  };
  const rule = validatingRule({
    name: 'look',
    kind: Pod,
    operations: ['CREATE'],
    lookups: { config: { kind: ConfigMap, name }, secret: { kind: Secret, name: (_, { name }) => name } },
    validate: (_, { found }) => deny(`${JSON.stringify(found.config)} ${found.secret} ${Object.keys(found)}`),
  });
  const { status } = responseOf(await reviewed([rule], {}, { lookups }));
  assert.equal(status?.message, '[look] {"data":{"a":"b"}} undefined config,secret');
  assert.deepEqual(asked, [
    ['ConfigMap', 'web', 'web'],
    ['Secret', 'web', 'p'],
  ]);
});

const nothing = [undefined, null, ''];

for (const none of nothing) {
  test(`a rule that has nothing to look up (${JSON.stringify(none)}) finds nothing, and nobody is asked`, async () => {
    const rule = looking(
      () => none,
      (found) => (found === undefined ? allow() : deny('found')),
    );
    const lookups = { find: async () => fail(new Error('asked')) };
    assert.equal(responseOf(await reviewed([rule], {}, { lookups })).allowed, true);
  });
}

const failures: readonly (readonly [sentence: string, name: () => unknown, message: string])[] = [
  ['is a number', () => 7, "TypeError: a lookup's name must be a string, got number"],
  ['is an object', () => ({}), "TypeError: a lookup's name must be a string, got object"],
  ['is a promise', async () => fail(new Error('later')), "TypeError: a lookup's name must be a string, got object"],
  ['cannot be told', () => fail(new Error('no labels')), 'Error: no labels'],
  ['is denied', () => deny('no'), 'it threw an object'],
];

for (const [sentence, name, message] of failures) {
  test(`a rule has failed when the name that it looks up ${sentence}`, async () => {
    const answer = await reviewed([looking(name, () => allow())], {}, { lookups: { find: async () => ({}) } });
    assert.equal(failureOf(answer), `rule it failed: ${message}`);
  });
}

test('a name that is a promise is let go of: its rejection ends nothing', async () => {
  const rule = looking(
    async () => fail(new Error('later')),
    () => allow(),
  );
  assert.deepEqual(await unhandledDuring(() => reviewed([rule], {}, { lookups: { find: async () => ({}) } })), []);
});

test('what the name of a lookup throws is no decision of the next rule', async () => {
  const denied = looking(
    () => deny('no'),
    () => allow(),
    { failurePolicy: 'Ignore' },
  );
  const next = validatingRule({ name: 'next', kind: Pod, operations: ['CREATE'], validate: () => allow('fine') });
  const { warnings } = responseOf(await reviewed([denied, next]));
  assert.deepEqual(warnings, ['[it] failed: it threw an object', '[next] fine']);
});

test('a lookup that cannot be answered is a failure of the rule that asked, and of no other', async () => {
  const lookups = { find: async () => fail(new Error('the cache is not synced')) };
  const rule = looking(
    () => 'x',
    () => allow(),
    { failurePolicy: 'Ignore' },
  );
  const other = validatingRule({ name: 'other', kind: Pod, operations: ['CREATE'], validate: () => deny('no') });
  const answer = await reviewed([rule, other], {}, { lookups });
  assert.equal(responseOf(answer).status?.message, '[other] no');
  assert.deepEqual(responseOf(answer).auditAnnotations, { it: 'failed: Error: the cache is not synced' });
  assert.equal(
    failureOf(
      await reviewed(
        [
          looking(
            () => 'x',
            () => allow(),
          ),
        ],
        {},
        { lookups },
      ),
    ),
    'rule it failed: Error: the cache is not synced',
  );
});

test('one lookup that fails fails the rule, whatever becomes of the others; none is left unhandled', async () => {
  const lookups = { find: async ({ kind }: { kind: string }) => fail(new Error(`no ${kind}`)) };
  const rule = validatingRule({
    name: 'both',
    kind: Pod,
    operations: ['CREATE'],
    lookups: { a: { kind: ConfigMap, name: () => 'a' }, b: { kind: Secret, name: () => 'b' } },
    validate: () => allow(),
  });
  assert.equal(failureOf(await reviewed([rule], {}, { lookups })), 'rule both failed: Error: no ConfigMap');
});

test('nothing can be looked up for a request that has no namespace: that is a failure, not a miss', async () => {
  const rule = looking(
    () => 'x',
    () => allow(),
  );
  const answer = await reviewed([rule], { namespace: undefined }, { lookups: { find: async () => ({}) } });
  assert.equal(failureOf(answer), 'rule it failed: Error: ConfigMap x: the request has no namespace');
});

test('without a cluster, a rule that looks something up has failed, and says why', async () => {
  const message = failureOf(
    await reviewed([
      looking(
        () => 'x',
        () => allow(),
      ),
    ]),
  );
  assert.equal(message, 'rule it failed: Error: no ConfigMap can be looked up: this server has no access to a cluster');
});

for (const none of nothing) {
  test(`an optional lookup that has nothing to look up (${JSON.stringify(none)}) needs no cluster`, async () => {
    const rule = looking(
      () => none,
      (found) => (found === undefined ? allow() : deny('found')),
      { optional: true },
    );
    assert.equal(responseOf(await reviewed([rule])).allowed, true);
  });
}

test('an optional lookup that has something to look up and cannot is a failure of its rule, and never a miss', async () => {
  const message = failureOf(
    await reviewed([
      looking(
        () => 'x',
        () => allow(),
        { optional: true },
      ),
    ]),
  );
  assert.equal(message, 'rule it failed: Error: no ConfigMap can be looked up: this server has no access to a cluster');
});

test('what is looked up optionally is found as all else is', async () => {
  const rule = looking(
    () => 'x',
    (found) => deny(JSON.stringify(found)),
    { optional: true },
  );
  const answer = await reviewed([rule], {}, { lookups: { find: async (_, namespace, name) => ({ namespace, name }) } });
  assert.equal(responseOf(answer).status?.message, '[it] {"namespace":"web","name":"x"}');
});

const other = { ...ConfigMap };
const needs: [sentence: string, lookups: Lookup[], wanted: [string, boolean][]][] = [
  ['two rules can do without', [{ optional: true }, { optional: true }], [['configmaps', true]]],
  ['the first rule needs', [{}, { optional: true }], [['configmaps', false]]],
  ['the last rule needs', [{ optional: true }, { optional: false }], [['configmaps', false]]],
  ['one rule needs, by another token', [{ optional: true }, { kind: other }], [['configmaps', false]]],
  [
    'is another one than that which a rule needs',
    [{ optional: true }, { kind: Pod }],
    [
      ['configmaps', true],
      ['pods', false],
    ],
  ],
];
for (const [sentence, lookups, wanted] of needs) {
  test(`whether a server can do without a kind that ${sentence}`, () => {
    const rules = lookups.map((lookup, i) =>
      validatingRule({
        name: `r${i}`,
        kind: Pod,
        operations: ['CREATE'],
        lookups: { it: { kind: ConfigMap, name: () => 'x', ...lookup } },
        validate: () => allow(),
      }),
    );
    const inForce = rulesInForce(rules.map((rule) => ({ rule, settings: {}, mode: 'enforce' })));
    assert.deepEqual(
      lookedUp(inForce).map(({ kind, optional }) => [kind.resource, optional]),
      wanted,
    );
  });
}

interface Lookup {
  readonly kind?: Kind<object>;
  readonly optional?: boolean;
}

test('a mutating rule looks up by the object as the rules before it left it, and may put in what it finds', async () => {
  const rules = [
    mutatingRule({
      name: 'label',
      kind: Pod,
      operations: ['CREATE'],
      mutate(draft) {
        draft.metadata.labels = { app: 'other' };
      },
    }),
    mutatingRule({
      name: 'put-in',
      kind: Pod,
      operations: ['CREATE'],
      lookups: { config: { kind: ConfigMap, name } },
      mutate(draft, { found }) {
        draft.metadata.annotations = found.config?.data ?? {};
      },
    }),
  ];
  const lookups: Lookups = { find: async (_, __, name) => ({ data: { name } }) };
  assert.deepEqual(patchOf(await reviewed(rules, {}, { lookups })), [
    { op: 'replace', path: '/metadata/labels/app', value: 'other' },
    { op: 'add', path: '/metadata/annotations', value: { name: 'other' } },
  ]);
});

function looking(
  name: () => unknown,
  validate: (found: unknown) => ReturnType<typeof allow>,
  { failurePolicy = 'Fail', optional = false }: { failurePolicy?: 'Fail' | 'Ignore'; optional?: boolean } = {},
): Rule {
  return validatingRule({
    name: 'it',
    kind: Pod,
    operations: ['CREATE'],
    failurePolicy,
    lookups: { config: { kind: ConfigMap, name: name as Untyped, optional } },
    validate: (_, { found }) => validate(found.config),
  });
}
