import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Cluster } from '../cluster.ts';
import { DOWNWARD_API, deployment, GIT_SYNC, KUBIA, pod, website } from '../objects.ts';
import { done, refused } from '../said.ts';

/** What goes on in a cluster while nobody answers, and that it is over when somebody does. */
export async function outage(t: TestContext, cluster: Cluster): Promise<void> {
  const { plane } = cluster;
  const kubectl = await cluster.namespace('outage');
  const asking = await cluster.namespace('outage-asks', { [DOWNWARD_API]: 'true' });
  const system = await cluster.namespace('kube-system');
  const before = website({ name: 'before' }, { gitRepo: KUBIA });
  const labelled = pod({ name: 'labelled', labels: { [GIT_SYNC]: 'true', [DOWNWARD_API]: 'true' } });

  await t.test('in kube-system nothing is done to a Pod that asks, while Portcullis runs', async () => {
    assert.deepEqual(await system(['create', '-f', '-'], labelled), done('pod/labelled created\n'));
    const { stdout } = await system(['get', 'pod', 'labelled', '-o', 'json']);
    const { containers } = JSON.parse(stdout).spec;
    assert.deepEqual([containers.length, containers[0].env], [1, undefined]);
    await system(['delete', 'pod', 'labelled']);
  });

  assert.equal((await kubectl(['create', '-f', '-'], before)).code, 0);
  await cluster.end();

  for (const { sentence, run, webhook, object } of [
    { sentence: 'a Website', run: kubectl, webhook: 'policy', object: website({ name: 'new' }, { gitRepo: KUBIA }) },
    { sentence: 'a Pod that asks for git-sync', run: kubectl, webhook: 'label.git-sync', object: labelled },
    {
      sentence: 'a Pod that says no to the variables, which is for us to read,',
      run: kubectl,
      webhook: 'pod.downward-api',
      object: pod({ name: 'out', labels: { [DOWNWARD_API]: 'false' } }),
    },
    {
      sentence: 'a Pod in a namespace that asks',
      run: asking,
      webhook: 'namespace.downward-api',
      object: pod({ name: 'plain' }),
    },
  ]) {
    await t.test(`${sentence} is refused while Portcullis is away, since its policy is Fail`, async () => {
      const { code, stdout, stderr } = await run(['create', '-f', '-'], object);
      assert.deepEqual([code, stdout], [1, '']);
      assert.ok(stderr.startsWith(failure(webhook)), stderr);
    });
  }

  await t.test('what nobody asks about goes on: other Pods, other kinds', async () => {
    assert.deepEqual(await kubectl(['create', '-f', '-'], pod({ name: 'plain' })), done('pod/plain created\n'));
    assert.deepEqual(await system(['create', '-f', '-'], pod({ name: 'plain' })), done('pod/plain created\n'));
    await system(['delete', 'pod', 'plain']);
    assert.deepEqual(await kubectl(['create', 'configmap', 'plain']), done('configmap/plain created\n'));
  });

  await t.test('so does a workload whose Pods would be refused, which nobody is told now', async () => {
    const bad = deployment('bad', { labels: { [GIT_SYNC]: 'true' }, annotations: {} });
    assert.deepEqual(await kubectl(['create', '-f', '-'], bad), done('deployment.apps/bad created\n'));
    assert.deepEqual(
      await kubectl(['delete', 'deployment', 'bad']),
      done('deployment.apps "bad" deleted from outage namespace\n'),
    );
  });

  await t.test('in kube-system so does a Pod that asks, where namespaces have the label of their name', async () => {
    const { code, stderr } = await system(['create', '--dry-run=server', '-f', '-'], labelled);
    if (plane.minor >= 21) assert.deepEqual([code, stderr], [0, '']);
    // Before 1.21 nothing sets kubernetes.io/metadata.name, and a namespace without it is none of those to be left
    // out: Portcullis is asked, and only it would have said to leave the Pod alone.
    else assert.ok(code === 1 && stderr.startsWith(failure('label.git-sync')), stderr);
  });

  await t.test('a Website may not change, but may go', async () => {
    const { code, stderr } = await kubectl(['label', 'website', 'before', 'a=b']);
    assert.equal(code, 1);
    const text =
      'Error from server (InternalError): Internal error occurred: failed calling webhook "policy.extensions.example.com": ';
    assert.ok(stderr.startsWith(text), stderr);
    assert.deepEqual(
      await kubectl(['delete', 'website', 'before']),
      done('website.extensions.example.com "before" deleted from outage namespace\n'),
    );
  });

  await t.test('all is as it was when it is back, and nothing has to be applied anew', async () => {
    await cluster.restart();
    assert.deepEqual(
      await kubectl(['create', '-f', '-'], before),
      done('website.extensions.example.com/before created\n'),
    );
    assert.deepEqual(
      await kubectl(['create', '-f', '-'], website({ name: 'bad' }, { gitRepo: 'https://host' })),
      refused(
        'The Website "bad" is invalid: spec.gitRepo: Invalid value: "https://host": must name a repository after the host\n',
      ),
    );
    assert.deepEqual(await asking(['create', '-f', '-'], pod({ name: 'plain' })), done('pod/plain created\n'));
  });
}

/** How kubectl begins; the rest is the network's: a refused connection, or the end of one. */
function failure(webhook: string): string {
  return `Error from server (InternalError): error when creating "STDIN": Internal error occurred: failed calling webhook "${webhook}.extensions.example.com": `;
}
