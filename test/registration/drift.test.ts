import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigMap, Pod, type Routing, type Rule } from '../../author.ts';
import type { JsonObject } from '../../webhook/decode.ts';
import type { KubeVersion } from '../../webhook/kube-version.ts';
import { rulesInForce } from '../../webhook/match.ts';
import { configurations, type Registration } from '../../webhook/registration.ts';
import { driftFrom } from '../../webhook/registration-drift.ts';
import { SETTINGS } from '../../webhook/webhook-defaults.ts';
import type { Target } from '../../webhook/webhook-differences.ts';
import { mutating, validating } from './registered.ts';

const registration = {
  name: 'gate',
  domain: 'hooks.example.org',
  target: { service: { name: 'gate', namespace: 'gate-system' } },
};
const label = { objectSelector: { matchExpressions: [{ key: 'team', operator: 'In', values: ['b', 'a'] }] } };
const conditions: Routing = { webhook: 'late', matchConditions: [{ name: 'new', expression: 'true' }] };
const RULES: readonly Rule[] = [
  mutating('defaults', Pod, ['CREATE', 'UPDATE'], { webhook: 'first', selectors: { label } }),
  mutating('limits', Pod, ['CREATE'], { webhook: 'second', reinvocationPolicy: 'Never' }),
  validating('checked', [Pod, ConfigMap], ['CREATE', 'DELETE']),
  validating('later', Pod, ['UPDATE'], conditions),
];
const inForce = rulesInForce(
  RULES.map((rule) => ({ rule, settings: {}, mode: 'enforce' })),
  ['kube-system', 'gate-system'],
);
const POLICY = 'policy.hooks.example.org';
const NEW: KubeVersion = { major: 1, minor: 36 };

// biome-ignore lint/suspicious/noExplicitAny: edited as a person with kubectl edits
type Stored = any;

/** Both configurations as an API server of today stores what was generated for a version. */
function stored(
  kubeVersion: KubeVersion = NEW,
  more: Partial<Registration> = {},
): { mutating: Stored; validating: Stored } {
  const [mutating, validating] = structuredClone(
    configurations(inForce, { ...registration, ...more, kubeVersion }),
  ) as Stored[];
  for (const { webhooks } of [mutating, validating]) {
    for (const webhook of webhooks) {
      webhook.objectSelector ??= {};
      webhook.clientConfig.caBundle = 'Q0E=';
    }
  }
  const metadata = { name: 'gate', resourceVersion: '7', labels: { app: 'gate' }, managedFields: [{}] };
  return { mutating: { ...mutating, metadata }, validating: { ...validating, metadata } };
}

/** The differences, each with the kind it is of. */
function drift(
  live: { readonly mutating?: JsonObject; readonly validating?: JsonObject },
  { apiServer, target = 'service' }: { apiServer?: KubeVersion; target?: Target } = {},
): string[] {
  const registered = {
    MutatingWebhookConfiguration: live.mutating,
    ValidatingWebhookConfiguration: live.validating,
  };
  const found = driftFrom(inForce, registration, target)(registered, apiServer);
  return found.flatMap(({ kind, differences }) => differences.map((text) => `${kind.slice(0, -20)}: ${text}`));
}

