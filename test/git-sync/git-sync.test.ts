import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gitSync } from '../../rules/git-sync/git-sync.ts';
import { outcomeOf } from '../pod/outcome-of.ts';
import { REPO, webPod } from './pods.ts';

test('a pod that names a repository gets two volumes, a mount and a hardened container, and keeps its own', () => {
  const { outcome, pod } = outcomeOf(gitSync, webPod());
  assert.equal(outcome.decision, 'allow');
  assert.deepEqual(pod.spec, {
    containers: [
      {
        name: 'web',
        image: 'nginx:alpine',
        volumeMounts: [{ name: 'git-sync-content', mountPath: '/usr/share/nginx', readOnly: true }],
      },
      {
        name: 'git-sync',
        image: 'registry.k8s.io/git-sync/git-sync:v4.7.1',
        args: [
          `--repo=${REPO}`,
          '--ref=HEAD',
          '--root=/git/root',
          '--link=/git/html',
          '--depth=1',
          '--submodules=off',
          '--period=60s',
          '--init-period=5s',
          '--init-max-failures=5',
          '--max-failures=-1',
          '--http-bind=:2020',
        ],
        ports: [{ name: 'git-sync-http', containerPort: 2020 }],
        startupProbe: { httpGet: { path: '/', port: 2020 }, periodSeconds: 1, failureThreshold: 150 },
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
          readOnlyRootFilesystem: true,
          runAsGroup: 65533,
          runAsNonRoot: true,
          runAsUser: 65533,
          seccompProfile: { type: 'RuntimeDefault' },
        },
        resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { cpu: '500m', memory: '256Mi' } },
        terminationMessagePolicy: 'FallbackToLogsOnError',
        volumeMounts: [
          { name: 'git-sync-content', mountPath: '/git' },
          { name: 'git-sync-tmp', mountPath: '/tmp' },
        ],
      },
    ],
    restartPolicy: 'Always',
    volumes: [
      { name: 'git-sync-content', emptyDir: { sizeLimit: '1Gi' } },
      { name: 'git-sync-tmp', emptyDir: { sizeLimit: '16Mi' } },
    ],
  });
  const { annotations } = pod.metadata;
  assert.equal(annotations['kubectl.kubernetes.io/default-container'], 'web');
  const evictable = annotations['cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes'];
  assert.equal(evictable, 'git-sync-content,git-sync-tmp');
});

test('all annotations together say what is fetched and who gets it where', () => {
  const { pod } = outcomeOf(
    gitSync,
    webPod(
      { containers: [{ name: 'proxy' }, { name: 'web' }] },
      {
        'git-ref': 'refs/tags/v1.0',
        'git-period': '1h30m',
        'git-depth': '0',
        'git-submodules': 'recursive',
        'git-mode': 'sidecar',
        'git-container': 'web',
        'content-path': '/var/www/localhost/htdocs',
      },
    ),
  );
  const [proxy, web, sync] = pod.spec.containers;
  assert.equal(proxy.volumeMounts, undefined);
  assert.deepEqual(web.volumeMounts, [{ name: 'git-sync-content', mountPath: '/var/www/localhost', readOnly: true }]);
  for (const arg of ['--ref=refs/tags/v1.0', '--period=1h30m', '--depth=0', '--submodules=recursive']) {
    assert.ok(sync.args.includes(arg), arg);
  }
  assert.ok(sync.args.includes('--link=/git/htdocs'));
  assert.equal(pod.metadata.annotations['kubectl.kubernetes.io/default-container'], 'proxy', 'as kubectl chose before');
});

const once: { given: string; spec: object; annotations: { [name: string]: string } }[] = [
  { given: 'git-mode init', spec: {}, annotations: { 'git-mode': 'init' } },
  { given: "a Job's pod that is never restarted", spec: { restartPolicy: 'Never' }, annotations: {} },
  { given: "a Job's pod that is restarted on failure", spec: { restartPolicy: 'OnFailure' }, annotations: {} },
];
for (const { given, spec, annotations } of once) {
  test(`${given}: the content is fetched once, before everything else`, () => {
    const own = { name: 'render', image: 'busybox' };
    const { pod } = outcomeOf(gitSync, webPod({ ...spec, initContainers: [own] }, annotations));
    assert.deepEqual(
      pod.spec.initContainers.map(({ name }: { name: string }) => name),
      ['git-sync', 'render'],
    );
    assert.equal(pod.spec.containers.length, 1, "nothing runs on beside the pod's own");
    const [sync] = pod.spec.initContainers;
    assert.ok(sync.args.includes('--one-time'));
    assert.ok(!sync.args.some((arg: string) => arg.startsWith('--period')));
    assert.equal(sync.restartPolicy, undefined);
    assert.equal(pod.metadata.annotations['kubectl.kubernetes.io/default-container'], undefined, 'nothing to choose');
  });
}

const WEB = { name: 'web', image: 'nginx:alpine' };
const unprobed: { given: string; spec: object; annotations?: { [name: string]: string } }[] = [
  { given: 'a pod of the host network', spec: { hostNetwork: true } },
  { given: "a pod that has git-sync's port", spec: { containers: [{ ...WEB, ports: [{ containerPort: 2020 }] }] } },
  {
    given: "a pod whose init container has git-sync's port",
    spec: { initContainers: [{ name: 'proxy', ports: [null, { containerPort: 80 }, { containerPort: 2020 }] }] },
  },
  { given: 'a pod that fetches once', spec: {}, annotations: { 'git-mode': 'init' } },
];
for (const { given, spec, annotations } of unprobed) {
  test(`${given}: git-sync does not listen, and nobody waits for it`, () => {
    const { pod } = outcomeOf(gitSync, webPod(spec, annotations));
    const lists = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
    const sync = lists.find(({ name }: { name: string }) => name === 'git-sync');
    assert.ok(!sync.args.some((arg: string) => arg.startsWith('--http-bind')), 'it would fail to bind, and end');
    assert.equal(sync.ports, undefined);
    assert.equal(sync.startupProbe, undefined);
  });
}

