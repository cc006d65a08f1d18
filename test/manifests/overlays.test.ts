import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parse } from 'yaml';
import { issueCertificateAuthority } from '../../certs/issue.ts';
import { portcullis } from '../cli/portcullis.ts';
import { programPath, withoutAssets as skip } from '../e2e/assets.ts';
import { ran } from '../e2e/ran.ts';
import { built, copyWith } from './built.ts';
import { inPod } from './in-pod.ts';
import { ofKind, type Printed, printed } from './printed.ts';

/** Folders for kubectl apply -k, and what prints the same; `more` are the kinds that the folder has besides. */
const equals: readonly [folder: string, args: readonly string[], more?: readonly string[]][] = [
  ['manifests/crd', ['crd']],
  ['manifests/server', ['server']],
  ['manifests/webhooks', ['webhooks']],
  ['manifests/overlays/kube-1.21/server', ['server', '--kube-version', '1.21']],
  ['manifests/overlays/kube-1.21/webhooks', ['webhooks', '--kube-version', '1.21']],
  ['manifests/overlays/kube-1.20/server', ['server', '--kube-version', '1.20']],
  ['manifests/overlays/kube-1.20/webhooks', ['webhooks', '--kube-version', '1.20']],
  ['manifests/overlays/zero-privilege/server', ['server', '--certificate', 'files', '--cluster-access', 'none']],
  ['manifests/overlays/cert-manager/server', ['server', '--certificate', 'files'], ['Issuer', 'Certificate']],
];
test('what is for API servers from 1.21 on is the same up to 1.26, and up to 1.31 but for three fields', async () => {
  const [oldest, middle, latest = []] = await Promise.all(
    ['1.21', '1.26', '1.31'].map((version) => printed(['server', '--kube-version', version])),
  );
  assert.deepEqual(middle, oldest);
  const newer = ['unhealthyPodEvictionPolicy', 'matchLabelKeys', 'x-kubernetes-validations'];
  const without = JSON.parse(JSON.stringify(latest, (key, value) => (newer.includes(key) ? undefined : value)));
  assert.notDeepEqual(latest, oldest);
  assert.deepEqual(without, oldest);
});

for (const [folder, args, more = []] of equals) {
  const besides = more.length === 0 ? '' : `, and ${more.join(' and ')}`;
  test(`${folder} is what manifests ${args.join(' ')} prints${besides}`, { skip }, async () => {
    const all = await built(folder);
    assert.deepEqual(sorted(all.filter(({ kind }) => !more.includes(kind))), sorted(await printed(args)));
    for (const kind of more) assert.ok(all.some((manifest) => manifest.kind === kind));
  });
}

test('cert-manager is told to put its CA into both configurations, which are otherwise the same', {
  skip,
}, async () => {
  const all = await built('manifests/overlays/cert-manager/webhooks');
  const certificates = (await built('manifests/overlays/cert-manager/server')).filter(
    ({ kind, spec }) => kind === 'Certificate' && spec.isCA !== true,
  );
  const [{ metadata, spec }] = certificates;
  for (const configuration of all) {
    const { annotations, ...rest } = configuration.metadata;
    assert.deepEqual(annotations, { 'cert-manager.io/inject-ca-from': `${metadata.namespace}/${metadata.name}` });
    configuration.metadata = rest;
  }
  assert.deepEqual(sorted(all), sorted(await printed(['webhooks'])));
  const { service } = all[0].webhooks[0].clientConfig;
  assert.ok(spec.dnsNames.includes(`${service.name}.${service.namespace}.svc`), 'the name that API servers verify');
});

test('the certificate of cert-manager is in the Secret that the pods mount', { skip }, async () => {
  const all = await built('manifests/overlays/cert-manager/server');
  const { volumes } = ofKind('Deployment', all).spec.template.spec;
  const secrets = all.filter(({ kind }) => kind === 'Certificate').map(({ spec }) => spec.secretName);
  assert.ok(secrets.includes(volumes[0].secret.secretName));
});

test('the webhooks of zero-privilege trust the CA that lies beside them, and are not built without', {
  skip,
}, async (t) => {
  const folder = 'manifests/overlays/zero-privilege/webhooks';
  const kubectl = await programPath('kubectl');
  const { code, stdout, stderr } = await ran(kubectl, ['kustomize', folder], {});
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(stderr, /ca\.crt: no such file/);
  const { cert } = await issueCertificateAuthority({ days: 1, now: new Date() });
  const copy = await copyWith(t, { [`${folder}/ca.crt`]: cert });
  const all = await built(folder, copy);
  for (const { clientConfig } of all.flatMap(({ webhooks }) => webhooks)) {
    // Kustomize breaks its lines, which an API server does not mind.
    clientConfig.caBundle = clientConfig.caBundle.replaceAll('\n', '');
  }
  assert.deepEqual(sorted(all), sorted(await printed(['webhooks', '--ca-bundle', join(copy, folder, 'ca.crt')])));
});

test('metrics are scraped from the health port of the very pods, by names that there are', { skip }, async (t) => {
  const all = await overlay(
    t,
    'resources: [../manifests/server]\ncomponents: [../manifests/components/service-monitor]',
  );
  const monitor = ofKind('ServiceMonitor', all);
  const services = all.filter(({ kind }) => kind === 'Service');
  const isMonitored = ({ metadata }: Printed) =>
    Object.entries(monitor.spec.selector.matchLabels).every(([key, value]) => metadata.labels[key] === value);
  assert.deepEqual(
    services.filter(isMonitored).map(({ metadata }) => metadata.name),
    ['portcullis-metrics'],
  );
  const [{ spec }] = services.filter(isMonitored);
  assert.deepEqual(
    monitor.spec.endpoints.map(({ port, path }: Printed) => [port, path]),
    [[spec.ports[0].name, '/metrics']],
  );
  const { selector, template } = ofKind('Deployment', all).spec;
  assert.deepEqual(spec.selector, selector.matchLabels);
  const [{ ports }] = template.spec.containers;
  assert.ok(
    ports.some(({ name, containerPort }: Printed) => name === spec.ports[0].targetPort && containerPort === 8081),
  );
});

