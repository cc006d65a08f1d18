import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clusterOf } from '../../replay/cluster.ts';
import { matchWebhook } from '../../replay/matching.ts';
import type { ReviewRequest } from '../../replay/review-document.ts';
import { parseDocuments } from '../../replay/yaml-file.ts';
import type { Webhook } from '../../webhook/registration.ts';

type Rule = Webhook['rules'][number];
type Asked = readonly [sentence: string, webhook: object, request: object];

const stage = { matchLabels: { stage: 'prod' } };
const noStage = { matchExpressions: [{ key: 'stage', operator: 'DoesNotExist' }] };
const ofKubeSystem = {
  matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['kube-system'] }],
};
const team = { matchLabels: { team: 'web' } };
const noTeam = { matchExpressions: [{ key: 'team', operator: 'DoesNotExist' }] };
const cluster = { kind: 'Node', resource: 'nodes', namespace: '' };

/** Of protocol.md §2.1 and apiserver's predicates: rules, namespace, object. */
const asked: readonly Asked[] = [
  ['the operation that the rule names', rule({}), {}],
  ['any operation where the rule says so', rule({ operations: ['*'] }), { operation: 'CONNECT' }],
  ['any group where the rule says so', rule({ apiGroups: ['*'] }), { group: 'apps' }],
  ['any version where the rule says so', rule({ apiVersions: ['*'] }), { version: 'v2' }],
  ['any resource where the rule says so', rule({ resources: ['*'] }), { resource: 'secrets' }],
  ['any resource and subresource', rule({ resources: ['*/*'] }), { resource: 'secrets', subResource: 'x' }],
  ['any resource, and no subresource among them', rule({ resources: ['*/*'] }), {}],
  ['any subresource of one resource', rule({ resources: ['pods/*'] }), { subResource: 'exec' }],
  ['that resource itself, of which any subresource will do', rule({ resources: ['pods/*'] }), {}],
  ['one subresource of any resource', rule({ resources: ['*/status'] }), { subResource: 'status' }],
  ['a subresource by its name', rule({ resources: ['pods', 'pods/status'] }), { subResource: 'status' }],
  ['what the second rule is for', { rules: [ruleOf({ operations: ['DELETE'] }), ruleOf({})] }, {}],
  ['an object of the cluster by the scope Cluster', rule({ scope: 'Cluster', resources: ['nodes'] }), cluster],
  ['an object of the cluster by any scope', rule({ scope: '*', resources: ['nodes'] }), cluster],
  ['a Namespace by the scope Cluster', rule({ scope: 'Cluster', resources: ['namespaces'] }), aNamespace({})],
  ['a namespace by its label', { namespaceSelector: stage }, {}],
  ['a namespace that lacks a label', { namespaceSelector: noStage }, { namespace: 'bare' }],
  ['a namespace by its name', { namespaceSelector: ofKubeSystem }, {}],
  [
    'an object of the cluster, whatever the namespaceSelector',
    { namespaceSelector: stage, ...rule({ resources: ['nodes'] }) },
    cluster,
  ],
  [
    'a Namespace by the label that it is to have',
    { namespaceSelector: stage, ...rule({ resources: ['namespaces'] }) },
    aNamespace({ object: { stage: 'prod' }, oldObject: {} }),
  ],
  [
    'the end of a Namespace by the label that it had',
    { namespaceSelector: stage, ...rule({ operations: ['DELETE'], resources: ['namespaces'] }) },
    { ...aNamespace({ oldObject: { stage: 'prod' } }), operation: 'DELETE' },
  ],
  [
    'the status of a Namespace by the label that it had',
    { namespaceSelector: stage, ...rule({ resources: ['namespaces/status'] }) },
    { ...aNamespace({ object: {}, oldObject: { stage: 'prod' } }), subResource: 'status' },
  ],
  ['an object by its label', { objectSelector: team }, { object: { team: 'web' } }],
  ['an object by the label that it had', { objectSelector: team }, { object: {}, oldObject: { team: 'web' } }],
  ['an object by the label that it is to have', { objectSelector: team }, { object: { team: 'web' }, oldObject: {} }],
  ['the end of an object by its label', { objectSelector: team }, { object: null, oldObject: { team: 'web' } }],
  ['an object by a label that it lacks', { objectSelector: noTeam }, { object: {} }],
  ['an object in a namespace by the scope Namespaced', rule({ scope: 'Namespaced' }), {}],
  ['an object whose labels are null by a label that it lacks', { objectSelector: noTeam }, { object: 'unlabelled' }],
  ['the options of exec by a selector that says nothing', { objectSelector: {} }, { object: 'options' }],
];

