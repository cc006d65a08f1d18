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
        ],
        startupProbe: {
          exec: { command: ['test', '-e', '/git/html'] },
          periodSeconds: 1,
          timeoutSeconds: 5,
          failureThreshold: 150,
        },
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
          { name: 'git-sync-tmp', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true },
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

const asked: { given: string; spec: object }[] = [
  { given: 'a pod of the host network', spec: { hostNetwork: true } },
  { given: 'a pod whose container listens where git-sync could', spec: { containers: [listening(2020)] } },
  { given: 'a pod whose init container does', spec: { initContainers: [listening(2020)] } },
];
for (const { given, spec } of asked) {
  test(`${given}: git-sync takes no port, and its content is waited for all the same`, () => {
    const { pod } = outcomeOf(gitSync, webPod(spec));
    const sync = pod.spec.containers.at(-1);
    assert.equal(sync.name, 'git-sync');
    assert.equal(sync.ports, undefined);
    assert.doesNotMatch(sync.args.join(), /--http/);
    assert.deepEqual(Object.keys(sync.startupProbe).slice(0, 1), ['exec']);
  });
}

test('what is waited for is the link at which the content appears', () => {
  for (const [name, path, link] of [
    ['content-path', '/data/$(HOME)', '/git/$(HOME)'],
    ['content-path', '/data/a$$b', '/git/a$$b'],
    ['mount-path', '/srv/site', '/git/current'],
  ] as const) {
    const [, sync] = outcomeOf(gitSync, webPod({}, { [name]: path })).pod.spec.containers;
    // The kubelet expands variables in both; of one that is not a plain text it makes nothing in the second.
    const told = link.replaceAll('$', '$$$$');
    assert.deepEqual(sync.startupProbe.exec.command, ['test', '-e', told]);
    assert.ok(sync.args.includes(`--link=${told}`), sync.args.join(' '));
  }
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

const budgets: { given: string; resources: unknown; expected: object }[] = [
  {
    given: 'a budget of all',
    resources: { requests: { cpu: '1', memory: '64Mi' } },
    expected: {},
  },
  {
    given: 'a budget of memory, by its limit alone',
    resources: { limits: { memory: '64Mi' } },
    expected: { requests: { cpu: '10m' }, limits: { cpu: '500m' } },
  },
  {
    given: 'a budget of something else',
    resources: { requests: { 'hugepages-2Mi': '2Mi' }, limits: null },
    expected: { requests: { cpu: '10m', memory: '32Mi' }, limits: { cpu: '500m', memory: '256Mi' } },
  },
];
for (const { given, resources, expected } of budgets) {
  test(`${given} for the whole pod: git-sync asks for none of its own of that`, () => {
    const { outcome, pod } = outcomeOf(gitSync, webPod({ resources }));
    assert.equal(outcome.decision, 'allow', JSON.stringify(outcome));
    assert.deepEqual(pod.spec.containers[1].resources, expected);
    assert.deepEqual(pod.spec.resources, resources);
  });
}

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

test('a label of the pod or of its namespace brings it here, no pod twice, and only when it is created', () => {
  const asks = { key: 'extensions.example.com/git-sync', operator: 'Exists' };
  const names = { key: 'extensions.example.com/website', operator: 'Exists' };
  const not = ({ key }: { key: string }) => ({ key, operator: 'DoesNotExist' });
  assert.equal(gitSync.routing.webhook, 'git-sync');
  assert.deepEqual(gitSync.routing.selectors, {
    label: { objectSelector: { matchExpressions: [asks, not(names)] } },
    website: { objectSelector: { matchExpressions: [names] } },
    namespace: {
      namespaceSelector: { matchExpressions: [{ key: asks.key, operator: 'In', values: ['true'] }] },
      objectSelector: { matchExpressions: [not(asks), not(names)] },
    },
  });
  assert.deepEqual(gitSync.operations, ['CREATE']);
});

function listening(containerPort: number): object {
  return { name: 'web', image: 'nginx:alpine', ports: [{ containerPort }] };
}
