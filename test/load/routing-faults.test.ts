import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultsIn, faultyRule, folderOf } from './rule-folder.ts';

/** Routing of a rule that is right otherwise, and what its author is told: the API server would refuse it, or prune it. */
const cases: readonly { sentence: string; members: string; faults: readonly string[] }[] = [
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
    sentence: 'labels and expressions in each other’s form',
    members: "selectors: { pod: { objectSelector: { matchLabels: ['a'], matchExpressions: { a: 'b' } } } }",
    faults: [
      'rule a: its selector pod.objectSelector.matchLabels must be an object of labels',
      'rule a: its selector pod.objectSelector.matchExpressions must be a list',
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
];

for (const { sentence, members, faults } of cases) {
  test(`refused, with place and reason: ${sentence}`, async (t) => {
    const folder = await folderOf(t, { 'portcullis.yaml': '', 'a.js': faultyRule(members) });
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
    'b.js:3: rule b: its failurePolicy and timeoutSeconds must be those of a, with which it shares the webhook policy; or name a webhook of its own (rule a: a.js:3)',
    'g.js:3: rule g: its selectors must be those of e, with which it shares the webhook own; or name a webhook of its own (rule e: e.js:3)',
  ]);
});
