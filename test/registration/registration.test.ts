import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pod, Secret } from '../../author.ts';
import { builtInRules } from '../../rules/index.ts';
import { entries, mutating, registered, validating } from './registered.ts';

test('one rule with nothing said: the default webhook, whole', () => {
  assert.deepEqual(registered([validating('a', Pod, ['CREATE'])], ['kube-system', 'gate-system']), [
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: 'portcullis' },
      webhooks: [],
    },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'portcullis' },
      webhooks: [
        {
          name: 'policy.hooks.example.org',
          clientConfig: { service: { name: 'gate', namespace: 'gate-system', path: '/validate/policy', port: 443 } },
          rules: [
            {
              operations: ['CREATE'],
              apiGroups: [''],
              apiVersions: ['v1'],
              resources: ['pods'],
              scope: 'Namespaced',
            },
          ],
          namespaceSelector: {
            matchExpressions: [
              { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['kube-system', 'gate-system'] },
            ],
          },
          failurePolicy: 'Fail',
          matchPolicy: 'Equivalent',
          sideEffects: 'None',
          timeoutSeconds: 5,
          admissionReviewVersions: ['v1'],
        },
      ],
    },
  ]);
});

test('one mutating rule with everything said, on this machine: whole', () => {
  const rule = mutating('a', Pod, ['UPDATE', 'CREATE'], {
    webhook: 'own',
    selectors: { web: { objectSelector: { matchLabels: { app: 'web' } } } },
    failurePolicy: 'Ignore',
    timeoutSeconds: 30,
    reinvocationPolicy: 'Never',
    matchConditions: [{ name: 'not-a-node', expression: "!('system:nodes' in request.userInfo.groups)" }],
  });
  const target = { url: 'https://127.0.0.1:8443/' };
  assert.deepEqual(registered([rule], [], { target, caBundle: '-----BEGIN CERTIFICATE-----\n' }), [
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: 'portcullis' },
      webhooks: [
        {
          name: 'web.own.hooks.example.org',
          clientConfig: {
            url: 'https://127.0.0.1:8443/mutate/own/web',
            caBundle: 'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==',
          },
          rules: [
            {
              operations: ['CREATE', 'UPDATE'],
              apiGroups: [''],
              apiVersions: ['v1'],
              resources: ['pods'],
              scope: 'Namespaced',
            },
          ],
          namespaceSelector: {},
          objectSelector: { matchLabels: { app: 'web' } },
          matchConditions: [{ name: 'not-a-node', expression: "!('system:nodes' in request.userInfo.groups)" }],
          failurePolicy: 'Ignore',
          matchPolicy: 'Equivalent',
          reinvocationPolicy: 'Never',
          sideEffects: 'None',
          timeoutSeconds: 30,
          admissionReviewVersions: ['v1'],
        },
      ],
    },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'portcullis' },
      webhooks: [],
    },
  ]);
});

test('a phase without rules has a configuration all the same, an empty one: whatever was applied before it is gone', () => {
  const sizes = (rules: Parameters<typeof registered>[0]) =>
    registered(rules).map(({ kind, webhooks }) => [kind, webhooks.length]);
  const [mutatingOnes, validatingOnes] = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'];
  assert.deepEqual(sizes([]), [
    [mutatingOnes, 0],
    [validatingOnes, 0],
  ]);
  assert.deepEqual(sizes([mutating('a', Pod, ['CREATE'])]), [
    [mutatingOnes, 1],
    [validatingOnes, 0],
  ]);
});

test('rules that name no webhook share one a phase, and those that do have their own, in the order of the rules', () => {
  const rules = [
    validating('a', Pod, ['CREATE'], { webhook: 'own' }),
    mutating('b', Pod, ['CREATE']),
    validating('c', Secret, ['CREATE']),
    validating('d', Pod, ['UPDATE']),
    mutating('e', Pod, ['UPDATE'], { webhook: 'own' }),
  ];
  assert.deepEqual(
    registered(rules).map(({ kind, webhooks }) => [kind, ...webhooks.map(({ name }) => name)]),
    [
      ['MutatingWebhookConfiguration', 'policy.hooks.example.org', 'own.hooks.example.org'],
      ['ValidatingWebhookConfiguration', 'own.hooks.example.org', 'policy.hooks.example.org'],
    ],
  );
});

