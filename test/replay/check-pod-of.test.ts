import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { podOf } from '../../replay/check/pod-of.ts';
import type { KubeObject } from '../../replay/cluster.ts';

const template = {
  metadata: { labels: { app: 'web' }, annotations: { note: 'x' }, name: 'is-not-the-pods' },
  spec: { containers: [{ name: 'web' }] },
};
const withTemplate = (apiVersion: string, kind: string, spec: object = { template }): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name: 'web', namespace: 'prod' },
  spec,
});

interface Expected {
  readonly at: string;
  readonly name: string;
  readonly owner: string | undefined;
  readonly by: string;
  readonly labels: readonly string[];
}

const controllers: readonly (readonly [object: KubeObject, expected: Expected])[] = [
  [
    withTemplate('apps/v1', 'Deployment'),
    {
      at: 'spec.template',
      name: 'web-7c5ddbdf54-*',
      owner: 'apps/v1 ReplicaSet web-7c5ddbdf54',
      by: 'replicaset-controller',
      labels: ['app', 'pod-template-hash'],
    },
  ],
  [
    withTemplate('apps/v1', 'ReplicaSet'),
    {
      at: 'spec.template',
      name: 'web-*',
      owner: 'apps/v1 ReplicaSet web',
      by: 'replicaset-controller',
      labels: ['app'],
    },
  ],
  [
    withTemplate('apps/v1', 'StatefulSet'),
    {
      at: 'spec.template',
      name: 'web-0',
      owner: 'apps/v1 StatefulSet web',
      by: 'statefulset-controller',
      labels: ['app', 'apps.kubernetes.io/pod-index', 'controller-revision-hash', 'statefulset.kubernetes.io/pod-name'],
    },
  ],
  [
    withTemplate('apps/v1', 'DaemonSet'),
    {
      at: 'spec.template',
      name: 'web-*',
      owner: 'apps/v1 DaemonSet web',
      by: 'daemon-set-controller',
      labels: ['app', 'controller-revision-hash', 'pod-template-generation'],
    },
  ],
  [
    withTemplate('batch/v1', 'Job'),
    {
      at: 'spec.template',
      name: 'web-*',
      owner: 'batch/v1 Job web',
      by: 'job-controller',
      labels: [
        'app',
        'batch.kubernetes.io/controller-uid',
        'batch.kubernetes.io/job-name',
        'controller-uid',
        'job-name',
      ],
    },
  ],
  [
    withTemplate('batch/v1beta1', 'CronJob', { jobTemplate: { spec: { template } } }),
    {
      at: 'spec.jobTemplate.spec.template',
      name: 'web-28000000-*',
      owner: 'batch/v1 Job web-28000000',
      by: 'job-controller',
      labels: [
        'app',
        'batch.kubernetes.io/controller-uid',
        'batch.kubernetes.io/job-name',
        'controller-uid',
        'job-name',
      ],
    },
  ],
  [
    withTemplate('v1', 'ReplicationController'),
    {
      at: 'spec.template',
      name: 'web-*',
      owner: 'v1 ReplicationController web',
      by: 'replication-controller',
      labels: ['app'],
    },
  ],
  [
    { apiVersion: 'v1', kind: 'PodTemplate', metadata: { name: 'web', namespace: 'prod' }, template },
    { at: 'template', name: 'web-*', owner: undefined, by: 'author', labels: ['app'] },
  ],
];

describe('the Pod that its controller makes of', () => {
  for (const [object, expected] of controllers) {
    test(object.kind, () => {
      const inside = podOf(object);
      assert.ok(inside);
      const metadata = inside.pod.metadata as { [member: string]: unknown };
      const [owner] = (metadata.ownerReferences ?? []) as { apiVersion: string; kind: string; name: string }[];
      const { username } = inside.userInfo as { username: string };
      assert.deepEqual(
        {
          at: inside.at.join('.'),
          name: metadata.name ?? `${metadata.generateName}*`,
          owner: owner && `${owner.apiVersion} ${owner.kind} ${owner.name}`,
          by: username.split(':').at(-1),
          labels: Object.keys(metadata.labels as object).sort(),
        },
        expected,
      );
      assert.equal(inside.pod.metadata.namespace, 'prod');
      assert.deepEqual(metadata.annotations, { note: 'x' });
      assert.deepEqual((inside.pod.spec as { containers: unknown }).containers, template.spec.containers);
    });
  }
});

test('the Pod of a StatefulSet has a volume for each claim, instead of one of that name, and its own host name', () => {
  const spec = {
    ...template.spec,
    volumes: [
      { name: 'data', emptyDir: {} },
      { name: 'tmp', emptyDir: {} },
    ],
  };
  const set = withTemplate('apps/v1', 'StatefulSet', {
    serviceName: 'webs',
    template: { ...template, spec },
    volumeClaimTemplates: [{ metadata: { name: 'data' } }],
  });
  const pod = podOf(set)?.pod as unknown as {
    metadata: { generateName?: string };
    spec: { [member: string]: unknown };
  };
  // Beside the name that it has: so a real controller makes it.
  assert.equal(pod.metadata.generateName, 'web-');
  assert.deepEqual(pod.spec.volumes, [
    { name: 'tmp', emptyDir: {} },
    { name: 'data', persistentVolumeClaim: { claimName: 'data-web-0' } },
  ]);
  assert.deepEqual([pod.spec.hostname, pod.spec.subdomain], ['web-0', 'webs']);
});

const without: readonly (readonly [sentence: string, object: KubeObject])[] = [
  ['a kind of that name in another group', withTemplate('example.com/v1', 'Deployment')],
  ['a Deployment without a template', withTemplate('apps/v1', 'Deployment', {})],
  ['a template that is no object', withTemplate('apps/v1', 'Deployment', { template: 'x' })],
  ['a spec that is no object', { ...withTemplate('apps/v1', 'Deployment'), spec: 3 }],
  ['a Pod', withTemplate('v1', 'Pod', template.spec)],
];
for (const [sentence, object] of without) {
  test(`no Pod comes of ${sentence}`, () => assert.equal(podOf(object), undefined));
}
