import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FieldError } from '../../author.ts';
import { gitSync } from '../../rules/git-sync/git-sync.ts';
import { gitSyncPresent } from '../../rules/git-sync/git-sync-present.ts';
import { outcomeOf } from '../pod/outcome-of.ts';
import { webPod } from './pods.ts';

const web = { name: 'web' };
const other = { name: 'git-sync', image: 'nginx' };
/** What git-sync adds for the pod of these tests, to be put where it does not belong. */
const ours = outcomeOf(gitSync, webPod()).pod.spec.containers[1];
const once = outcomeOf(gitSync, webPod({}, { 'git-mode': 'init' })).pod.spec.initContainers[0];

const conflicts: { given: string; spec: object; annotations?: { [name: string]: string }; fields: string[] }[] = [
  { given: 'a container of our name', spec: { containers: [web, other] }, fields: ['spec.containers[1].name'] },
  { given: 'the only container has our name', spec: { containers: [other] }, fields: ['spec.containers[0].name'] },
  {
    given: 'an init container of our name',
    spec: { initContainers: [other] },
    fields: ['spec.initContainers[0].name'],
  },
  {
    given: 'an ephemeral container of our name',
    spec: { ephemeralContainers: [null, other] },
    fields: ['spec.ephemeralContainers[1].name'],
  },
  {
    given: 'one that fetches once, where it would be restarted for ever',
    spec: { containers: [web, once] },
    annotations: { 'git-mode': 'init' },
    fields: ['spec.containers[1].name'],
  },
  { given: 'ours twice', spec: { containers: [web, ours, ours] }, fields: ['spec.containers[2].name'] },
  {
    given: 'ours among the init containers, where it never ends',
    spec: { initContainers: [ours] },
    fields: ['spec.initContainers[0].name'],
  },
  {
    given: 'a sidecar where a Job needs an init container',
    spec: { restartPolicy: 'Never', containers: [web, ours] },
    fields: ['spec.containers[1].name'],
  },
  {
    given: 'volumes of our names on the node',
    spec: {
      volumes: [
        { name: 'git-sync-content', hostPath: { path: '/' } },
        { name: 'a', emptyDir: {} },
        { name: 'git-sync-tmp', persistentVolumeClaim: { claimName: 'c' } },
      ],
    },
    fields: ['spec.volumes[0].name', 'spec.volumes[2].name'],
  },
  {
    given: 'a volume of our name that is two things',
    spec: { volumes: [{ name: 'git-sync-content', emptyDir: {}, hostPath: { path: '/' } }] },
    fields: ['spec.volumes[0].name'],
  },
  {
    given: 'a volume of our name with another Secret than is asked for',
    spec: { volumes: [{ name: 'git-sync-credentials', secret: { secretName: 'other' } }] },
    annotations: { 'git-secret': 'key' },
    fields: ['spec.volumes[0].name'],
  },
  {
    given: 'a volume of our name that gives git-sync something else than a Secret',
    spec: { volumes: [{ name: 'git-sync-credentials', hostPath: { path: '/root/.ssh' } }] },
    annotations: { 'git-secret': 'key' },
    fields: ['spec.volumes[0].name'],
  },
  {
    given: 'a volume of our name with a Secret that nobody asks for',
    spec: { volumes: [{ name: 'git-sync-credentials', secret: { secretName: 'key' } }] },
    fields: ['spec.volumes[0].name'],
  },
  {
    given: 'mounts of the volume with the Secret in containers that are not its own',
    spec: {
      initContainers: [{ name: 'spy', volumeMounts: [{ name: 'git-sync-credentials', mountPath: '/a' }] }],
      containers: [web, { name: 'b', volumeMounts: [null, { name: 'git-sync-credentials', mountPath: '/b' }] }],
    },
    annotations: { 'git-secret': 'key' },
    fields: ['spec.initContainers[0].volumeMounts[0].name', 'spec.containers[1].volumeMounts[1].name'],
  },
  {
    given: 'a mount where mount-path would have the volume',
    spec: { containers: [mounting('/srv/site/current')] },
    annotations: { 'mount-path': '/srv/site' },
    fields: ['spec.containers[0].volumeMounts[0].mountPath'],
  },
  {
    given: 'a mount where the content goes',
    spec: { containers: [mounting('/data', '/usr/share/nginx')] },
    fields: ['spec.containers[0].volumeMounts[1].mountPath'],
  },
  {
    given: 'the same mount, written otherwise',
    spec: { containers: [mounting('//usr/share/./nginx/')] },
    fields: ['spec.containers[0].volumeMounts[0].mountPath'],
  },
  {
    given: 'the same mount, without its first slash',
    spec: { containers: [mounting('usr/share/x/../nginx')] },
    fields: ['spec.containers[0].volumeMounts[0].mountPath'],
  },
  {
    given: 'mounts on and below the content',
    spec: { containers: [mounting('/usr/share/nginx/html', '/usr/share/nginx/html/uploads')] },
    fields: ['spec.containers[0].volumeMounts[0].mountPath', 'spec.containers[0].volumeMounts[1].mountPath'],
  },
  {
    given: 'a mount in the container that is named',
    spec: { containers: [web, null, { ...mounting('/srv/www'), name: 'app' }] },
    annotations: { 'git-container': 'app', 'content-path': '/srv/www/html' },
    fields: ['spec.containers[2].volumeMounts[0].mountPath'],
  },
  {
    given: 'a mount of a part of our volume, which would never change',
    spec: {
      containers: [
        { ...web, volumeMounts: [{ name: 'git-sync-content', mountPath: '/usr/share/nginx', subPath: 'html' }] },
      ],
    },
    fields: ['spec.containers[0].volumeMounts[0].mountPath'],
  },
  {
    given: 'block devices where the content goes and below it',
    spec: {
      containers: [
        {
          ...web,
          volumeDevices: [
            { name: 'a', devicePath: '/usr/share/nginx' },
            { name: 'b', devicePath: '/usr/share/nginx/html/disk' },
          ],
        },
      ],
    },
    fields: ['spec.containers[0].volumeDevices[0].devicePath', 'spec.containers[0].volumeDevices[1].devicePath'],
  },
  {
    given: 'a container, a volume and a mount in the way',
    spec: {
      volumes: [{ name: 'git-sync-tmp', configMap: { name: 'c' } }],
      containers: [mounting('/usr/share/nginx'), other],
    },
    fields: ['spec.containers[1].name', 'spec.containers[0].volumeMounts[0].mountPath', 'spec.volumes[0].name'],
  },
];
for (const { given, spec, annotations = {}, fields } of conflicts) {
  test(`${given}: refused at ${fields.join(' and ')}`, () => {
    const { outcome, patch } = outcomeOf(gitSync, webPod(spec, annotations));
    assert.equal(outcome.decision, 'deny', JSON.stringify(outcome));
    const problems = outcome.decision === 'deny' ? (outcome.problems as FieldError[]) : [];
    assert.deepEqual(
      problems.map(({ field }) => field),
      fields,
    );
    for (const { message } of problems) assert.match(message, /^Invalid value: ".+": is .+/);
    assert.deepEqual(patch, []);
  });

  test(`${given}: left exactly alone where its namespace asks, and its author is told of ${fields.join(' and ')}`, () => {
    const pod = unlabelled(webPod(spec, annotations));
    const { outcome, patch } = outcomeOf(gitSync, pod, { selector: 'namespace' });
    assert.equal(outcome.decision === 'skip' && outcome.reason, 'conflict', JSON.stringify(outcome));
    assert.deepEqual(patch, []);
    const present = outcomeOf(gitSyncPresent, pod, { selector: 'namespace' }).outcome;
    assert.equal(present.decision, 'allow', JSON.stringify(present));
    const [warning = '', ...others] = present.decision === 'allow' ? present.warnings : [];
    assert.deepEqual(others, []);
    assert.match(warning, /^no git-sync: /);
    assert.ok(warning.includes(fields[0] ?? '?'), warning);
  });
}