test('each alternative of the selectors is an entry of its own, with a path of its own and the same rules', () => {
  const selectors = {
    pod: { objectSelector: { matchLabels: { a: 'b' } } },
    namespace: { namespaceSelector: { matchLabels: { a: 'b' } } },
  };
  const pods = {
    operations: ['CREATE'],
    apiGroups: [''],
    apiVersions: ['v1'],
    resources: ['pods'],
    scope: 'Namespaced',
  };
  const service = { name: 'gate', namespace: 'gate-system', port: 443 };
  assert.deepEqual(
    entries(
      [validating('a', Pod, ['CREATE'], { webhook: 'own', selectors })],
      ['name', 'clientConfig', 'rules', 'namespaceSelector', 'objectSelector'],
    ),
    [
      {
        name: 'pod.own.hooks.example.org',
        clientConfig: { service: { ...service, path: '/validate/own/pod' } },
        rules: [pods],
        namespaceSelector: {},
        objectSelector: { matchLabels: { a: 'b' } },
      },
      {
        name: 'namespace.own.hooks.example.org',
        clientConfig: { service: { ...service, path: '/validate/own/namespace' } },
        rules: [pods],
        namespaceSelector: { matchLabels: { a: 'b' } },
        objectSelector: undefined,
      },
    ],
  );
});

test("namespaces to be left alone are added to a selector's own, and nothing of it is lost", () => {
  const own = { matchLabels: { a: 'b' }, matchExpressions: [{ key: 'c', operator: 'Exists' }] };
  const rule = validating('a', Pod, ['CREATE'], { webhook: 'own', selectors: { x: { namespaceSelector: own } } });
  assert.deepEqual(entries([rule], ['namespaceSelector'], ['kube-system']), [
    {
      namespaceSelector: {
        matchLabels: { a: 'b' },
        matchExpressions: [
          { key: 'c', operator: 'Exists' },
          { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['kube-system'] },
        ],
      },
    },
  ]);
  assert.deepEqual(own.matchExpressions.length, 1, 'and the rule itself is not changed');
});

const exclusions: readonly [minor: number, exclusion: object][] = [
  [20, { key: 'hooks.example.org/portcullis', operator: 'NotIn', values: ['ignore'] }],
  [21, { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['kube-system', 'gate-system'] }],
  [36, { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['kube-system', 'gate-system'] }],
];
for (const [minor, exclusion] of exclusions) {
  const by = minor < 21 ? 'a label of ours, since namespaces have no label of their name' : 'their names alone';
  test(`API servers from 1.${minor} on are told the namespaces to be left alone by ${by}`, () => {
    const rule = validating('a', Pod, ['CREATE']);
    const more = { kubeVersion: { major: 1, minor } };
    assert.deepEqual(entries([rule], ['namespaceSelector'], ['kube-system', 'gate-system'], more), [
      { namespaceSelector: { matchExpressions: [exclusion] } },
    ]);
  });
}

const conditions: readonly [minor: number, isThere: boolean][] = [
  [20, false],
  [27, false],
  [28, true],
  [36, true],
];
for (const [minor, isThere] of conditions) {
  test(`match conditions are ${isThere ? 'there' : 'left out'} for API servers from 1.${minor} on`, () => {
    const matchConditions = [{ name: 'x', expression: 'true' }];
    const rule = validating('a', Pod, ['CREATE'], { matchConditions });
    const [entry] = entries([rule], ['matchConditions'], [], { kubeVersion: { major: 1, minor } });
    assert.deepEqual(entry, { matchConditions: isThere ? matchConditions : undefined });
  });
}

test('names stay names when every part is as long as it may be', () => {
  const long = 'a'.repeat(63);
  const routing = { webhook: long, selectors: { [long]: { objectSelector: {} } } };
  const domain = `${'b'.repeat(56)}.${'c'.repeat(63)}`;
  assert.equal(domain.length, 120, 'the longest that the configuration takes');
  const [entry] = entries([validating('a', Pod, ['CREATE'], routing)], ['name'], [], { domain });
  assert.deepEqual(entry, { name: `${long}.${long}.${domain}` });
});

test('the built-in rules are registered as the API server would accept them, and the same each time', () => {
  const [once, again] = [registered(builtInRules, ['kube-system']), registered(builtInRules, ['kube-system'])];
  assert.deepEqual(once, again);
  assert.equal(once.length, 2);
});