/** What a person or a program does to the configurations, and what is said of it. */
const edits: readonly [sentence: string, edit: (live: ReturnType<typeof stored>) => void, ...said: string[]][] = [
  ['nothing', () => {}],
  [
    'what an API server fills in, written out',
    ({ mutating: { webhooks } }) => {
      webhooks[1].objectSelector = { matchLabels: {}, matchExpressions: [] };
      webhooks[1].matchConditions = [];
    },
  ],
  [
    'what it fills in, left out',
    ({ mutating: { webhooks } }) => {
      delete webhooks[1].reinvocationPolicy;
      delete webhooks[0].matchPolicy;
      delete webhooks[0].failurePolicy;
      delete webhooks[0].clientConfig.service.port;
    },
  ],
  [
    'a field that only later API servers know',
    ({ mutating: { webhooks } }) => {
      webhooks[0].futurePolicy = 'Never';
    },
  ],
  [
    'lists in another order that means nothing, and one entry written as two',
    ({ mutating, validating }) => {
      mutating.webhooks[0].objectSelector.matchExpressions[0].values.reverse();
      const [{ rules }] = validating.webhooks;
      rules[0].operations.reverse();
      validating.webhooks[0].rules = rules.flatMap((rule: { operations: string[] }) =>
        rule.operations.map((operation) => ({ ...rule, operations: [operation] })),
      );
    },
  ],
  [
    'a failure policy',
    ({ validating: { webhooks } }) => {
      webhooks[0].failurePolicy = 'Ignore';
    },
    `Validating: ${POLICY}: failurePolicy is Ignore, generated is Fail`,
  ],
  [
    'timeouts, and policies of matching and reinvocation',
    ({ mutating: { webhooks } }) => {
      Object.assign(webhooks[0], { timeoutSeconds: 30, matchPolicy: 'Exact' });
      delete webhooks[0].reinvocationPolicy;
    },
    'Mutating: label.first.hooks.example.org: matchPolicy is Exact, generated is Equivalent',
    'Mutating: label.first.hooks.example.org: timeoutSeconds is 30, generated is 5',
    'Mutating: label.first.hooks.example.org: reinvocationPolicy is Never, generated is IfNeeded',
  ],
  [
    'a selector that lets more through',
    ({ mutating: { webhooks } }) => {
      webhooks[0].objectSelector.matchExpressions[0].values.pop();
      webhooks[1].namespaceSelector = {};
    },
    'Mutating: label.first.hooks.example.org: objectSelector is {"matchExpressions":[{"key":"team","operator":"In","values":["b"]}]}, generated is {"matchExpressions":[{"key":"team","operator":"In","values":["a","b"]}]}',
    'Mutating: second.hooks.example.org: namespaceSelector is {}, generated is {"matchExpressions":[{"key":"kubernetes.io/metadata.name","operator":"NotIn","values":["gate-system","kube-system"]}]}',
  ],
  [
    'conditions that nobody generated, and others that were',
    ({ validating: { webhooks } }) => {
      webhooks[0].matchConditions = [{ name: 'none', expression: 'false' }];
      webhooks[1].matchConditions[0].expression = 'false';
    },
    `Validating: ${POLICY}: matchConditions is [{"expression":"false","name":"none"}], generated is not set`,
    'Validating: late.hooks.example.org: matchConditions is [{"expression":"false","name":"new"}], generated is [{"expression":"true","name":"new"}]',
  ],
  [
    'what it is asked for',
    ({ validating: { webhooks } }) => {
      webhooks[0].rules = [
        { operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], scope: 'Namespaced' },
        { operations: ['CREATE'], apiGroups: ['apps'], apiVersions: ['v1'], resources: ['deployments'] },
      ];
    },
    `Validating: ${POLICY}: it is not asked for CREATE v1 configmaps (Namespaced), DELETE v1 pods (Namespaced), DELETE v1 configmaps (Namespaced)`,
    `Validating: ${POLICY}: it is asked for CREATE apps/v1 deployments too, which no rule in force is for`,
  ],
  [
    'where it is called',
    ({ mutating, validating }) => {
      mutating.webhooks[0].clientConfig.service.namespace = 'elsewhere';
      validating.webhooks[0].clientConfig = { url: 'https://10.0.0.1:8443/validate/policy', caBundle: 'Q0E=' };
    },
    'Mutating: label.first.hooks.example.org: clientConfig is https://gate.elsewhere.svc:443/mutate/first/label, generated is https://gate.gate-system.svc:443/mutate/first/label',
    `Validating: ${POLICY}: clientConfig is https://10.0.0.1:8443/validate/policy, generated is https://gate.gate-system.svc:443/validate/policy`,
  ],
  [
    'webhooks that came and went',
    ({ mutating: { webhooks }, validating }) => {
      webhooks.shift();
      validating.webhooks.push({ ...validating.webhooks[0], name: 'old.hooks.example.org' });
    },
    'Mutating: label.first.hooks.example.org: it is not registered',
    'Validating: old.hooks.example.org: no rule in force is for it',
  ],
  [
    'the order',
    ({ mutating: { webhooks } }) => void webhooks.reverse(),
    'Mutating: the order is second.hooks.example.org, label.first.hooks.example.org, generated is label.first.hooks.example.org, second.hooks.example.org',
  ],
  [
    'an empty configuration',
    ({ mutating }) => {
      delete mutating.webhooks;
    },
    'Mutating: label.first.hooks.example.org: it is not registered',
    'Mutating: second.hooks.example.org: it is not registered',
  ],
];

