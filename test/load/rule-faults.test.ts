import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultsIn, faultyRule, folderOf } from './rule-folder.ts';

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
    sentence: 'misspelt members, which would be ignored',
    members: "failurepolicy: 'Ignore', selector: {}, when: 1",
    faults: [
      'rule a: it has the unknown member failurepolicy; did you mean failurePolicy?',
      'rule a: it has the unknown member selector; did you mean selectors?',
      'rule a: it has the unknown member when; known: name, kind, operations, settings, lookups, validate, webhook, selectors, failurePolicy, timeoutSeconds, reinvocationPolicy, matchConditions',
    ],
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
    sentence: 'lookups of what cannot be looked up',
    members: `lookups: {
      a: { kind: Secret, name: () => 'x' }, b: { kind: Namespace, name: () => 'x' }, c: { kind: [Pod], name: () => 'x' },
      d: { kind: kind({ ...Pod, resource: 'pods/exec' }), name: () => 'x' }, e: { kind: { ...Pod, version: 1 }, name: () => 'x' },
    }`,
    faults: [
      'rule a: its lookup a is of Secrets, which Portcullis never reads',
      'rule a: its lookup b is of "namespaces", which are in no namespace; what is found is in the request\'s own',
      'rule a: its lookup c has a kind that must be one token, made by kind()',
      'rule a: its lookup d is of the subresource "pods/exec", which cannot be listed',
      'rule a: its lookup e has a kind that has the version 1; it must be like "v1"',
    ],
  },
  {
    sentence: 'lookups of the wrong shape',
    members:
      "lookups: { a: Pod, b: { kind: Pod, name: 'x' }, c: { kind: Pod, name: () => 'x', namespace: 'y' }, d: 'pod', " +
      "e: { kind: Pod, name: () => 'x', optional: 'yes' }, f: { kind: Pod, name: () => 'x', optional: null }, " +
      "g: { kind: Pod, name: () => 'x', optionnal: true } }",
    faults: [
      'rule a: its lookup a is a kind itself; write { kind: …, name: (object) => … }',
      'rule a: its lookup b has no function name, which says the name of the object to find',
      'rule a: its lookup c has the unknown member namespace; known: kind, name, optional',
      'rule a: its lookup d must be an object with a kind and a function name',
      'rule a: its lookup e has an optional that is neither true nor false',
      'rule a: its lookup f has an optional that is neither true nor false',
      'rule a: its lookup g has the unknown member optionnal; did you mean optional?',
    ],
  },
  {
    sentence: 'lookups of a rule whose objects are in no namespace',
    members:
      "kind: kind({ ...Namespace, kind: 'Node', resource: 'nodes' }), lookups: { a: { kind: Pod, name: () => 'x' } }",
    faults: [`rule a: it has lookups, which are in the request's namespace, and "nodes" have none`],
  },
];

for (const { sentence, members, maker = 'validatingRule', faults } of cases) {
  test(`refused, with place and reason: ${sentence}`, async (t) => {
    const folder = await folderOf(t, { 'portcullis.yaml': '', 'a.js': faultyRule(members, maker) });
    assert.deepEqual(
      await faultsIn(folder),
      faults.map((fault) => `a.js:3: ${fault}`),
    );
  });
}

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
    'a.js:2: rule git-sync: its name is taken (rule git-sync: built-in rules)',
    'a.js:4: rule b: its name is taken (rule b: a.js:3)',
  ]);
});
