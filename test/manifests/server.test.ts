import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DRAIN_DEADLINE_MS } from '../../webhook/limits.ts';
import { portcullis } from '../cli/portcullis.ts';
import { folderOf } from '../load/rule-folder.ts';
import { ofKind, type Printed, printed } from './printed.ts';

const ORDER = [
  'Namespace',
  'CustomResourceDefinition',
  'ServiceAccount',
  'Role',
  'RoleBinding',
  'ClusterRole',
  'ClusterRoleBinding',
  'Service',
  'Deployment',
  'PodDisruptionBudget',
  'NetworkPolicy',
];

const manifests = await printed(['server']);

test('manifests server prints what a server needs, each after what it needs itself', () => {
  assert.deepEqual(
    manifests.map(({ kind }) => kind),
    ORDER,
  );
});

test('with rules and a configuration, the ConfigMaps come before the pods that mount them', async () => {
  const manifests = await printed(['server', '--rules', 'examples/rules', '--config', 'examples/portcullis.yaml']);
  const kinds = manifests.map(({ kind }) => kind);
  assert.deepEqual(
    kinds.filter((kind) => kind !== 'ConfigMap'),
    ORDER,
  );
  assert.deepEqual([kinds.indexOf('ConfigMap'), kinds.lastIndexOf('ConfigMap')], [7, 8]);
});

test('all that belongs to a namespace is in the one that is asked for, and so are the names that are verified', async () => {
  const manifests = await printed(['server', '--namespace', 'gate', '--certificate', 'files']);
  for (const { kind, metadata } of manifests) {
    if (kind === 'Namespace') assert.equal(metadata.name, 'gate');
    else assert.equal(metadata.namespace, CLUSTER_WIDE.includes(kind) ? undefined : 'gate', kind);
  }
  assert.equal(variable(manifests, 'PORTCULLIS_DNS_NAME'), 'portcullis.gate.svc');
});

const CLUSTER_WIDE = ['CustomResourceDefinition', 'ClusterRole', 'ClusterRoleBinding'];

test('what selects pods selects these, and no label that an upgrade changes is in it', () => {
  const { selector, template } = ofKind('Deployment', manifests).spec;
  const selectors = [
    selector.matchLabels,
    ofKind('Service', manifests).spec.selector,
    ofKind('PodDisruptionBudget', manifests).spec.selector.matchLabels,
    ofKind('NetworkPolicy', manifests).spec.podSelector.matchLabels,
    ...template.spec.topologySpreadConstraints.map(({ labelSelector }: Printed) => labelSelector.matchLabels),
  ];
  assert.equal(selectors.length, 6);
  for (const labels of selectors) {
    assert.deepEqual(labels, selector.matchLabels);
    assert.equal('app.kubernetes.io/version' in labels, false);
    for (const [key, value] of Object.entries(labels)) assert.equal(template.metadata.labels[key], value);
  }
});

test('ports are the ones that the server is told to listen on, and Service, probes and policy name them', () => {
  const [container] = podSpec(manifests).containers;
  const ports = Object.fromEntries(container.ports.map((port: Printed) => [port.name, port.containerPort]));
  assert.deepEqual(ports, {
    webhook: Number(variable(manifests, 'PORTCULLIS_PORT')),
    health: Number(variable(manifests, 'PORTCULLIS_HEALTH_PORT')),
  });
  const [{ port, targetPort }] = ofKind('Service', manifests).spec.ports;
  assert.deepEqual([port, targetPort], [443, 'webhook']);
  const probes = ['startupProbe', 'livenessProbe', 'readinessProbe'].map((probe) => container[probe].httpGet);
  assert.deepEqual(probes, [
    { path: '/livez', port: 'health' },
    { path: '/livez', port: 'health' },
    { path: '/readyz', port: 'health' },
  ]);
  const [{ ports: open, from }, ...more] = ofKind('NetworkPolicy', manifests).spec.ingress;
  assert.deepEqual([from, more], [undefined, []]);
  assert.deepEqual(
    open.map((one: Printed) => one.port),
    Object.values(ports),
  );
});

for (const [config, drainSeconds] of [
  ['', 10],
  ['server: { drainSeconds: 0 }', 0],
  ['server: { drainSeconds: 120 }', 120],
] as const) {
  test(`a pod that drains for ${drainSeconds} s is given longer than the drain and its deadline take`, async (t) => {
    const cwd = await folderOf(t, { 'portcullis.yaml': config });
    const manifests = await printed(['server'], { cwd });
    assert.equal(variable(manifests, 'PORTCULLIS_DRAIN_SECONDS'), `${drainSeconds}`);
    const { terminationGracePeriodSeconds } = podSpec(manifests);
    const longest = drainSeconds + DRAIN_DEADLINE_MS / 1000;
    assert.ok(terminationGracePeriodSeconds > longest, `${terminationGracePeriodSeconds} > ${longest}`);
  });
}

test('a pod that drains is unready before it stops to serve', () => {
  const [{ readinessProbe }] = podSpec(manifests).containers;
  const { periodSeconds, timeoutSeconds, failureThreshold } = readinessProbe;
  const latest = periodSeconds * failureThreshold + timeoutSeconds;
  assert.ok(latest < Number(variable(manifests, 'PORTCULLIS_DRAIN_SECONDS')), `${latest} s`);
});