for (const [sentence, edit, ...said] of edits) {
  test(`${said.length === 0 ? 'no drift' : 'drift'}: ${sentence}`, () => {
    const live = stored();
    edit(live);
    assert.deepEqual(drift(live, { apiServer: NEW }), said);
  });
}

test('a configuration that is not there is said with those who are not asked, and an empty one is missed by nobody', () => {
  const { mutating } = stored();
  const missing = `it is not registered, so nobody is asked by ${POLICY}, late.hooks.example.org`;
  assert.deepEqual(drift({ mutating }), [`Validating: ${missing}`]);
  const none = driftFrom(rulesInForce([]), registration, 'service');
  const nothing = { MutatingWebhookConfiguration: undefined, ValidatingWebhookConfiguration: undefined };
  assert.deepEqual(
    none(nothing, NEW).map(({ differences }) => differences),
    [[], []],
  );
});

test('what was generated for the API server, or for an older one, is right; what is for a newer one is not', () => {
  const minor = (minor: number): KubeVersion => ({ major: 1, minor });
  for (const [made, apiServer, isRight] of [
    [20, 20, true],
    [20, 21, true],
    [20, 36, true],
    [27, 36, true],
    [28, 36, true],
    [36, 28, true],
    [36, 40, true],
    [21, 19, false],
    [21, 20, false],
    [28, 27, false],
  ] as const) {
    const said = drift(stored(minor(made)), { apiServer: minor(apiServer) });
    assert.equal(said.length === 0, isRight, `made for 1.${made}, on 1.${apiServer}: ${said}`);
  }
  for (const made of [20, 21, 36]) assert.deepEqual(drift(stored(minor(made))), [], 'of a version that is not known');
});

test('a target that a person chose need only lead to the webhook’s path', () => {
  const url = stored(NEW, { target: { url: 'https://127.0.0.1:8443/behind' } });
  assert.equal(drift(url).length, 4);
  assert.deepEqual(drift(url, { target: 'path' }), []);
  assert.deepEqual(drift(stored(), { target: 'path' }), []);
  url.validating.webhooks[0].clientConfig.url = 'https://127.0.0.1:8443/validate/other';
  assert.match(drift(url, { target: 'path' }).join(), /clientConfig is https:\/\/127.0.0.1:8443\/validate\/other, gen/);
});

test('what a stranger wrote into a configuration is told in one line of a bounded length, without a password', () => {
  const live = stored();
  live.mutating.webhooks[0].objectSelector = { matchLabels: { a: `\n${'x'.repeat(10_000)}` } };
  live.validating.webhooks[0].clientConfig = { url: 'https://me:secret@example.com/' };
  live.validating.webhooks.push({ name: `evil\n${'y'.repeat(10_000)}` });
  for (const line of drift(live)) {
    assert.ok(line.length < 1000, line);
    assert.doesNotMatch(line, /\n|secret/);
  }
});

test('all that is generated of a webhook is compared', () => {
  const compared = new Set<string>(['name', 'clientConfig', 'rules', ...SETTINGS]);
  for (const { webhooks } of configurations(inForce, { ...registration, kubeVersion: NEW })) {
    for (const webhook of webhooks) {
      for (const member of Object.keys(webhook)) assert.ok(compared.has(member), member);
    }
  }
});