test('what a pod that only its namespace asks for says wrong itself is refused, whatever is in its way', () => {
  const pod = unlabelled(webPod({ containers: [web, other] }, { 'git-ref': '-x' }));
  for (const rule of [gitSync, gitSyncPresent]) {
    assert.equal(outcomeOf(rule, pod, { selector: 'namespace' }).outcome.decision, 'deny');
  }
});

for (const { given, added, field } of [
  {
    given: 'a mount below its content',
    added: { name: 'other', mountPath: '/usr/share/nginx/secrets' },
    field: 'spec.containers[0].volumeMounts[1].mountPath',
  },
  {
    given: 'a mount of its Secret',
    added: { name: 'git-sync-credentials', mountPath: '/key' },
    field: 'spec.containers[0].volumeMounts[1].name',
  },
]) {
  test(`${given}, which another webhook adds to a pod with git-sync: refused, though only its namespace asks`, () => {
    const { pod } = outcomeOf(gitSync, unlabelled(webPod({}, { 'git-secret': 'key' })), { selector: 'namespace' });
    pod.spec.containers[0].volumeMounts.push(added);
    for (const rule of [gitSync, gitSyncPresent]) {
      const { outcome } = outcomeOf(rule, pod, { selector: 'namespace' });
      const problems = outcome.decision === 'deny' ? (outcome.problems as FieldError[]) : [];
      assert.deepEqual(
        problems.map((problem) => problem.field),
        [field],
      );
    }
  });
}

const harmless: { given: string; spec: object }[] = [
  { given: 'a volume and a mount of other names', spec: { containers: [mounting('/usr/share/nginx-old', '/git')] } },
  {
    given: 'a block device elsewhere',
    spec: { containers: [{ ...web, volumeDevices: [{ name: 'a', devicePath: '/dev/disk' }] }] },
  },
  { given: 'a mount above the content', spec: { containers: [mounting('/usr/share')] } },
  {
    given: 'a mount there in another container',
    spec: { containers: [web, { ...mounting('/usr/share/nginx'), name: 'b' }] },
  },
  {
    given: 'the content in a second container, by its author',
    spec: { containers: [web, { name: 'b', volumeMounts: [{ name: 'git-sync-content', mountPath: '/content' }] }] },
  },
];
for (const { given, spec } of harmless) {
  test(`${given}: injected, with names and paths that occur once`, () => {
    const { outcome, pod } = outcomeOf(gitSync, webPod(spec));
    assert.equal(outcome.decision, 'allow', JSON.stringify(outcome));
    assertUnique(pod.spec.containers.map(({ name }: { name: string }) => name));
    assertUnique(pod.spec.volumes.map(({ name }: { name: string }) => name));
    for (const { volumeMounts = [] } of pod.spec.containers) {
      assertUnique(volumeMounts.map(({ mountPath }: { mountPath: string }) => mountPath));
    }
    assert.equal(pod.spec.containers[0].volumeMounts.at(-1).mountPath, '/usr/share/nginx');
  });
}

function unlabelled(pod: object): object {
  const { metadata } = pod as { metadata: object };
  return { ...pod, metadata: { ...metadata, labels: { app: 'kubia' } } };
}

function assertUnique(names: string[]): void {
  assert.deepEqual(names, [...new Set(names)]);
}

function mounting(...paths: string[]): { name: string; volumeMounts: object[] } {
  return { name: 'web', volumeMounts: paths.map((mountPath, index) => ({ name: `v${index}`, mountPath })) };
}