test('a pod stays as it is, whatever port is taken after it was injected', () => {
  const { pod } = outcomeOf(gitSync, webPod());
  pod.spec.containers.push({ name: 'late', ports: [{ containerPort: 2020 }] });
  const { outcome } = outcomeOf(gitSync, pod);
  assert.equal(outcome.decision === 'skip' && outcome.reason, 'already_injected');
});

test("the operator's settings decide on the image, the resources and the size", () => {
  const settings = {
    image: 'mirror/git-sync:v4.7.1',
    resources: { limits: { memory: '1Gi' } },
    contentSizeLimit: '200Mi',
  };
  const { pod } = outcomeOf(gitSync, webPod(), { settings });
  const sync = pod.spec.containers[1];
  assert.equal(sync.image, 'mirror/git-sync:v4.7.1');
  assert.deepEqual(sync.resources, { limits: { memory: '1Gi' } });
  assert.equal(pod.spec.volumes[0].emptyDir.sizeLimit, '200Mi');
});

const parents: { given: string; spec: object; paths: string[] }[] = [
  { given: 'lists that are absent', spec: {}, paths: ['/spec/volumes', '/spec/containers/0/volumeMounts'] },
  {
    given: 'lists of null',
    spec: { volumes: null, initContainers: null, containers: [{ name: 'web', volumeMounts: null }] },
    paths: ['/spec/volumes', '/spec/containers/0/volumeMounts'],
  },
  {
    given: 'empty lists',
    spec: { volumes: [], containers: [{ name: 'web', volumeMounts: [] }] },
    paths: ['/spec/volumes/0', '/spec/volumes/1', '/spec/containers/0/volumeMounts/0'],
  },
  {
    given: "lists of the user's own",
    spec: {
      volumes: [{ name: 'data', emptyDir: {} }],
      containers: [{ name: 'web', volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
    },
    paths: ['/spec/volumes/1', '/spec/volumes/2', '/spec/containers/0/volumeMounts/1'],
  },
];
for (const { given, spec, paths } of parents) {
  test(`${given}: the patch makes what is missing and repeats nothing of the user's`, () => {
    const { patch } = outcomeOf(gitSync, webPod(spec));
    const inSpec = patch.filter(({ path }) => path.startsWith('/spec/')).map(({ path }) => path);
    assert.deepEqual(inSpec.toSorted(), [...paths, '/spec/containers/1'].toSorted());
  });
}

test("what this program does not know of, and the pod's own security context, are not touched", () => {
  const sidecar = {
    name: 'proxy',
    restartPolicy: 'Always',
    resources: { claims: [{ name: 'gpu' }] },
    fromTheFuture: 1,
  };
  const securityContext = { fsGroup: 1000, runAsUser: 1000, runAsNonRoot: true };
  const given = webPod({ initContainers: [sidecar], securityContext, newField: { a: null } }, { 'git-mode': 'init' });
  const { pod, patch } = outcomeOf(gitSync, given);
  assert.deepEqual(pod.spec.initContainers[1], sidecar);
  assert.deepEqual(pod.spec.securityContext, securityContext);
  assert.deepEqual(pod.spec.newField, { a: null });
  for (const { op, path, ...rest } of patch) {
    assert.notEqual(op, 'remove');
    assert.ok(!JSON.stringify(rest).includes('proxy'), `${path} repeats nothing of the user's`);
  }
});

test('a dollar in a value reaches git-sync as it is, and no variable is expanded', () => {
  const { pod } = outcomeOf(gitSync, webPod({}, { 'git-ref': 'a$b$$', 'content-path': '/data/$(HOME)' }));
  const { args } = pod.spec.containers[1];
  assert.ok(args.includes('--ref=a$$b$$$$'), args.join(' '));
  assert.ok(args.includes('--link=/git/$$(HOME)'), args.join(' '));
});

test('two pods share nothing, so that a later rule may edit what it was given', () => {
  const settings = { resources: { limits: { cpu: '1' } } };
  const first = outcomeOf(gitSync, webPod(), { settings }).pod.spec;
  const second = outcomeOf(gitSync, webPod(), { settings }).pod.spec;
  first.containers[1].resources.limits.cpu = '2';
  first.containers[1].args.push('--verbose=9');
  first.volumes[0].emptyDir.sizeLimit = '1';
  assert.equal(second.containers[1].resources.limits.cpu, '1');
  assert.ok(!second.containers[1].args.includes('--verbose=9'));
  assert.equal(second.volumes[0].emptyDir.sizeLimit, '1Gi');
});

test('only a label of the pod brings it here, and only when it is created', () => {
  assert.equal(gitSync.routing.webhook, 'git-sync');
  assert.deepEqual(gitSync.routing.selectors, {
    label: { objectSelector: { matchExpressions: [{ key: 'extensions.example.com/git-sync', operator: 'Exists' }] } },
  });
  assert.deepEqual(gitSync.operations, ['CREATE']);
});
