import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultsIn, folderOf } from './rule-folder.ts';

/**
 * Members of a rule that is right otherwise, and what its author is told. The rules are JavaScript: whatever the
 * compiler would have refused gets here.
 */
const cases: readonly { sentence: string; members: string; maker?: 'mutatingRule'; faults: readonly string[] }[] = [
  {
    sentence: 'a name in camel case',
    members: "name: 'imageTag'",
    faults: ['rule imageTag: its name must be lower-case letters, digits and "-", beginning with a letter, 63 at most'],
  },
  {
    sentence: 'a name of 64 characters',
    members: `name: '${'a'.repeat(64)}'`,
    faults: [
      `rule ${'a'.repeat(64)}: its name must be lower-case letters, digits and "-", beginning with a letter, 63 at most`,
    ],
  },
  {
    sentence: 'no name',
    members: 'name: undefined',
    faults: [
      'rule undefined: its name must be lower-case letters, digits and "-", beginning with a letter, 63 at most',
    ],
  },
  {
    sentence: 'no validate',
    members: 'validate: undefined',
    faults: ['rule a: it has no function validate'],
  },
  {
    sentence: 'no mutate',
    maker: 'mutatingRule',
    members: 'mutate: true',
    faults: ['rule a: it has no function mutate'],
  },
  {
    sentence: 'a mutate in a validating rule, which would never run',
    members: 'mutate() {}',
    faults: ['rule a: it has mutate, which never runs in a validating rule: make that with mutatingRule()'],
  },
  {
    sentence: 'a validate in a mutating rule, which would never run',
    maker: 'mutatingRule',
    members: 'validate() {}',
    faults: ['rule a: it has validate, which never runs in a mutating rule: make that with validatingRule()'],
  },
  {
    sentence: 'operations in lower case, and one that does not exist',
    members: "operations: ['create', 'PATCH']",
    faults: [
      'rule a: its operations have "create"; did you mean CREATE?',
      'rule a: its operations have "PATCH"; known: CREATE, UPDATE, DELETE, CONNECT',
    ],
  },
  {
    sentence: 'no operations',
    members: 'operations: []',
    faults: ['rule a: its operations must be a list of some of CREATE, UPDATE, DELETE, CONNECT'],
  },
  {
    sentence: 'operations that are no list',
    members: "operations: 'CREATE'",
    faults: ['rule a: its operations must be a list of some of CREATE, UPDATE, DELETE, CONNECT'],
  },
  {
    sentence: 'DELETE in a mutating rule',
    maker: 'mutatingRule',
    members: "operations: ['CREATE', 'DELETE']",
    faults: ['rule a: a mutating rule cannot be for DELETE: the API server refuses any patch there'],
  },
  {
    sentence: 'a kind that is only its name',
    members: "kind: 'Pod'",
    faults: ['rule a: its kind must be a token made by kind(), or a list of them'],
  },
  {
    sentence: 'no kinds',
    members: 'kind: []',
    faults: ['rule a: its kind is an empty list; name at least one'],
  },
  {
    sentence: 'wildcards, which would match no review',
    members: "kind: [Pod, { ...Pod, group: '*', version: '*', resource: 'pods/*' }]",
    faults: [
      'rule a: its kind has the group "*"; it must be like "apps", and "" for the core group',
      'rule a: its kind has the version "*"; it must be like "v1"',
      'rule a: its kind has the resource "pods/*"; it must be one plural REST name, like "pods" or "pods/exec"',
    ],
  },
  {
    sentence: 'a group with its version, a kind in lower case, a scope that does not exist',
    members:
      "kind: { group: 'apps/v1', version: 'v1', kind: 'deployment', resource: 'deployments', scope: 'namespaced' }",
    faults: [
      'rule a: its kind has the group "apps/v1"; it must be like "apps", and "" for the core group',
      'rule a: its kind has the kind "deployment"; it must be like "Pod"',
      'rule a: its kind has the scope "namespaced"; it must be "Namespaced" or "Cluster"',
    ],
  },
  {
    sentence: 'the core group by the name that it does not have, and a resource in the singular',
    members: "kind: { ...Pod, group: 'core', resource: 'pod' }",
    faults: [
      'rule a: its kind has the group "core"; the core group is ""',
      'rule a: its kind has the resource "pod"; it must be plural, like "pods"',
    ],
  },
  {
    sentence: 'a webhook that could not stand in a URL',
    members: "webhook: 'My_Webhook'",
    faults: [
      'rule a: its webhook must be lower-case letters, digits and "-", beginning with a letter, 63 at most, not "My_Webhook"',
    ],
  },
  {
    sentence: 'a failure policy, a timeout and a reinvocation policy that the API server does not know',
    members: "failurePolicy: 'ignore', timeoutSeconds: 0.5, reinvocationPolicy: 'Always'",
    faults: [
      'rule a: its failurePolicy must be Fail or Ignore, not "ignore"',
      'rule a: its timeoutSeconds must be a whole number from 1 to 30, not 0.5',
      'rule a: its reinvocationPolicy must be Never or IfNeeded, not "Always"',
    ],
  },
  {
    sentence: 'misspelt members, which would be ignored',
    members: "failurepolicy: 'Ignore', selector: {}, when: 1",
    faults: [
      'rule a: it has the unknown member failurepolicy; did you mean failurePolicy?',
      'rule a: it has the unknown member selector; did you mean selectors?',
      'rule a: it has the unknown member when; known: name, kind, operations, settings, lookups, validate, webhook, selectors, failurePolicy, timeoutSeconds, reinvocationPolicy, matchConditions',
    ],
  },
  {
    sentence: 'selectors that are a list',
    members: 'selectors: [{ objectSelector: {} }]',
    faults: ['rule a: its selectors must be an object: a name for each alternative, and its label selectors'],
  },
  {
    sentence: 'a selector without its name, as Kubernetes has it',
    members: 'selectors: { objectSelector: { matchLabels: {} } }',
    faults: [
      'rule a: its selector "objectSelector" must be named by lower-case letters, digits and "-", beginning with a letter, 63 at most',
      'rule a: its selector objectSelector has the unknown member matchLabels; known: objectSelector, namespaceSelector',
    ],
  },
  {
    sentence: 'selectors whose misspelt members would be pruned, so that they select everything',
    members:
      "selectors: { pod: { objectSelector: { matchLabel: { a: 'b' } }, podSelector: {} }, none: {}, text: { namespaceSelector: 'a' } }",
    faults: [
      'rule a: its selector pod.objectSelector has the unknown member matchLabel; known: matchLabels, matchExpressions',
      'rule a: its selector pod has the unknown member podSelector; known: objectSelector, namespaceSelector',
      'rule a: its selector none is empty; name an objectSelector, a namespaceSelector or both',
      'rule a: its selector text.namespaceSelector must be a label selector: matchLabels, matchExpressions or both',
    ],
  },
  {
    sentence: 'label keys and values that are none',
    members: "selectors: { pod: { objectSelector: { matchLabels: { 'a b': 'x', ok: 'not ok', number: 1 } } } }",
    faults: [
      'rule a: its selector pod.objectSelector.matchLabels has "a b", which is no label key',
      'rule a: its selector pod.objectSelector.matchLabels has "not ok", which is no label value',
      'rule a: its selector pod.objectSelector.matchLabels has 1, which is no label value',
    ],
  },
  {
    sentence: 'expressions that the API server would refuse',
    members: `selectors: { pod: { objectSelector: { matchExpressions: [
      { key: 'a', operator: 'in', values: ['b'] },
      { key: 'a', operator: 'In' },
      { key: 'a', operator: 'Exists', values: ['b'] },
      { operator: 'Exists', value: 'b' },
      'a' ] } } }`,
    faults: [
      'rule a: its selector pod.objectSelector.matchExpressions[0].operator must be In, NotIn, Exists or DoesNotExist',
      'rule a: its selector pod.objectSelector.matchExpressions[1].values must be a list of label values, since its operator is In',
      'rule a: its selector pod.objectSelector.matchExpressions[2].values must not be there, since its operator is Exists',
      'rule a: its selector pod.objectSelector.matchExpressions[3] has the unknown member value; known: key, operator, values',
      'rule a: its selector pod.objectSelector.matchExpressions[3].key must be a label key',
      'rule a: its selector pod.objectSelector.matchExpressions[4] must be an object with key, operator and perhaps values',
    ],
  },
  {
    sentence: 'match conditions without name or expression, and two of one name',
    members: `matchConditions: [{ name: 'not a name', expression: 'true' }, { name: 'x', expression: ' ' },
      { name: 'x', expression: 'true', message: 'no' }, null]`,
    faults: [
      'rule a: its matchConditions[0].name must be a qualified name, like "not-a-node"',
      'rule a: its matchConditions[1].expression must be a CEL expression',
      'rule a: its matchConditions[2].name x stands twice',
      'rule a: its matchConditions[2] has the unknown member message; known: name, expression',
      'rule a: its matchConditions[3].name must be a qualified name, like "not-a-node"',
      'rule a: its matchConditions[3].expression must be a CEL expression',
    ],
  },
  {
    sentence: '65 match conditions',
    members: "matchConditions: Array.from({ length: 65 }, (_, i) => ({ name: 'c' + i, expression: 'true' }))",
    faults: ['rule a: it has 65 matchConditions; 64 are allowed'],
  },
  {
    sentence: 'settings and lookups that are texts',
    members: "settings: 'object', lookups: 'pod'",
    faults: [
      'rule a: its settings must be a JSON Schema of type "object"',
      'rule a: its lookups must be an object: a name for each, with its kind',
    ],
  },
  {
    sentence: 'lookups, which this version cannot answer',
    members: "lookups: { website: { kind: Pod, name: () => 'x' }, owner: { kind: Pod, name: () => 'y' } }",
    faults: ['rule a: it has lookups (website, owner), and this version of Portcullis has no cluster to look in'],
  },
];