const budgets: readonly [version: string, apiVersion: string, policy: string | undefined][] = [
  ['1.20', 'policy/v1beta1', undefined],
  ['1.21', 'policy/v1', undefined],
  ['1.26', 'policy/v1', undefined],
  ['1.27', 'policy/v1', 'AlwaysAllow'],
  ['1.36', 'policy/v1', 'AlwaysAllow'],
];
for (const [version, apiVersion, policy] of budgets) {
  test(`the PodDisruptionBudget of ${version} is one of ${apiVersion}, of nothing that it does not know`, async () => {
    const budget = ofKind('PodDisruptionBudget', await printed(['server', '--kube-version', version]));
    assert.equal(budget.apiVersion, apiVersion);
    assert.equal(budget.spec.unhealthyPodEvictionPolicy, policy);
    assert.equal(budget.spec.maxUnavailable, 1);
  });
}

for (const [version, keys] of [
  ['1.26', undefined],
  ['1.27', ['pod-template-hash']],
] as const) {
  test(`pods of one rollout are spread over nodes by themselves where ${version} can: ${keys ?? 'it cannot'}`, async () => {
    const { topologySpreadConstraints } = podSpec(await printed(['server', '--kube-version', version]));
    assert.deepEqual(
      topologySpreadConstraints.map(({ matchLabelKeys }: Printed) => matchLabelKeys),
      [keys, keys],
    );
  });
}

test('the namespace says to API servers that do not know it by its name that it is to be left alone', async (t) => {
  const cwd = await folderOf(t, { 'portcullis.yaml': 'domain: hooks.example.org' });
  const { labels } = ofKind('Namespace', await printed(['server'], { cwd })).metadata;
  const [, { webhooks }] = await printed(['webhooks', '--kube-version', '1.20'], { cwd });
  const [{ key, operator, values }] = webhooks[0].namespaceSelector.matchExpressions;
  assert.equal(operator, 'NotIn');
  assert.ok(values.includes(labels[key]), `${key} among ${Object.keys(labels)}`);
});

test('the image is that of this version, unless another is named', async () => {
  const imageOf = (some: readonly Printed[]) => podSpec(some).containers[0].image;
  const { stdout } = await portcullis(['--version']);
  assert.equal(imageOf(manifests), `portcullis:${stdout.split(' ')[1]}`);
  const image = 'registry.example.com/gate:7';
  assert.equal(imageOf(await printed(['server', '--image', image])), image);
});

test('names that the configuration wants in the certificate are asked for besides the Service’s own', async (t) => {
  const cwd = await folderOf(t, { 'portcullis.yaml': 'certificate: { mode: files, names: [gate.example.org] }' });
  const manifests = await printed(['server'], { cwd });
  assert.equal(variable(manifests, 'PORTCULLIS_DNS_NAME'), 'gate.example.org,portcullis.portcullis-system.svc');
  assert.equal(variable(manifests, 'PORTCULLIS_CERTIFICATE'), 'files');
  const [{ mountPath }] = podSpec(manifests).containers[0].volumeMounts;
  assert.equal(variable(manifests, 'PORTCULLIS_CERTS'), mountPath);
});

test('what is run in a pod by kubectl exec is told what the server is told: it prints what is in force', async () => {
  for (const flags of [[], ['--certificate', 'files', '--cluster-access', 'none']]) {
    const { env } = podSpec(await printed(['server', ...flags])).containers[0];
    const environment = Object.fromEntries(env.map(({ name, value = 'gate' }: Printed) => [name, value]));
    assert.deepEqual(await printed(['webhooks'], { environment }), await printed(['webhooks', '--namespace', 'gate']));
  }
});

const refused: readonly [flags: readonly string[], config: string, message: string][] = [
  [
    ['--certificate', 'dev'],
    '',
    'certificate mode dev is for one machine, and each replica would have a CA of its own: choose --certificate self or files',
  ],
  [
    [],
    'certificate: { mode: dev }',
    'certificate mode dev is for one machine, and each replica would have a CA of its own: choose --certificate self or files',
  ],
  [
    ['--certificate', 'self', '--cluster-access', 'none'],
    '',
    'certificate mode self needs the cluster, and cluster-access is none: choose mode files or dev',
  ],
  [['--kube-version', '1.19'], '', '--kube-version must be like 1.28, and 1.20 or later, not "1.19"'],
];
for (const [flags, config, message] of refused) {
  test(`refused: manifests server ${flags.join(' ')} ${config}`, async (t) => {
    const cwd = await folderOf(t, { 'portcullis.yaml': config });
    const stderr = `portcullis: ${message}\n`;
    assert.deepEqual(await portcullis(['manifests', 'server', ...flags], { cwd }), { code: 2, stdout: '', stderr });
  });
}

function podSpec(manifests: readonly Printed[]): Printed {
  return ofKind('Deployment', manifests).spec.template.spec;
}

function variable(manifests: readonly Printed[], name: string): string {
  return podSpec(manifests).containers[0].env.find((one: Printed) => one.name === name)?.value;
}
