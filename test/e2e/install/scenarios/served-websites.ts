import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { InNamespace } from '../../cluster.ts';
import { eventually } from '../../eventually.ts';
import { GIT_REPO, GIT_SYNC, KUBIA, pod, WEBSITE, website } from '../../objects.ts';
import { done, refused } from '../../said.ts';
import { requestsOfPortcullis } from '../audit.ts';
import { assertGate } from '../gate.ts';
import type { Installation } from '../installation.ts';

const CREATE = ['create', '-f', '-'];
const DRY = ['create', '--dry-run=server', '-f', '-'];

/** Pods that name a Website, where Portcullis may read Websites because its ClusterRole says so, and for nothing else. */
export async function servedWebsites(t: TestContext, cluster: Installation): Promise<void> {
  const { plane } = cluster;
  const began = new Date();
  const kubectl = await cluster.namespace('served-websites');
  const elsewhere = await cluster.namespace('served-elsewhere');

  await t.test('without its Website a pod is refused, by a sentence that names it', async () => {
    assert.deepEqual(await kubectl(DRY, asking('kubia')), refused(wrong('kubia', NOT_THERE)));
  });

  await t.test('from the very moment that the Website is there, the pod gets its git-sync from it', async () => {
    for (const name of ['kubia', 'second', 'third', 'fourth']) {
      const gitRepo = `https://github.com/luksa/${name}.git`;
      assert.equal((await kubectl(CREATE, website({ name }, { gitRepo }))).code, 0);
      assert.deepEqual(await kubectl(CREATE, asking(name)), done(`pod/${name} created\n`));
      const { stdout } = await kubectl(['get', 'pod', name, '-o', `jsonpath=${ARGS}`]);
      assert.ok(stdout.startsWith(`["--repo=${gitRepo}","--ref=HEAD"`), stdout);
    }
  });

  await t.test('in another namespace there is no such Website', async () => {
    assert.deepEqual(await elsewhere(DRY, asking('kubia')), refused(wrong('kubia', NOT_THERE)));
  });

  await t.test('a Website that is being deleted serves no new pod', async () => {
    const metadata = { name: 'leaving', finalizers: ['test.example.com/held'] };
    assert.equal((await kubectl(CREATE, website(metadata, { gitRepo: KUBIA }))).code, 0);
    assert.deepEqual(await kubectl(DRY, asking('leaving')), done('pod/leaving created (server dry run)\n'));
    await kubectl(['delete', 'website', 'leaving', '--wait=false']);
    await refusedFor(kubectl, 'leaving', 'the Website of that name is being deleted');
    await kubectl(['patch', 'website', 'leaving', '--type=merge', '-p', '{"metadata":{"finalizers":null}}']);
    await refusedFor(kubectl, 'leaving', NOT_THERE);
  });

  await t.test('its rights are enough for that, and none of those to Websites is one too many', async () => {
    // A watch of what nobody changes is written down when it ends, half a minute later.
    const used = await eventually(
      'what the pods need to ask',
      async () => {
        const { all } = await requestsOfPortcullis(plane, new Date(0));
        const verbs = new Set(
          all.filter((request) => / websites\b/.test(request)).map((request) => request.split(' ')[0]),
        );
        return verbs.size >= 3 ? verbs : undefined;
      },
      { timeoutMs: 60_000 },
    );
    const { rules } = await plane.json(['get', 'clusterrole', 'portcullis']);
    const granted = rules.find(({ resources }: { resources: string[] }) => resources.includes('websites'));
    assert.deepEqual([...used].sort(), [...granted.verbs].sort());
    assert.deepEqual((await requestsOfPortcullis(plane, began)).refused, []);
  });

  await t.test('without the kind of Websites Portcullis starts and is ready, and all other pods go on', async () => {
    await plane.succeeded(['delete', 'crd', 'websites.extensions.example.com']);
    await cluster.done('kubectl -n portcullis-system rollout restart deployment/portcullis');
    await cluster.done('kubectl -n portcullis-system rollout status deployment/portcullis');
    const containers = 'jsonpath={.spec.containers[*].name}';
    const annotated = pod({ name: 'asks', labels: { [GIT_SYNC]: 'true' }, annotations: { [GIT_REPO]: KUBIA } });
    assert.deepEqual(await kubectl([...DRY, '-o', containers], annotated), done('web git-sync'));
    assert.deepEqual(await kubectl(DRY, pod({ name: 'plain' })), done('pod/plain created (server dry run)\n'));
    const { code, stderr } = await kubectl(DRY, asking('kubia'));
    assert.equal(code, 1);
    assert.match(
      stderr,
      /failed calling webhook "website\.git-sync\.extensions\.example\.com": .*rule git-sync failed: .*websites\.extensions\.example\.com are not synced yet: .*404/,
    );
  });

  await t.test('and once it is back, Websites are served again: nobody has to start anything anew', async () => {
    await cluster.done('kubectl apply -k manifests/server');
    await eventually('a Website is taken', async () => {
      const { code, stderr } = await kubectl(CREATE, website({ name: 'back' }, { gitRepo: KUBIA }));
      assert.equal(code, 0, stderr);
      return true;
    });
    await eventually(
      'a pod of it is admitted',
      async () => {
        assert.deepEqual(await kubectl(DRY, asking('back')), done('pod/back created (server dry run)\n'));
        return true;
      },
      { timeoutMs: 90_000 },
    );
    await assertGate(kubectl);
  });
}

const ARGS = '{.spec.containers[?(@.name=="git-sync")].args}';
const NOT_THERE = 'there is no Website of that name in the namespace of the pod';

function asking(name: string): string {
  return pod({ name, labels: { [WEBSITE]: name } });
}

function wrong(name: string, sentence: string): string {
  return `The Pod "${name}" is invalid: metadata.labels[${WEBSITE}]: Invalid value: "${name}": ${sentence}\n`;
}

/** What the watch tells of a change comes a moment after it. */
async function refusedFor(kubectl: InNamespace, name: string, sentence: string): Promise<void> {
  await eventually(sentence, async () => {
    assert.deepEqual(await kubectl(DRY, asking(name)), refused(wrong(name, sentence)));
    return true;
  });
}
