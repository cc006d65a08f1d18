import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { eventually } from '../../eventually.ts';
import { pod } from '../../objects.ts';
import { done, refused } from '../../said.ts';
import { ASKING, assertNoGate, GOOD } from '../gate.ts';
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
    const { code, stderr } = await kubectl(['create', '-f', '-'], GOOD);
    assert.equal(code, 1);
    // kubectl may remember the kinds of a moment ago; then the API server says it.
    assert.match(stderr, /no matches for kind "Website"|the server could not find the requested resource/);
  });
}

/** The uninstall that keeps the Websites. */
export async function uninstallKeepingWebsites(t: TestContext, cluster: Installation): Promise<void> {
  const { plane, run } = cluster;
  const kubectl = await cluster.namespace('kept');

  await t.test('the server goes, and the Websites stay', async () => {
    assert.equal((await kubectl(['create', '-f', '-'], GOOD)).code, 0);
    await cluster.done('kubectl delete -k manifests/webhooks');
    // Not as documented, but half a minute faster: nobody is asked any more, so nobody waits for the drain.
    await plane.succeeded(['-n', 'portcullis-system', 'delete', 'deployment', 'portcullis']);
    await plane.succeeded(['-n', 'portcullis-system', 'delete', 'pods', '--all', '--force', '--grace-period=0']);
    assert.deepEqual(
      await run('kubectl delete namespace portcullis-system'),
      done('namespace "portcullis-system" deleted\n'),
    );
    assert.deepEqual(
      await run('kubectl delete clusterrole,clusterrolebinding portcullis'),
      done(
        'clusterrole.rbac.authorization.k8s.io "portcullis" deleted\n' +
          'clusterrolebinding.rbac.authorization.k8s.io "portcullis" deleted\n',
      ),
    );
    assert.equal(
      (await kubectl(['get', 'website', 'good', '-o', 'name'])).stdout,
      'website.extensions.example.com/good\n',
    );
    await eventually('there is no gate', async () => assertNoGate(kubectl).then(() => true));
    await assertGone(cluster, ['customresourcedefinition.apiextensions.k8s.io/websites.extensions.example.com']);
  });
}

/** The uninstall in the wrong order, and how it is mended. */
export async function serverRemovedFirst(t: TestContext, cluster: Installation): Promise<void> {
  const { run, servicePort } = cluster;
  const kubectl = await cluster.namespace('stuck');
  const dry = ['create', '--dry-run=server', '-f', '-'];

  await t.test('pods that ask are blocked, and the user told who is missing; all else goes on', async () => {
    const GONE = `Error from server (InternalError): error when creating "STDIN": Internal error occurred: failed calling webhook "label.git-sync.extensions.example.com": Post "https://portcullis.portcullis-system.svc:${servicePort}/mutate/git-sync/label?timeout=5s": service "portcullis" not found\n`;
    // Nobody waits until the last pod has gone, and the end of the control plane ends it.
    run('kubectl delete -k manifests/server').catch(() => {});
    await eventually('the server has gone', async () => {
      assert.deepEqual(await kubectl(dry, ASKING), refused(GONE));
      return true;
    });
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
  });
}

/** Everything of the manifests, by every kind that they have, but for what is to stay. */
async function assertGone({ plane }: Installation, kept: readonly string[] = []): Promise<void> {
  const kinds =
    'namespaces,customresourcedefinitions,clusterroles,clusterrolebindings,mutatingwebhookconfigurations,validatingwebhookconfigurations';
  const { stdout } = await plane.succeeded(['get', kinds, '-o', 'name']);
  const left = stdout.split('\n').filter((name) => /portcullis|extensions\.example\.com/.test(name));
  assert.deepEqual(left, kept);
}
