import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Cluster, InNamespace } from '../cluster.ts';
import { eventually } from '../eventually.ts';
import { DOWNWARD_API, deployment, GIT_REPO, GIT_SYNC, KUBIA, pod } from '../objects.ts';
import { done, refused } from '../said.ts';

const BOTH = { [GIT_SYNC]: 'true', [DOWNWARD_API]: 'true' };

/** Pods that ask, pods that do not, and pods that ask in vain. */
export async function pods(t: TestContext, cluster: Cluster): Promise<void> {
  const kubectl = await cluster.namespace('pods');

  await t.test('the Pods of a Deployment have what its template asks for, in both containers', async (t) => {
    const metadata = { labels: BOTH, annotations: { [GIT_REPO]: KUBIA } };
    const container = { env: [{ name: 'GREETING', value: 'I am $(POD_NAME)' }] };
    const created = await kubectl(['apply', '-f', '-'], deployment('kubia', metadata, container));
    assert.deepEqual(created, done('deployment.apps/kubia created\n'));
    const stored = await podOf(kubectl, 'kubia');
    const [web, gitSync, ...others] = stored.spec.containers;
    assert.deepEqual([web.name, gitSync.name, others], ['web', 'git-sync', []]);
    assert.deepEqual(web.env.map(source), [...VARIABLES, 'GREETING: I am $(POD_NAME)']);
    assert.deepEqual(gitSync.env.map(source), VARIABLES);
    assert.deepEqual(gitSync.args.slice(0, 2), [`--repo=${KUBIA}`, '--ref=HEAD']);
    assert.deepEqual(web.volumeMounts.filter(isOurs), [
      { name: 'git-sync-content', mountPath: '/usr/share/nginx', readOnly: true },
    ]);
    assert.deepEqual(gitSync.volumeMounts.filter(isOurs), [
      { name: 'git-sync-content', mountPath: '/git' },
      { name: 'git-sync-tmp', mountPath: '/tmp' },
      // In the place of the token that the API server would mount there, were it free.
      { name: 'git-sync-tmp', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true },
    ]);
    assert.deepEqual(stored.spec.volumes.filter(isOurs), [
      { name: 'git-sync-content', emptyDir: { sizeLimit: '1Gi' } },
      { name: 'git-sync-tmp', emptyDir: { sizeLimit: '16Mi' } },
    ]);

    await t.test('and asked about again as it is stored, such a Pod stays as it is', async () => {
      const { labels, annotations } = stored.metadata;
      const again = JSON.stringify({ ...stored, metadata: { name: 'again', labels, annotations }, status: undefined });
      const reviews = await cluster.reviews();
      const { stdout } = await kubectl(['create', '--dry-run=server', '-o', 'json', '-f', '-'], again);
      const { spec, metadata } = JSON.parse(stdout);
      assert.deepEqual(spec, stored.spec);
      assert.deepEqual(metadata.annotations, annotations);
      assert.equal(await cluster.reviews(), reviews + 4, 'two mutating and two validating webhooks, once each');
    });
    await kubectl(['delete', 'deployment', 'kubia']);
  });

  await t.test('a dry run shows the Pod with what it will get, and stores nothing', async () => {
    const asks = pod({ name: 'dry', labels: BOTH, annotations: { [GIT_REPO]: KUBIA } });
    const containers = 'jsonpath={.spec.containers[*].name} {.spec.containers[*].env[0].name}';
    assert.deepEqual(
      await kubectl(['apply', '--dry-run=server', '-f', '-', '-o', containers], asks),
      done('web git-sync POD_NAME POD_NAME'),
    );
    assert.deepEqual(
      await kubectl(['get', 'pod', 'dry']),
      refused('Error from server (NotFound): pods "dry" not found\n'),
    );
  });

  await t.test('server-side apply of a Pod that gets more is repeated without a conflict', async () => {
    const asks = pod({ name: 'mine', labels: BOTH, annotations: { [GIT_REPO]: KUBIA } });
    for (const _ of ['first', 'second']) {
      const applied = await kubectl(['apply', '--server-side', '-f', '-'], asks);
      assert.deepEqual(applied, done('pod/mine serverside-applied\n'));
    }
    const { containers } = await stored(kubectl, 'mine');
    assert.deepEqual(
      containers.map(({ name }: { name: string }) => name),
      ['web', 'git-sync'],
    );
  });

  await t.test('one that asks for nothing is left as it is, and nobody is asked', async () => {
    const reviews = await cluster.reviews();
    assert.deepEqual(await kubectl(['create', '-f', '-'], pod({ name: 'plain' })), done('pod/plain created\n'));
    assert.equal(await cluster.reviews(), reviews);
    const { containers } = await stored(kubectl, 'plain');
    assert.deepEqual([containers.length, containers[0].env], [1, undefined]);
  });

  await t.test('in a namespace that asks, its Pods get the variables unless they say no', async () => {
    const kubectl = await cluster.namespace('asks', { [DOWNWARD_API]: 'true' });
    assert.deepEqual(await kubectl(['create', '-f', '-'], pod({ name: 'plain' })), done('pod/plain created\n'));
    assert.deepEqual((await stored(kubectl, 'plain')).containers[0].env.map(source), VARIABLES);
    const out = pod({ name: 'out', labels: { [DOWNWARD_API]: 'false' } });
    assert.deepEqual(await kubectl(['create', '-f', '-'], out), done('pod/out created\n'));
    assert.equal((await stored(kubectl, 'out')).containers[0].env, undefined);
  });

  await t.test('one that asks in other words than "true" is told, and gets nothing', async () => {
    const yes = pod({ name: 'yes-please', labels: { [GIT_SYNC]: 'yes', [DOWNWARD_API]: 'yes' } });
    const { stderr, ...rest } = await kubectl(['create', '-f', '-'], yes);
    assert.deepEqual({ ...rest, stderr: '' }, done('pod/yes-please created\n'));
    assert.deepEqual(stderr.trimEnd().split('\n').sort(), [
      `Warning: [downward-api-label] ${DOWNWARD_API}: "yes" is neither "true" nor "false": no variables`,
      `Warning: [git-sync-present] no git-sync: ${GIT_SYNC}: "yes" is neither "true" nor "false"`,
    ]);
    const { containers } = await stored(kubectl, 'yes-please');
    assert.deepEqual([containers.length, containers[0].env], [1, undefined]);
  });

  await t.test('one that asks for what cannot be is refused, and so is one with a generated name', async () => {
    const NO_KEY =
      'metadata.annotations[extensions.example.com/git-secret]: Required value: over SSH git-sync needs a key: name a Secret with the keys ssh and known_hosts';
    const asks = { labels: BOTH, annotations: { [GIT_REPO]: 'git@host:o/r' } };
    assert.deepEqual(
      await kubectl(['create', '-f', '-'], pod({ name: 'bad', ...asks })),
      refused(`The Pod "bad" is invalid: ${NO_KEY}\n`),
    );
    assert.deepEqual(
      await kubectl(['create', '-f', '-'], pod({ generateName: 'bad-', ...asks })),
      refused(`The Pod "bad-" is invalid: ${NO_KEY}\n`),
    );
    const { code, stdout } = await kubectl(
      ['create', '-f', '-'],
      pod({ generateName: 'good-', labels: BOTH, annotations: { [GIT_REPO]: KUBIA } }),
    );
    assert.equal(code, 0);
    assert.match(stdout, /^pod\/good-[a-z0-9]{5} created\n$/);
  });

  await t.test('a Deployment of such Pods is told why there are none', async () => {
    const created = await kubectl(['apply', '-f', '-'], deployment('bad', { labels: BOTH, annotations: {} }));
    assert.deepEqual([created.code, created.stdout], [0, 'deployment.apps/bad created\n']);
    const denied = (name: string) =>
      `admission webhook "label.git-sync.extensions.example.com" denied the request: Pod "${name}-" is invalid: metadata.annotations[${GIT_REPO}]: Required value: a pod that asks for git-sync says which repository`;
    const failure = await eventually('the condition', async () => {
      const { stdout } = await kubectl(['get', 'deployment', 'bad', '-o', 'json']);
      const { conditions = [] } = JSON.parse(stdout).status;
      return conditions.find(({ type }: { type: string }) => type === 'ReplicaFailure');
    });
    const { stdout: set } = await kubectl(['get', 'replicasets', '-l', 'app=bad', '-o', 'jsonpath={..metadata.name}']);
    const { status, reason, message } = failure;
    assert.deepEqual([status, reason, message], ['True', 'FailedCreate', denied(set)]);
    const event = await eventually('the event', async () => {
      const { stdout } = await kubectl(['get', 'events', '-o', 'json']);
      const { items } = JSON.parse(stdout);
      return items.find(({ involvedObject }: { involvedObject: { name: string } }) => involvedObject.name === set);
    });
    assert.deepEqual([event.reason, event.message], ['FailedCreate', `Error creating: ${denied(set)}`]);
    await kubectl(['delete', 'deployment', 'bad']);
  });
}

