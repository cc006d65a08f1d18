import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { connect } from 'node:tls';
import { issueCertificateAuthority, issueServingCertificate } from '../../../../certs/issue.ts';
import { eventually } from '../../eventually.ts';
import { pod, WEBSITE } from '../../objects.ts';
import { done } from '../../said.ts';
import { requestsOfPortcullis } from '../audit.ts';
import { assertGate, enforced } from '../gate.ts';
import type { Installation } from '../installation.ts';
import { ASKING_POD, BAD_WEBSITE, GOOD_WEBSITE, underLoad } from '../load.ts';

const NAMES = ['portcullis.portcullis-system.svc'];
const IN_NAMESPACE = ['-n', 'portcullis-system'];

/** Installs whose certificate somebody else brings: a person, then cert-manager. */
export async function ownCertificate(t: TestContext, cluster: Installation): Promise<void> {
  const { plane, servicePort } = cluster;
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-own-'));
  t.after(() => rm(folder, { recursive: true }));
  const files = { ca: join(folder, 'ca.crt'), cert: join(folder, 'tls.crt'), key: join(folder, 'tls.key') };
  const now = new Date();
  const ca = await issueCertificateAuthority({ now, days: 30 });
  const first = await issueServingCertificate({ ca, names: NAMES, now, days: 10 });
  await writeFile(files.ca, ca.cert);
  await writeFile(files.cert, first.cert);
  await writeFile(files.key, first.key);
  const kubectl = await cluster.namespace('own-certificate');

  await t.test('zero privilege: pods wait for the certificate, and the gate works once it is there', async () => {
    const applied = await cluster.kustomized('apply', 'manifests/overlays/zero-privilege/server');
    assert.deepEqual([applied.code, applied.stderr], [0, '']);
    assert.doesNotMatch(applied.stdout, /role/);
    const secret = ['create', 'secret', 'tls', 'portcullis-certificate', `--cert=${files.cert}`, `--key=${files.key}`];
    assert.deepEqual(
      await plane.kubectl([...IN_NAMESPACE, ...secret]),
      done('secret/portcullis-certificate created\n'),
    );
    await cluster.done('kubectl -n portcullis-system rollout status deployment/portcullis');
    const webhooks = await cluster.generated(['webhooks', '--ca-bundle', files.ca]);
    assert.deepEqual([webhooks.code, webhooks.stderr], [0, '']);
    // The API server trusts them from the first moment on.
    const before = await enforced(kubectl);
    assert.deepEqual(
      before.filter((said) => said !== 'website.extensions.example.com/bad created (server dry run)\n'),
      [],
    );
    await assertGate(kubectl);
  });

  await t.test('a pod that names a Website is refused, and told that nobody can look', async () => {
    const { code, stdout, stderr } = await kubectl(
      ['create', '--dry-run=server', '-f', '-'],
      pod({ name: 'kubia', labels: { [WEBSITE]: 'kubia' } }),
    );
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, NOBODY_LOOKS);
  });

  await t.test('it asks the API server for nothing, and has nothing to ask with', async () => {
    assert.deepEqual(await requestsOfPortcullis(plane, now), { all: [], refused: [] });
    const { items } = await plane.json([...IN_NAMESPACE, 'get', 'pods']);
    assert.equal(items.length, 2);
    for (const { spec } of items)
      assert.deepEqual(
        spec.volumes.map((volume: object) => Object.keys(volume)),
        [['name', 'secret']],
      );
  });

  await t.test(
    'cert-manager: what it makes is used, once its injector has put the CA where the annotation says',
    async () => {
      await plane.applied(stubOf('Issuer', 'issuers'));
      await plane.applied(stubOf('Certificate', 'certificates'));
      await eventually('cert-manager is there', () =>
        plane.succeeded(['get', 'issuers.cert-manager.io,certificates.cert-manager.io']),
      );
      const applied = await cluster.kustomized('apply', 'manifests/overlays/cert-manager/server');
      assert.deepEqual([applied.code, applied.stderr], [0, '']);
      const certificate = await plane.json([...IN_NAMESPACE, 'get', 'certificate.cert-manager.io', 'portcullis']);
      assert.equal(certificate.spec.secretName, 'portcullis-certificate');
      assert.ok(certificate.spec.dnsNames.includes(NAMES[0]));
      await cluster.done('kubectl -n portcullis-system rollout status deployment/portcullis');
      const webhooks = await cluster.kustomized('apply', 'manifests/overlays/cert-manager/webhooks');
      assert.deepEqual([webhooks.code, webhooks.stderr], [0, '']);
      await inject(cluster, ca.cert);
      await enforced(kubectl);
      await assertGate(kubectl);
      const asking = pod({ name: 'kubia', labels: { [WEBSITE]: 'kubia' } });
      const { stderr } = await kubectl(['create', '--dry-run=server', '-f', '-'], asking);
      assert.match(stderr, /^The Pod "kubia" is invalid: .*there is no Website of that name/, 'it may look');
    },
  );

  await t.test('a renewed certificate is served without a restart, and no request is lost on the way', async () => {
    const pods = await plane.succeeded([...IN_NAMESPACE, 'get', 'pods', '-o', 'name']);
    const second = await issueServingCertificate({ ca, names: NAMES, now: new Date(), days: 10 });
    const data = { 'tls.crt': base64(second.cert), 'tls.key': base64(second.key), 'ca.crt': base64(ca.cert) };
    await underLoad(plane, 'own-certificate', [GOOD_WEBSITE, BAD_WEBSITE, ASKING_POD], async () => {
      const patch = JSON.stringify({ data });
      await plane.succeeded([
        ...IN_NAMESPACE,
        'patch',
        'secret',
        'portcullis-certificate',
        '--type=merge',
        '-p',
        patch,
      ]);
      const fingerprint = await served(servicePort);
      // Connections take the pods by turns.
      await eventually('both pods serve another certificate', async () => {
        for (const _ of [1, 2, 3, 4]) assert.notEqual(await served(servicePort), fingerprint);
        return true;
      });
    });
    assert.ok(
      (await plane.succeeded([...IN_NAMESPACE, 'get', 'pods', '-o', 'name'])).stdout.length <= pods.stdout.length,
    );
    const { all, refused } = await requestsOfPortcullis(plane, now);
    assert.deepEqual(
      all.filter((request) => !MAY_BE_READ.test(request)),
      [],
    );
    assert.ok(all.includes('list websites'));
    assert.deepEqual(refused, []);
  });
}

