import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { eventually } from '../../eventually.ts';
import { pod } from '../../objects.ts';
import { done, refused } from '../../said.ts';
import { ASKING, assertGate, BAD } from '../gate.ts';
import type { Installation } from '../installation.ts';
import { BAD_WEBSITE, writing } from '../load.ts';

/** An install in the wrong order: webhooks that nobody answers yet. */
export async function webhooksFirst(t: TestContext, cluster: Installation): Promise<void> {
  const { plane, servicePort, run } = cluster;
  const kubectl = await cluster.namespace('wrong-order');
  const system = await cluster.namespace('kube-system');
  const create = ['create', '--dry-run=server', '-f', '-'];

  await t.test('namespaces that are to be left alone say so, since they have no label of their name', async () => {
    const command =
      'kubectl label namespace kube-system kube-public kube-node-lease extensions.example.com/portcullis=ignore';
    assert.deepEqual(
      await run(command),
      done('namespace/kube-system labeled\nnamespace/kube-public labeled\nnamespace/kube-node-lease labeled\n'),
    );
  });

  await t.test('the webhooks are taken before there is a server', async () => {
    assert.deepEqual(
      await run('kubectl apply -k manifests/webhooks'),
      done(
        'mutatingwebhookconfiguration.admissionregistration.k8s.io/portcullis created\n' +
          'validatingwebhookconfiguration.admissionregistration.k8s.io/portcullis created\n',
      ),
    );
  });

  await t.test('a pod that asks is refused, and the user told who is missing', async () => {
    const NOBODY = `Error from server (InternalError): error when creating "STDIN": Internal error occurred: failed calling webhook "label.git-sync.extensions.example.com": Post "https://portcullis.portcullis-system.svc:${servicePort}/mutate/git-sync/label?timeout=5s": service "portcullis" not found\n`;
    await eventually('the webhooks are in force', async () => {
      assert.deepEqual(await kubectl(create, ASKING), refused(NOBODY));
      return true;
    });
  });

  await t.test('all else goes on: pods that do not ask, other kinds, and kube-system whatever it asks', async () => {
    assert.deepEqual(await kubectl(['create', '-f', '-'], pod({ name: 'plain' })), done('pod/plain created\n'));
    assert.deepEqual(await kubectl(['create', 'configmap', 'plain']), done('configmap/plain created\n'));
    const names = 'jsonpath={.spec.containers[*].name}';
    assert.deepEqual(await system([...create, '-o', names], ASKING), done('web'));
  });

  await t.test('there are no Websites yet, and the user is told so', async () => {
    const { code, stderr } = await kubectl(['create', '-f', '-'], BAD);
    assert.equal(code, 1);
    assert.ok(stderr.includes('no matches for kind "Website" in version "extensions.example.com/v1"'), stderr);
  });

  await t.test('the server heals it without another command, and no bad Website is admitted on the way', async () => {
    const heal = async (): Promise<void> => {
      await cluster.done('kubectl apply -k manifests/server');
      await cluster.done('kubectl -n portcullis-system rollout status deployment/portcullis');
      await eventually('the gate works', async () => assertGate(kubectl).then(() => true));
    };
    const seen = new Set<string>();
    await writing(plane, 'wrong-order', [BAD_WEBSITE], heal, (_, outcome) => seen.add(outcome));
    const { expected } = BAD_WEBSITE;
    assert.ok(seen.has(expected));
    const failures = [...seen].filter((outcome) => outcome !== expected);
    // Until the CRD is served; then nobody answers; then the certificate is not trusted yet.
    const known = /^answered with 404|failed calling webhook "policy.extensions.example.com"/;
    assert.deepEqual(
      failures.filter((outcome) => !known.test(outcome)),
      [],
    );
    t.diagnostic(`until it was healed: ${[...new Set(failures.map((text) => text.replace(/.*: /, '')))].join(' | ')}`);
  });
}
