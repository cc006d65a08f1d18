import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Cluster, InNamespace } from '../cluster.ts';
import { eventually } from '../eventually.ts';
import { deployment, GIT_REPO, GIT_SYNC, KUBIA } from '../objects.ts';
import { done } from '../said.ts';

const REF = 'extensions.example.com/git-ref';
const metadata = (ref: string) => ({ labels: { [GIT_SYNC]: 'true' }, annotations: { [GIT_REPO]: KUBIA, [REF]: ref } });
const WHY = 'must not contain ".."';
const refusedBy = (what: string, at = `spec.template.metadata.annotations[${REF}]`) =>
  `Warning: [pod-template] the pods of ${what} would be refused\nWarning: [pod-template] ${at}: ${WHY}\n`;

/** Whoever applies a workload is told of its pods, and no controller is. */
export async function podTemplates(t: TestContext, cluster: Cluster): Promise<void> {
  const kubectl = await cluster.namespace('templates');

  await t.test('a Deployment is told at once why it will have no Pods, and its Pods are refused for that', async () => {
    const applied = await kubectl(['apply', '-f', '-'], deployment('bad', metadata('main..next')));
    assert.deepEqual(applied, done('deployment.apps/bad created\n', refusedBy('Deployment bad')));
    const refusal = `metadata.annotations[${REF}]: Invalid value: "main..next": ${WHY}`;
    assert.ok((await failedCreate(kubectl, 'bad-')).endsWith(` is invalid: ${refusal}`));
  });

  await t.test('to scale it and to label it says no more, and to put it right is silent', async () => {
    for (const [args, said] of [
      ['scale deployment bad --replicas=2', 'deployment.apps/bad scaled\n'],
      ['label deployment bad team=web', 'deployment.apps/bad labeled\n'],
    ] as const) {
      assert.deepEqual(await kubectl(args.split(' ')), done(said));
    }
    const right = await kubectl(['apply', '-f', '-'], deployment('bad', metadata('main')));
    assert.deepEqual(right, done('deployment.apps/bad configured\n'));
  });

  await t.test('a Deployment whose Pods get what they ask for is told nothing', async () => {
    const applied = await kubectl(['apply', '-f', '-'], deployment('good', metadata('main')));
    assert.deepEqual(applied, done('deployment.apps/good created\n'));
    await eventually('a Pod of it', async () => {
      const { stdout } = await kubectl(['get', 'pods', '-l', 'app=good', '-o', 'jsonpath={..containers[*].name}']);
      return /\bgit-sync\b/.test(stdout) || undefined;
    });
  });

  await t.test('in a namespace that asks, a template asks by its repository alone', async () => {
    const asks = await cluster.namespace('templates-ask', { [GIT_SYNC]: 'true' });
    const silent = { ...metadata('main..next'), labels: {} };
    const applied = await asks(['apply', '-f', '-'], deployment('bad', silent));
    assert.deepEqual(applied, done('deployment.apps/bad created\n', refusedBy('Deployment bad')));
    assert.match(await failedCreate(asks, 'bad-'), /must not contain/);
    await asks(['delete', 'deployment', 'bad']);
  });

  await t.test('a CronJob is told why, and the Jobs that are made of it are not', async () => {
    // API servers 1.20 serve it in this version alone, and 1.25 do not.
    const version = cluster.plane.minor < 21 ? 'v1beta1' : 'v1';
    const template = { spec: { template: { metadata: metadata('a..b'), spec: SPEC } } };
    const cronJob = JSON.stringify({
      apiVersion: `batch/${version}`,
      kind: 'CronJob',
      metadata: { name: 'nightly' },
      spec: { schedule: '0 3 1 1 *', jobTemplate: template },
    });
    const applied = await kubectl(['apply', '-f', '-'], cronJob);
    // Its own field is so long that the reason would be cut.
    const told = refusedBy('CronJob nightly', REF);
    assert.deepEqual(applied, done('cronjob.batch/nightly created\n', told));

    const { stdout: uid } = await kubectl(['get', 'cronjob', 'nightly', '-o', 'jsonpath={.metadata.uid}']);
    const owner = { apiVersion: `batch/${version}`, kind: 'CronJob', name: 'nightly', uid, controller: true };
    const job = (name: string, more: object) =>
      JSON.stringify({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name, ...more }, spec: template.spec });
    const made = await kubectl(['create', '-f', '-'], job('made', { ownerReferences: [owner] }));
    assert.deepEqual(made, done('job.batch/made created\n'));
    assert.match(await failedCreate(kubectl, 'made'), /must not contain/);
    const own = await kubectl(['create', '-f', '-'], job('own', {}));
    assert.equal(own.stderr.split('\n')[0], 'Warning: [pod-template] the pods of Job own would be refused');
    await kubectl(['delete', 'cronjob,job', '--all']);
  });

  await t.test('controllers, which made ReplicaSets of them meanwhile, were told nothing', async () => {
    const { stdout } = await kubectl(['get', 'replicasets', '-o', 'name']);
    assert.ok(stdout.split('\n').length >= 2, stdout);
    const reviews = logged(cluster).filter(({ path }) => path?.startsWith('/validate/pod-template/'));
    const told = reviews.filter(({ rules }) => rules?.some(({ reason }) => reason !== undefined));
    assert.ok(told.length >= 4);
    assert.deepEqual([...new Set(told.map(({ user }) => user))], ['admin']);
    assert.deepEqual(
      reviews.filter(({ kind }) => kind === 'ReplicaSet'),
      [],
      'nobody was even asked about those',
    );
  });
  await kubectl(['delete', 'deployment', '--all']);
}

const SPEC = { restartPolicy: 'Never', containers: [{ name: 'web', image: 'nginx:1.29' }] };

/** Why no Pod could be made of what is named so, or begins so: the message of its event. */
async function failedCreate(kubectl: InNamespace, name: string): Promise<string> {
  return eventually(`the event of ${name}`, async () => {
    const { stdout } = await kubectl(['get', 'events', '-o', 'json']);
    const items = JSON.parse(stdout).items as { reason: string; message: string; involvedObject: { name: string } }[];
    return items.find((event) => event.reason === 'FailedCreate' && event.involvedObject.name.startsWith(name))
      ?.message;
  });
}

interface Line {
  readonly path?: string;
  readonly kind?: string;
  readonly user?: string;
  readonly rules?: readonly { readonly reason?: string }[];
}

function logged({ portcullis }: Cluster): Line[] {
  return portcullis
    .log()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);
}
