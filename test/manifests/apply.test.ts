import assert from 'node:assert/strict';
import { join, resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { stringify } from 'yaml';
import { made } from '../certs/made.ts';
import { portcullis } from '../cli/portcullis.ts';
import { withoutAssets } from '../e2e/assets.ts';
import { type ControlPlane, startControlPlane } from '../e2e/control-plane.ts';
import { eventually } from '../e2e/eventually.ts';
import { pod } from '../e2e/objects.ts';
import { folderOf, ruleFile } from '../load/rule-folder.ts';
import { built, copyWith } from './built.ts';
import { documents, ofKind, type Printed, printed } from './printed.ts';

const root = resolve(import.meta.dirname, '../..');
const ACCOUNT = 'system:serviceaccount:portcullis-system:portcullis';

test('what is for kubectl apply is taken by a real API server', { skip: withoutAssets }, async (t) => {
  const plane = await startControlPlane();
  t.after(plane.stop);
  const version = `1.${plane.minor}`;
  for (const kind of [
    'issuers.cert-manager.io',
    'certificates.cert-manager.io',
    'servicemonitors.monitoring.coreos.com',
  ]) {
    await plane.applied(stringify(standIn(kind)));
  }

  // The bases are for newer ones.
  const isOld = plane.minor < 21;
  const server = `manifests/${isOld ? 'overlays/kube-1.20/' : ''}server`;
  const webhooks = `manifests/${isOld ? 'overlays/kube-1.20/' : ''}webhooks`;

  await t.test(`${server} and then ${webhooks}: without a warning, and again without a change`, async () => {
    for (const folder of [server, webhooks]) {
      const apply = ['apply', '-k', join(root, folder)];
      assert.deepEqual(await verbs(plane, apply), ['created']);
      assert.deepEqual(await verbs(plane, apply), ['unchanged']);
    }
  });

  await t.test('what manifests server prints is the same', async () => {
    const text = yaml(await printed(['server', '--kube-version', version]));
    assert.deepEqual(await verbs(plane, ['apply', '-f', '-'], text), ['unchanged']);
  });

  await t.test('two pods are made of it: nothing in them is refused', async () => {
    await eventually('the pods', async () => {
      const { items } = await plane.json(['-n', 'portcullis-system', 'get', 'pods']);
      return items.length === 2 || undefined;
    });
  });

  await t.test('the account may do what the server does, and nothing else', async () => {
    for (const [verb, what, expected] of RIGHTS) {
      const args = ['auth', 'can-i', `--as=${ACCOUNT}`, '-n', 'portcullis-system', verb, what];
      const { stdout } = await plane.kubectl(args);
      assert.equal(stdout.trim(), expected, `${verb} ${what}`);
    }
  });

  await t.test('what the other overlays bring besides is taken too', async (t) => {
    for (const folder of ['cert-manager', 'zero-privilege']) {
      await taken(plane, await builtFor(t, plane, `manifests/overlays/${folder}/server`));
    }
    await taken(plane, await built('manifests/overlays/cert-manager/webhooks'));
    const kustomization = {
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      resources: [`../../${server}`],
      components: ['../../manifests/components/service-monitor'],
    };
    const copy = await copyWith(t, { 'examples/rules/kustomization.yaml': stringify(kustomization) });
    await taken(plane, await built('examples/rules', copy));
  });

  await t.test('rules arrive in the cluster as they are written', async (t) => {
    const text = '// off\r\n//\ttab \ufeff \u2028 \u2029 \u0085 \u007f \u0007 \u{1f510}\r\n\n\n# end  ';
    const folder = await folderOf(t, { 'a.ts': ruleFile('a'), '_b.js': text });
    // The text itself: YAML 1.1 has more ends of lines than 1.2.
    const { stdout } = await portcullis(['manifests', 'server', '--kube-version', version, '--rules', folder]);
    assert.equal((await plane.applied(stdout)).stderr, '');
    const { name } = ofKind('ConfigMap', documents(stdout)).metadata;
    const { data } = await plane.json(['-n', 'portcullis-system', 'get', 'configmap', name]);
    assert.deepEqual(data, { 'a.ts': ruleFile('a'), '_b.js': text });
  });

  await t.test('the example of an install is taken, its ConfigMaps by the names that its pods have', async (t) => {
    const all = await builtFor(t, plane, 'examples/install');
    await taken(plane, all);
    const { volumes } = ofKind('Deployment', all).spec.template.spec;
    assert.equal(volumes.length, 2);
    for (const { configMap } of volumes) {
      await plane.succeeded(['-n', 'portcullis-system', 'get', 'configmap', configMap.name]);
    }
  });

  await t.test('the CA of clients is replaced in place, and no pod for it', async (t) => {
    const [first, second] = ['first', 'second'].map((commonName) => made({ isAuthority: true, commonName }).cert);
    const cwd = await folderOf(t, { 'first.crt': first ?? '', 'both.crt': `${first}${second}` });
    const apply = async (file: string) => {
      const flags = ['--kube-version', version, '--client-ca', file, '--client-name', 'kube-apiserver'];
      return (await plane.applied(yaml(await printed(['server', ...flags], { cwd })))).stdout;
    };
    assert.match(await apply('first.crt'), /^configmap\/portcullis-client-ca created$/m);
    const changed = (await apply('both.crt')).split('\n').filter((line) => !/^$| unchanged$/.test(line));
    assert.deepEqual(changed, ['configmap/portcullis-client-ca configured']);
  });

  await t.test('a registration', (t) => registration(t, plane, version));
});

/** What applying it again changes, and what it leaves alone. */
async function registration(t: TestContext, plane: ControlPlane, version: string): Promise<void> {
  const rules = await folderOf(t, { 'a.ts': ruleFile('a', 'webhook: "own"') });
  const apply = async (...flags: string[]) =>
    plane.applied(yaml(await printed(['webhooks', '--kube-version', version, ...flags])));
  const get = () => plane.json(['get', 'validatingwebhookconfiguration', 'portcullis']);
  const bundle = [{ op: 'add', path: '/webhooks/0/clientConfig/caBundle', value: 'Zm9v' }];

  await t.test('keeps the caBundle that somebody has put into it', async () => {
    await apply('--rules', rules);
    await plane.succeeded([
      'patch',
      'validatingwebhookconfiguration/portcullis',
      '--type=json',
      '-p',
      JSON.stringify(bundle),
    ]);
    await apply('--rules', rules, '--namespace', 'elsewhere');
    const [{ clientConfig }] = (await get()).webhooks;
    assert.deepEqual([clientConfig.caBundle, clientConfig.service.namespace], ['Zm9v', 'elsewhere']);
  });

  await t.test('keeps everybody out while nobody answers, but for the namespaces to be left alone', async () => {
    const create = ['create', '--dry-run=server', '-f', '-'];
    await apply('--rules', rules);
    const { stderr } = await eventually('pods are asked about', async () => {
      const outcome = await plane.kubectl(create, { input: pod({ name: 'a' }) });
      return outcome.code === 1 ? outcome : undefined;
    });
    assert.match(stderr, /failed calling webhook "own\.extensions\.example\.com"/);
    const own = await plane.kubectl([...create, '-n', 'portcullis-system'], { input: pod({ name: 'a' }) });
    assert.deepEqual([own.code, own.stderr], [0, '']);
  });

  await t.test('is empty once there are no rules, and nobody is asked any more', async (t) => {
    const off = [
      'git-sync',
      'downward-api',
      'website-schema',
      'website-source',
      'git-sync-present',
      'downward-api-label',
    ];
    const folder = await folderOf(t, { 'p.yaml': `rules: {${off.map((name) => `${name}: { mode: off }`)}}` });
    const { stdout } = await apply('--rules', rules, '--config', join(folder, 'p.yaml'));
    assert.match(stdout, /^mutatingwebhookconfiguration\S+ configured\nvalidating/);
    const { webhooks = [] } = await plane.json(['get', 'mutatingwebhookconfiguration', 'portcullis']);
    assert.deepEqual(webhooks, []);
    assert.deepEqual(
      (await get()).webhooks.map(({ name }: Printed) => name),
      ['own.extensions.example.com'],
    );
  });
}

/** A server's folder as this API server takes it: by the component for older ones, and before 1.21 without policy/v1. */
async function builtFor(t: TestContext, { minor }: ControlPlane, folder: string): Promise<Printed[]> {
  if (minor >= 32) return built(folder);
  const kustomization = { resources: [`../${folder}`], components: ['../manifests/components/kube-1.21'] };
  const copy = await copyWith(t, { 'examples/kustomization.yaml': stringify(kustomization) });
  const all = await built('examples', copy);
  return minor >= 21 ? all : all.filter(({ kind }) => kind !== 'PodDisruptionBudget');
}

const RIGHTS: readonly [verb: string, what: string, expected: 'yes' | 'no'][] = [
  ['get', 'secrets/portcullis-ca', 'yes'],
  ['update', 'secrets/portcullis-ca', 'yes'],
  ['create', 'secrets', 'yes'],
  ['get', 'secrets/other', 'no'],
  ['update', 'secrets/other', 'no'],
  ['list', 'secrets', 'no'],
  ['delete', 'secrets/portcullis-ca', 'no'],
  ['get', 'validatingwebhookconfigurations/portcullis', 'yes'],
  ['patch', 'mutatingwebhookconfigurations/portcullis', 'yes'],
  ['patch', 'mutatingwebhookconfigurations/other', 'no'],
  ['create', 'mutatingwebhookconfigurations', 'no'],
  ['delete', 'validatingwebhookconfigurations/portcullis', 'no'],
  ['get', 'websites', 'yes'],
  ['list', 'websites', 'yes'],
  ['watch', 'websites', 'yes'],
  ['create', 'websites', 'no'],
  ['update', 'websites', 'no'],
  ['delete', 'websites', 'no'],
  ['get', 'pods', 'no'],
];

/** What kubectl says it has done, each once. Fails at a warning. */
async function verbs(plane: ControlPlane, args: readonly string[], input = ''): Promise<string[]> {
  const { stdout, stderr } = await plane.succeeded(args, { input });
  assert.equal(stderr, '');
  return [
    ...new Set(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split(' ').at(-1) ?? ''),
    ),
  ];
}

async function taken(plane: ControlPlane, manifests: readonly Printed[]): Promise<void> {
  const { stdout, stderr } = await plane.applied(yaml(manifests));
  assert.equal(stderr, '');
  assert.equal(stdout.trim().split('\n').length, manifests.length);
}

function yaml(manifests: readonly Printed[]): string {
  return manifests.map((manifest) => JSON.stringify(manifest)).join('\n---\n');
}

/** A definition that takes any object of a kind that other projects bring. */
function standIn(name: string): object {
  const [plural = '', ...rest] = name.split('.');
  const group = rest.join('.');
  const kind = { issuers: 'Issuer', certificates: 'Certificate', servicemonitors: 'ServiceMonitor' }[plural];
  const openAPIV3Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const version = { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name },
    spec: { group, scope: 'Namespaced', names: { kind, plural }, versions: [version] },
  };
}
