import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { eventually } from '../../eventually.ts';
import { pod, website } from '../../objects.ts';
import { done, refused } from '../../said.ts';
import { ASKING, assertNoGate } from '../gate.ts';
import type { Installation } from '../installation.ts';
import { ASKING_POD, underLoad, type Write } from '../load.ts';

const CONFIGMAP: Write = {
  resource: 'configmaps',
  object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'any' } },
  expected: 'taken',
};

/** The uninstall of the README: webhooks, then server. */
export async function uninstall(t: TestContext, cluster: Installation): Promise<void> {
  const { plane } = cluster;
  const kubectl = await cluster.namespace('left-behind');

  await t.test('without the webhooks nobody is asked any more, and nothing blocks while the server goes', async () => {
    assert.equal(
      await cluster.done('kubectl delete -k manifests/webhooks'),
      'mutatingwebhookconfiguration.admissionregistration.k8s.io "portcullis" deleted\n' +
        'validatingwebhookconfiguration.admissionregistration.k8s.io "portcullis" deleted\n',
    );
    await eventually('there is no gate', async () => assertNoGate(kubectl).then(() => true));
    const writes = [CONFIGMAP, { ...ASKING_POD, expected: 'taken' }];
    await underLoad(plane, 'left-behind', writes, async () => {
      assert.match(
        await cluster.done('kubectl delete -k manifests/server'),
        /^namespace "portcullis-system" deleted\n/,
      );
    });
  });

  await t.test('nothing is left of it', () => assertGone(cluster));

  await t.test('Websites have gone with their kind, which the README says', async () => {
    const { code, stderr } = await kubectl(['create', '-f', '-'], website({ name: 'web' }, {}));
    assert.equal(code, 1);
    assert.ok(stderr.includes('no matches for kind "Website"'), stderr);
  });
}

/** The uninstall in the wrong order, and how it is mended. */
export async function serverRemovedFirst(t: TestContext, cluster: Installation): Promise<void> {
  const { run, servicePort } = cluster;
  const kubectl = await cluster.namespace('stuck');
  const dry = ['create', '--dry-run=server', '-f', '-'];

  await t.test('the server goes: it is nothing that its own webhooks could keep', async () => {
    await cluster.done('kubectl delete -k manifests/server');
  });

  await t.test('then pods that ask are blocked, and the user told who is missing; all else goes on', async () => {
    const GONE = `Error from server (InternalError): error when creating "STDIN": Internal error occurred: failed calling webhook "label.git-sync.extensions.example.com": Post "https://portcullis.portcullis-system.svc:${servicePort}/mutate/git-sync/label?timeout=5s": service "portcullis" not found\n`;
    assert.deepEqual(await kubectl(dry, ASKING), refused(GONE));
    assert.deepEqual(await kubectl(dry, pod({ name: 'plain' })), done('pod/plain created (server dry run)\n'));
  });

  await t.test('the break-glass command heals it', async () => {
    assert.deepEqual(
      await run('kubectl delete validatingwebhookconfiguration,mutatingwebhookconfiguration portcullis'),
      done(
        'validatingwebhookconfiguration.admissionregistration.k8s.io "portcullis" deleted\n' +
          'mutatingwebhookconfiguration.admissionregistration.k8s.io "portcullis" deleted\n',
      ),
    );
    await eventually('there is no gate', async () => assertNoGate(kubectl).then(() => true));
    await assertGone(cluster);
  });
}

/** Everything of the manifests, by every kind that they have. */
async function assertGone({ plane }: Installation): Promise<void> {
  const kinds =
    'namespaces,customresourcedefinitions,clusterroles,clusterrolebindings,mutatingwebhookconfigurations,validatingwebhookconfigurations';
  const { stdout } = await plane.succeeded(['get', kinds, '-o', 'name']);
  const left = stdout.split('\n').filter((name) => /portcullis|extensions\.example\.com/.test(name));
  assert.deepEqual(left, []);
}