for (const { sentence, members, maker = 'validatingRule', faults } of cases) {
  test(`refused, with place and reason: ${sentence}`, async (t) => {
    const verb = maker === 'mutatingRule' ? 'mutate() {}' : 'validate: () => allow()';
    const source = [
      "import { allow, Pod, mutatingRule, validatingRule } from 'portcullis';",
      '',
      `export const a = ${maker}({ name: 'a', kind: Pod, operations: ['CREATE'], ${verb}, ${members} });`,
    ];
    const folder = await folderOf(t, { 'portcullis.yaml': '', 'a.js': source.join('\n') });
    assert.deepEqual(
      await faultsIn(folder),
      faults.map((fault) => `a.js:3: ${fault}`),
    );
  });
}

test('rules that share a webhook and differ in its routing are refused, whichever files they are in', async (t) => {
  const rule = (name: string, more: string, maker = 'validatingRule', verb = 'validate: () => allow()') => `
import { allow, Pod, mutatingRule, validatingRule } from 'portcullis';
export const a = ${maker}({ name: '${name}', kind: Pod, operations: ['CREATE'], ${verb}, ${more} });`;
  const folder = await folderOf(t, {
    'portcullis.yaml': '',
    'a.js': rule('a', "timeoutSeconds: 10, failurePolicy: 'Fail'"),
    'b.js': rule('b', "failurePolicy: 'Ignore'"),
    'c.js': rule('c', "timeoutSeconds: 10, selectors: {}, matchConditions: [], reinvocationPolicy: 'Never'"),
    'd.js': rule('d', 'timeoutSeconds: 10', 'mutatingRule', 'mutate() {}'),
    'e.js': rule('e', "webhook: 'own', selectors: { x: { objectSelector: {}, namespaceSelector: {} } }"),
    'f.js': rule('f', "webhook: 'own', selectors: { x: { namespaceSelector: {}, objectSelector: {} } }"),
    'g.js': rule('g', "webhook: 'own', selectors: { y: { namespaceSelector: {} } }"),
  });
  assert.deepEqual(await faultsIn(folder), [
    'b.js:3: rule b: its failurePolicy and timeoutSeconds must be those of a, with which it shares the webhook policy; or name a webhook of its own (a: a.js:3)',
    'g.js:3: rule g: its selectors must be those of e, with which it shares the webhook own; or name a webhook of its own (e: e.js:3)',
  ]);
});

test('a name that a built-in rule has, or another rule of the same file, is taken', async (t) => {
  const { gitSync } = await import('../../rules/git-sync/git-sync.ts');
  const rule = (name: string, as: string) =>
    `export const ${as} = validatingRule({ name: '${name}', kind: Pod, operations: ['CREATE'], validate: () => allow() });`;
  const folder = await folderOf(t, {
    'portcullis.yaml': '',
    'a.js': [
      "import { allow, Pod, validatingRule } from 'portcullis';",
      rule('git-sync', 'a'),
      rule('b', 'b'),
      rule('b', 'c'),
    ].join('\n'),
  });
  assert.deepEqual(await faultsIn(folder, { builtIn: [gitSync] }), [
    'a.js:2: rule git-sync: its name is taken (git-sync: built-in rules)',
    'a.js:4: rule b: its name is taken (b: a.js:3)',
  ]);
});