/** What every container gets, in this order, before its own; DESIGN.md §6. */
const VARIABLES = [
  'POD_NAME: metadata.name',
  'POD_NAMESPACE: metadata.namespace',
  'POD_UID: metadata.uid',
  'POD_IP: status.podIP',
  'NODE_NAME: spec.nodeName',
  'HOST_IP: status.hostIP',
  'SERVICE_ACCOUNT_NAME: spec.serviceAccountName',
  'CONTAINER_CPU_REQUEST_MILLICORES: requests.cpu / 1m',
  'CONTAINER_CPU_LIMIT_MILLICORES: limits.cpu / 1m',
  'CONTAINER_MEMORY_REQUEST_BYTES: requests.memory / 1',
  'CONTAINER_MEMORY_LIMIT_BYTES: limits.memory / 1',
];

/** A variable on one line. */
// biome-ignore lint/suspicious/noExplicitAny: whatever the server has
function source({ name, value, valueFrom: from }: any): string {
  const { resource, divisor } = from?.resourceFieldRef ?? {};
  return `${name}: ${value ?? from.fieldRef?.fieldPath ?? `${resource} / ${divisor}`}`;
}

/** Not the volume of the ServiceAccount's token, which the API server adds. */
function isOurs({ name }: { name: string }): boolean {
  return name.startsWith('git-sync');
}

async function podOf(kubectl: InNamespace, app: string) {
  return eventually(`a Pod of ${app}`, async () => {
    const { stdout } = await kubectl(['get', 'pods', '-l', `app=${app}`, '-o', 'json']);
    return JSON.parse(stdout).items[0];
  });
}

/** The spec of a Pod as the API server keeps it. */
async function stored(kubectl: InNamespace, name: string) {
  const { stdout } = await kubectl(['get', 'pod', name, '-o', 'json']);
  return JSON.parse(stdout).spec;
}