const notAsked: readonly Asked[] = [
  ['another operation', rule({ operations: ['UPDATE', 'DELETE'] }), {}],
  ['another group', rule({}), { group: 'apps' }],
  ['another version', rule({}), { version: 'v2' }],
  ['another resource', rule({}), { resource: 'secrets' }],
  ['a subresource of what it is for', rule({}), { subResource: 'status' }],
  ['a subresource, by any resource', rule({ resources: ['*'] }), { subResource: 'status' }],
  ['a resource whose subresource it is for', rule({ resources: ['pods/status'] }), {}],
  ['an object of the cluster by the scope Namespaced', rule({ scope: 'Namespaced', resources: ['nodes'] }), cluster],
  ['an object in a namespace by the scope Cluster', rule({ scope: 'Cluster' }), {}],
  [
    'a Namespace by the scope Namespaced, though its request has a namespace',
    rule({ scope: 'Namespaced', resources: ['namespaces'] }),
    aNamespace({}),
  ],
  ['a namespace without the label', { namespaceSelector: stage }, { namespace: 'bare' }],
  ['a namespace with a label that is to be absent', { namespaceSelector: noStage }, {}],
  ['a namespace that is excluded by its name', { namespaceSelector: ofKubeSystem }, { namespace: 'kube-system' }],
  [
    'a Namespace that is to lose the label',
    { namespaceSelector: stage, ...rule({ resources: ['namespaces'] }) },
    aNamespace({ object: {}, oldObject: { stage: 'prod' } }),
  ],
  ['an object without the label', { objectSelector: team }, { object: {}, oldObject: {} }],
  ['an object whose labels are null', { objectSelector: team }, { object: 'unlabelled' }],
  ['the end of many, of which none is shown', { objectSelector: noTeam }, { object: null, oldObject: null }],
  ['the options of exec, which have no labels to lack', { objectSelector: noTeam }, { object: 'options' }],
  [
    'the webhook configurations themselves',
    rule({ apiGroups: ['*'], resources: ['*'], scope: '*' }),
    {
      group: 'admissionregistration.k8s.io',
      kind: 'ValidatingWebhookConfiguration',
      resource: 'validatingwebhookconfigurations',
      namespace: '',
    },
  ],
  [
    'the bindings of admission policies',
    rule({ apiGroups: ['*'], resources: ['*'], scope: '*' }),
    { group: 'admissionregistration.k8s.io', kind: 'MutatingAdmissionPolicyBinding', resource: 'x', namespace: '' },
  ],
];

for (const [sentence, webhook, request] of asked) {
  test(`a webhook is asked about ${sentence}`, () => assert.deepEqual(matched(webhook, request), 'asked'));
}
for (const [sentence, webhook, request] of notAsked) {
  test(`a webhook is not asked about ${sentence}`, () => assert.notEqual(matched(webhook, request), 'asked'));
}

test('the reason names the webhook and what it is not for, or which selector', () => {
  assert.equal(
    matched({}, { group: 'apps', subResource: 'scale' }),
    'w.example.com is not for CREATE of pods/scale.apps',
  );
  assert.match(
    matched({ namespaceSelector: stage }, { namespace: 'bare' }),
    /^the namespaceSelector of w\.example\.com/,
  );
  assert.match(matched({ objectSelector: team }, {}), /^the objectSelector of w\.example\.com/);
});

test('a version that only an API server could convert is told apart from a kind that the webhook is not for', () => {
  const inAnother = matched(rule({ apiVersions: ['v1'] }), { version: 'v2' });
  assert.match(inAnother, /is not for CREATE of pods in v2, but in v1, to which an API server may convert it/);
  const exact = matched({ matchPolicy: 'Exact', ...rule({ apiVersions: ['v1'] }) }, { version: 'v2' });
  assert.match(exact, /in v2, but in v1$/);
});

test('a namespace that the case does not have is a fault of the file that has others', () => {
  assert.throws(() => matched({ namespaceSelector: stage }, { namespace: 'wbe' }), {
    message: 'rule/cluster.yaml: there is no Namespace wbe; there is web, bare, kube-system',
  });
});

function ruleOf(more: Partial<Rule> | { operations: string[] }): object {
  const all = { operations: ['CREATE', 'UPDATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] };
  return { ...all, scope: '*', ...more };
}

function rule(more: Partial<Rule> | { operations: string[] }): object {
  return { rules: [ruleOf(more)] };
}

function aNamespace({ object = {}, oldObject }: { object?: object; oldObject?: object }): object {
  const operation = oldObject === undefined ? 'CREATE' : 'UPDATE';
  return {
    kind: 'Namespace',
    resource: 'namespaces',
    namespace: 'bare',
    operation,
    object,
    oldObject: oldObject ?? null,
  };
}

function matched(webhook: object, request: object): string {
  const labelled = (given: unknown) => {
    if (given === null) return null;
    if (given === 'options') return { kind: 'PodExecOptions' };
    return { kind: 'Pod', metadata: { labels: given === 'unlabelled' ? null : given } };
  };
  const {
    group = '',
    version = 'v1',
    kind = 'Pod',
    resource = 'pods',
    ...more
  } = request as { [member: string]: unknown };
  const asked = {
    uid: 'u',
    operation: more.operation ?? 'CREATE',
    namespace: more.namespace ?? 'web',
    kind: { group, version, kind },
    resource: { group, version, resource },
    ...(more.subResource === undefined ? {} : { subResource: more.subResource }),
    object: labelled(more.object === undefined ? {} : more.object),
    oldObject: labelled(more.oldObject ?? null),
  };
  const whole = { name: 'w.example.com', clientConfig: {}, rules: [ruleOf({})], ...webhook };
  const match = matchWebhook(whole as unknown as Webhook, asked as unknown as ReviewRequest, namespaces);
  return 'reason' in match ? match.reason : 'asked';
}

const namespaces = clusterOf(
  parseDocuments(
    ['{ name: web, labels: { stage: prod } }', '{ name: bare }', '{ name: kube-system }']
      .map((metadata) => `apiVersion: v1\nkind: Namespace\nmetadata: ${metadata}\n`)
      .join('---\n'),
    'rule/cluster.yaml',
  ),
  [],
);
