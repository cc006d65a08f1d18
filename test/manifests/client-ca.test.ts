import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { made } from '../certs/made.ts';
import { portcullis, serving } from '../cli/portcullis.ts';
import { folderOf } from '../load/rule-folder.ts';
import { inPod } from './in-pod.ts';
import { ofKind, type Printed, printed } from './printed.ts';

const ca = made({ isAuthority: true, commonName: 'client CA' });
const between = made({ isAuthority: true, commonName: 'CA between', issuer: ca });

const environmentOf = (manifests: readonly Printed[]): { readonly [name: string]: string } => {
  const [{ env }] = ofKind('Deployment', manifests).spec.template.spec.containers;
  return Object.fromEntries(env.map(({ name, value }: Printed) => [name, value]));
};

test('a client CA comes along in a ConfigMap that may be changed in place, without the key beside it', async (t) => {
  const folder = await folderOf(t, { 'ca.pem': `words\n${ca.cert}${ca.key}` });
  const flags = ['--client-ca', 'ca.pem', '--client-name', 'kube-apiserver', '--client-name', 'b c'];
  const manifests = await printed(['server', ...flags], { cwd: folder });
  const { metadata, data, immutable } = ofKind('ConfigMap', manifests);
  assert.deepEqual(
    [metadata.name, metadata.namespace, data, immutable],
    ['portcullis-client-ca', 'portcullis-system', { 'ca.crt': ca.cert }, undefined],
  );
  const { volumes, containers } = ofKind('Deployment', manifests).spec.template.spec;
  assert.deepEqual(volumes, [{ name: 'client-ca', configMap: { name: 'portcullis-client-ca' } }]);
  const mountPath = '/etc/portcullis/client-ca';
  // A subPath would never be changed in a pod that runs.
  assert.deepEqual(containers[0].volumeMounts, [{ name: 'client-ca', mountPath, readOnly: true }]);
  const { PORTCULLIS_CLIENT_CA, PORTCULLIS_CLIENT_NAME, PORTCULLIS_RULES } = environmentOf(manifests);
  assert.deepEqual([PORTCULLIS_CLIENT_CA, PORTCULLIS_CLIENT_NAME], [`${mountPath}/ca.crt`, 'kube-apiserver,b c']);
  assert.equal(PORTCULLIS_RULES, undefined);
});

test('a server that runs as the pod does asks clients for a certificate, wherever the configuration had the CA', async (t) => {
  const folder = await folderOf(t, {
    'conf/portcullis.yaml': 'server: { clientCa: ../pki/ca.crt, clientNames: [kube-apiserver] }\nruleFolders: []',
    'pki/ca.crt': ca.cert,
  });
  const manifests = await printed(['server', '--config', 'conf/portcullis.yaml'], { cwd: folder });
  const there = await folderOf(t, {});
  const { environment = {}, ...how } = await inPod(there, manifests);
  const { PORTCULLIS_PORT: _, PORTCULLIS_HEALTH_PORT: __, ...others } = environment;
  assert.equal(others.PORTCULLIS_CLIENT_NAME, 'kube-apiserver');
  const { said } = await serving(t, ['--certificate', 'dev'], { ...how, environment: others });
  assert.match(said.stderr, /It asks clients for a certificate of the CA in .*etc\/portcullis\/client-ca\/ca\.crt\.\n/);
  const mounted = join(there, '/etc/portcullis/client-ca/ca.crt');
  assert.ok(said.stdout.includes(`"clientCa":${JSON.stringify(mounted)}`), said.stdout);
});

test('without a client CA there is nothing of it', async () => {
  const manifests = await printed(['server']);
  assert.deepEqual(
    manifests.filter(({ kind }) => kind === 'ConfigMap'),
    [],
  );
  assert.ok(!JSON.stringify(manifests).includes('CLIENT'));
});

for (const [sentence, flags, message] of [
  [
    'a client CA by which no pod would let in anybody',
    ['--client-ca', 'between.crt'],
    /between\.crt is signed by "CN=client CA", which is not there/,
  ],
  [
    'a client CA that is not there',
    ['--client-ca', 'ca.crt'],
    /The client CA in .*ca\.crt cannot be used: ca\.crt is missing/,
  ],
  ['names without a client CA', ['--client-name', 'a'], /names mean nothing without the CA/],
] as const) {
  test(`refused: ${sentence}`, async (t) => {
    const folder = await folderOf(t, { 'between.crt': between.cert });
    const { code, stdout, stderr } = await portcullis(['manifests', 'server', ...flags], { cwd: folder });
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, message);
  });
}