test('components go together: rules, brought certificates and metrics, for older API servers', {
  skip,
}, async (t) => {
  const components = ['rules', 'service-monitor', 'kube-1.21'].map((name) => `../manifests/components/${name}`);
  const all = await overlay(
    t,
    [
      'resources: [../manifests/overlays/cert-manager/server]',
      `components: [${components}]`,
      'configMapGenerator:',
      '  - { name: portcullis-rules, namespace: portcullis-system, literals: ["a.ts=//"] }',
      '  - { name: portcullis-config, namespace: portcullis-system, literals: ["portcullis.yaml=rules: {}"] }',
    ].join('\n'),
  );
  const { volumes, containers } = ofKind('Deployment', all).spec.template.spec;
  const mounts = containers[0].volumeMounts.map(({ name }: Printed) => name).sort();
  assert.deepEqual(volumes.map(({ name }: Printed) => name).sort(), ['certificate', 'config', 'rules']);
  assert.deepEqual(mounts, ['certificate', 'config', 'rules']);
  assert.equal('unhealthyPodEvictionPolicy' in ofKind('PodDisruptionBudget', all).spec, false);
});

test('the example of an install runs its rules in the pods, as they run beside its configuration', {
  skip,
}, async (t) => {
  const all = await built('examples/install');
  const there = await portcullis(['manifests', 'webhooks'], await inPod(await copyWith(t, {}), all));
  assert.deepEqual(there, await portcullis(['manifests', 'webhooks'], { cwd: 'examples/install' }));
  assert.match(there.stdout, /deployments/);
  for (const { metadata, immutable } of all.filter(({ kind }) => kind === 'ConfigMap')) {
    assert.match(metadata.name, /^portcullis-(rules|config)-[0-9a-z]{10}$/);
    assert.equal(immutable, true);
  }
});

test('a change of a rule of the example is a change of the pods', { skip }, async (t) => {
  const copy = await copyWith(t, { 'examples/install/rules/_labels.ts': "export const TEAM = 'team';" });
  const podsOf = (all: readonly Printed[]) => JSON.stringify(ofKind('Deployment', all).spec.template);
  assert.notEqual(podsOf(await built('examples/install', copy)), podsOf(await built('examples/install')));
});

test('every file of the example’s rules is listed', () => {
  const folder = join(import.meta.dirname, '../../examples/install');
  const [{ files }] = parse(readFileSync(join(folder, 'kustomization.yaml'), 'utf8')).configMapGenerator;
  assert.deepEqual(
    files,
    readdirSync(join(folder, 'rules'))
      .map((name) => `rules/${name}`)
      .sort(),
  );
});

for (const forgotten of ['pod-owner.ts', 'team-label.ts', '_labels.ts']) {
  test(`a ${forgotten} that the list forgets keeps the pods from starting, not the rule from being in force`, {
    skip,
  }, async (t) => {
    const name = 'examples/install/kustomization.yaml';
    const list = readFileSync(name, 'utf8').replace(`      - rules/${forgotten}\n`, '');
    const copy = await copyWith(t, { [name]: list });
    const how = await inPod(join(copy, 'pod'), await built('examples/install', copy));
    const { code, stderr } = await portcullis(['serve'], how);
    assert.equal(code, 2);
    assert.match(stderr, forgotten.startsWith('_') ? /there is no file '\.\/_labels\.ts'/ : /there is no such rule/);
  });
}

test('a CRD that a rule reads is one more file of the list', { skip }, async (t) => {
  const name = 'examples/install/kustomization.yaml';
  const more = ['weather-report-schema.ts', 'weather-report.crd.yaml'];
  const rules = Object.fromEntries(
    more.map((file) => [`examples/install/rules/${file}`, readFileSync(`examples/rules/${file}`, 'utf8')]),
  );
  const [last = ''] = /^.*team-label.ts\n/m.exec(readFileSync(name, 'utf8')) ?? [];
  const lines = more.map((file) => last.replace('team-label.ts', file)).join('');
  const list = readFileSync(name, 'utf8').replace(last, `${last}${lines}`);
  const copy = await copyWith(t, { ...rules, [name]: list });
  const how = await inPod(join(copy, 'pod'), await built('examples/install', copy));
  const { code, stdout } = await portcullis(['manifests', 'webhooks'], how);
  assert.equal(code, 0);
  assert.match(stdout, /- weatherreports\n/);
});

/** A kustomization of one's own, beside manifests/. */
async function overlay(t: TestContext, kustomization: string): Promise<Printed[]> {
  const text = `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n${kustomization}\n`;
  const copy = await copyWith(t, { 'examples/kustomization.yaml': text });
  return built('examples', copy);
}

/** In an order of their own, as are a container's variables, which do not refer to one another. */
function sorted(manifests: readonly Printed[]): Printed[] {
  const copies: Printed[] = structuredClone([...manifests]);
  for (const { kind, spec } of copies) {
    if (kind !== 'Deployment') continue;
    for (const { env } of spec.template.spec.containers) {
      for (const { value = '' } of env) assert.doesNotMatch(value, /\$\(/);
      env.sort((a: Printed, b: Printed) => (a.name < b.name ? -1 : 1));
    }
  }
  const key = ({ kind, metadata }: Printed) => `${kind} ${metadata.name}`;
  return copies.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
