import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Status } from '../../../../cli/status-report.ts';
import { eventually } from '../../eventually.ts';
import type { Outcome } from '../../ran.ts';
import { assertGate } from '../gate.ts';
import type { Installation } from '../installation.ts';

const KINDS = ['mutatingwebhookconfiguration', 'validatingwebhookconfiguration'];
const IN_NAMESPACE = ['-n', 'portcullis-system'];

/** What `kubectl exec deploy/portcullis -- portcullis status` tells an operator of an installed Portcullis. */
export async function status(t: TestContext, cluster: Installation): Promise<void> {
  const { plane, servicePort } = cluster;
  const pods = await addresses(cluster);

  await t.test(
    'it tells that the webhooks lead to another port than the Service’s, which the stand-in for it needs',
    async () => {
      const { code, stdout } = await said(cluster, pods[0] ?? '');
      assert.equal(code, 1, stdout);
      const different = `https://portcullis.portcullis-system.svc:${servicePort}/validate/policy, generated is https://portcullis.portcullis-system.svc:443/validate/policy`;
      assert.ok(
        stdout.includes(
          `validatingwebhookconfigurations/portcullis: policy.extensions.example.com: clientConfig is ${different}`,
        ),
        stdout,
      );
      const version = plane.minor < 36 ? ` --kube-version 1.${plane.minor}` : '';
      const command = `kubectl -n portcullis-system exec deploy/portcullis -- portcullis manifests webhooks${version} | kubectl apply -f -`;
      assert.ok(stdout.includes(`\n    ${command}\n`), stdout);
    },
  );

  await t.test('with the Service’s port all is well, in each replica, and both decide the same', async () => {
    await lead(cluster, 443);
    const seen = await Promise.all(pods.map((pod) => wellIn(cluster, pod)));
    assert.equal(seen.length, 2);
    const [one, other] = seen as [Status, Status];
    assert.equal(one.rules.sha256, other.rules.sha256);
    assert.notEqual(one.certificate?.sha256, other.certificate?.sha256);
    assert.deepEqual(
      one.authorities.map(({ role }) => role),
      ['signing'],
    );
    for (const { trusts, lacks, trustsServing } of [
      ...one.registration.configurations,
      ...other.registration.configurations,
    ]) {
      assert.deepEqual(
        [trusts.map(({ sha256 }) => sha256), lacks, trustsServing],
        [[one.authorities[0]?.sha256], [], true],
      );
    }
    assert.equal(one.apiServer?.kubernetes, `1.${plane.minor}`);
    assert.ok(one.lookups.every(({ isWatched }) => isWatched));
  });

  await t.test('nothing in it is secret: no key, no token', async () => {
    const { data } = await plane.json([...IN_NAMESPACE, 'get', 'secret', 'portcullis-ca']);
    const file = '/var/run/secrets/kubernetes.io/serviceaccount/token';
    const token = await cluster.kubelet.exec(pods[0] ?? '', ['node', '-p', `fs.readFileSync('${file}', 'utf8')`]);
    assert.ok(token.stdout.length > 100);
    const text = JSON.stringify(await wellIn(cluster, pods[0] ?? ''));
    assert.doesNotMatch(text, /PRIVATE|BEGIN/);
    for (const secret of [token.stdout, data['ca.key'], Buffer.from(data['ca.key'], 'base64').toString()]) {
      for (const line of secret.split('\n').filter((part: string) => part.length > 20)) assert.ok(!text.includes(line));
    }
  });

  await lead(cluster, servicePort);
  const kubectl = await cluster.namespace('status');
  await eventually('the gate works again', async () => assertGate(kubectl).then(() => true));
}

async function addresses({ plane }: Installation): Promise<string[]> {
  const { items } = await plane.json([...IN_NAMESPACE, 'get', 'pods']);
  return items.map((pod: { status: { podIP: string } }) => pod.status.podIP);
}

/** What a person sees. The stand-in for a pod has no network of its own, so its health port is another. */
function said({ kubelet }: Installation, podIP: string, flags: readonly string[] = []): Promise<Outcome> {
  const url = `http://127.0.0.1:${kubelet.portOf(podIP, 8081)}`;
  return kubelet.exec(podIP, ['portcullis', 'status', '--url', url, ...flags]);
}

async function wellIn(cluster: Installation, podIP: string): Promise<Status> {
  return eventually('all is well', async () => {
    const { code, stdout } = await said(cluster, podIP, ['--format', 'json']);
    assert.equal(code, 0, stdout);
    return JSON.parse(stdout) as Status;
  });
}

/** Makes the webhooks lead to a port of the Service. Nobody asks anything meanwhile. */
async function lead({ plane }: Installation, port: number): Promise<void> {
  for (const kind of KINDS) {
    const { webhooks } = await plane.json(['get', kind, 'portcullis']);
    const patch = webhooks.map((_: object, i: number) => ({
      op: 'replace',
      path: `/webhooks/${i}/clientConfig/service/port`,
      value: port,
    }));
    await plane.succeeded(['patch', kind, 'portcullis', '--type=json', '-p', JSON.stringify(patch)]);
  }
}