/** A request without a resource is for the version. */
const MAY_BE_READ =
  /^(get|(get|list|watch) websites(\/kubia)?|(get|watch) (mutating|validating)webhookconfigurations\/portcullis)$/;

const NOBODY_LOOKS =
  /failed calling webhook "website\.git-sync\.extensions\.example\.com": .*rule git-sync failed: .*no Website can be looked up: this server has no access to a cluster\n$/;

/** A kind of cert-manager's, of which only the objects are needed here: this test does its work. */
function stubOf(kind: string, plural: string): string {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  const names = { kind, plural, singular: kind.toLowerCase() };
  const versions = [{ name: 'v1', served: true, storage: true, schema }];
  const spec = { group: 'cert-manager.io', scope: 'Namespaced', names, versions };
  const metadata = { name: `${plural}.cert-manager.io` };
  return JSON.stringify({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata, spec });
}

/** What cert-manager's cainjector does with a configuration that asks for it. */
async function inject({ plane }: Installation, ca: string): Promise<void> {
  for (const kind of ['mutatingwebhookconfiguration', 'validatingwebhookconfiguration']) {
    const { metadata, webhooks } = await plane.json(['get', kind, 'portcullis']);
    assert.equal(metadata.annotations['cert-manager.io/inject-ca-from'], 'portcullis-system/portcullis');
    const path = (i: number) => `/webhooks/${i}/clientConfig/caBundle`;
    const patch = webhooks.map((_: object, i: number) => ({ op: 'add', path: path(i), value: base64(ca) }));
    await plane.succeeded(['patch', kind, 'portcullis', '--type=json', '-p', JSON.stringify(patch)]);
  }
}

/** The fingerprint of the certificate that a new connection is shown. */
function served(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.end();
    });
    socket.on('error', reject);
  });
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
