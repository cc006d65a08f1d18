import assert from 'node:assert/strict';
import { test } from 'node:test';
import { downwardApi } from '../../rules/downward-api/downward-api.ts';
import { filledIn, outcomeOf } from '../pod/outcome-of.ts';

const LABEL = 'extensions.example.com/downward-api';
const NAMES = [
  'POD_NAME',
  'POD_NAMESPACE',
  'POD_UID',
  'POD_IP',
  'NODE_NAME',
  'HOST_IP',
  'SERVICE_ACCOUNT_NAME',
  'CONTAINER_CPU_REQUEST_MILLICORES',
  'CONTAINER_CPU_LIMIT_MILLICORES',
  'CONTAINER_MEMORY_REQUEST_BYTES',
  'CONTAINER_MEMORY_LIMIT_BYTES',
];

test('a container without variables gets the eleven, exactly as the API server would complete them', () => {
  const { outcome, patch } = outcomeOf(downwardApi, podWith({ containers: [{ name: 'app' }] }));
  assert.equal(outcome.decision, 'allow');
  const field = (name: string, fieldPath: string) => ({
    name,
    valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } },
  });
  const resource = (name: string, resource: string, divisor: string) => ({
    name,
    valueFrom: { resourceFieldRef: { resource, divisor } },
  });
  assert.deepEqual(patch, [
    {
      op: 'add',
      path: '/spec/containers/0/env',
      value: [
        field('POD_NAME', 'metadata.name'),
        field('POD_NAMESPACE', 'metadata.namespace'),
        field('POD_UID', 'metadata.uid'),
        field('POD_IP', 'status.podIP'),
        field('NODE_NAME', 'spec.nodeName'),
        field('HOST_IP', 'status.hostIP'),
        field('SERVICE_ACCOUNT_NAME', 'spec.serviceAccountName'),
        resource('CONTAINER_CPU_REQUEST_MILLICORES', 'requests.cpu', '1m'),
        resource('CONTAINER_CPU_LIMIT_MILLICORES', 'limits.cpu', '1m'),
        resource('CONTAINER_MEMORY_REQUEST_BYTES', 'requests.memory', '1'),
        resource('CONTAINER_MEMORY_LIMIT_BYTES', 'limits.memory', '1'),
      ],
    },
  ]);
});

test('init containers and sidecars get them too, and what this program does not know of stays as it is', () => {
  const sidecar = {
    name: 'proxy',
    restartPolicy: 'Always',
    resources: { claims: [{ name: 'gpu' }] },
    fromTheFuture: 1,
  };
  const given = podWith({
    initContainers: [sidecar, { name: 'setup' }],
    containers: [{ name: 'app' }, { name: 'log' }],
  });
  const { pod, patch } = outcomeOf(downwardApi, given);
  for (const container of [...pod.spec.initContainers, ...pod.spec.containers]) {
    assert.deepEqual(namesIn(container), NAMES, container.name);
  }
  const { env: _, ...rest } = pod.spec.initContainers[0];
  assert.deepEqual(rest, sidecar);
  assert.deepEqual(
    patch.map(({ op, path }) => `${op} ${path}`).toSorted(),
    ['containers/0', 'containers/1', 'initContainers/0', 'initContainers/1'].map((place) => `add /spec/${place}/env`),
  );
});

test("the variables stand before the user's own, which may refer to them, and each is one insertion", () => {
  const own = [{ name: 'ID', value: '$(POD_NAME).$(POD_NAMESPACE)' }];
  const { pod, patch } = outcomeOf(downwardApi, podWith({ containers: [{ name: 'app', env: own }] }));
  assert.deepEqual(namesIn(pod.spec.containers[0]), [...NAMES, 'ID']);
  assert.equal(patch.length, NAMES.length);
  for (const { op, path } of patch) assert.match(`${op} ${path}`, /^add \/spec\/containers\/0\/env\/\d+$/);
});

test("a name that the user has stays the user's, as a value or from a source", () => {
  const own = [
    { name: 'POD_NAME', value: 'mine' },
    { name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
  ];
  const { pod } = outcomeOf(downwardApi, podWith({ containers: [{ name: 'app', env: own }] }));
  const { env } = pod.spec.containers[0];
  assert.deepEqual(env.slice(-2), own);
  assert.deepEqual(namesIn(pod.spec.containers[0]).toSorted(), NAMES.toSorted(), 'each name once');
});

const decisions: { given: string; metadata: object; selector?: string; reason: string | undefined }[] = [
  { given: 'the pod says "true"', metadata: { labels: { [LABEL]: 'true' } }, selector: 'pod', reason: undefined },
  { given: 'its namespace says so and the pod nothing', metadata: {}, selector: 'namespace', reason: undefined },
  { given: 'no label, by the way of nobody', metadata: { labels: null }, reason: undefined },
  { given: 'the pod says "false"', metadata: { labels: { [LABEL]: 'false' } }, selector: 'pod', reason: 'opted_out' },
  { given: 'the pod says "True"', metadata: { labels: { [LABEL]: 'True' } }, selector: 'pod', reason: 'invalid_value' },
  { given: 'the pod says "yes"', metadata: { labels: { [LABEL]: 'yes' } }, selector: 'pod', reason: 'invalid_value' },
  {
    given: 'the pod says nothing in it',
    metadata: { labels: { [LABEL]: '' } },
    selector: 'pod',
    reason: 'invalid_value',
  },
  { given: 'a label that is gone by now', metadata: { labels: {} }, selector: 'pod', reason: 'not_requested' },
  {
    given: 'a mirror pod',
    metadata: { labels: { [LABEL]: 'true' }, annotations: { 'kubernetes.io/config.mirror': 'f3' } },
    reason: 'mirror_pod',
  },
];
for (const { given, metadata, selector, reason } of decisions) {
  test(`${given}: ${reason ?? 'gets the variables'}`, () => {
    const pod = { metadata, spec: { containers: [{ name: 'app' }] } };
    const { outcome, patch } = outcomeOf(downwardApi, pod, selector === undefined ? {} : { selector });
    assert.equal(outcome.decision === 'skip' ? outcome.reason : undefined, reason);
    assert.equal(patch.length, reason === undefined ? 1 : 0);
  });
}

test('called again, the rule has nothing to do', () => {
  const first = outcomeOf(
    downwardApi,
    podWith({ initContainers: [{ name: 'a' }], containers: [{ name: 'b', env: null }] }),
  );
  const second = outcomeOf(downwardApi, first.pod);
  assert.equal(second.outcome.decision === 'skip' && second.outcome.reason, 'already_injected');
  assert.deepEqual(second.patch, []);
});

test('called again after another webhook added a container, it completes that one alone', () => {
  const { pod } = outcomeOf(downwardApi, podWith({ containers: [{ name: 'app' }] }));
  pod.spec.containers.unshift({ name: 'proxy' });
  const { patch } = outcomeOf(downwardApi, pod);
  assert.deepEqual(
    patch.map(({ path }) => path),
    ['/spec/containers/0/env'],
  );
});

const oddities: { given: string; spec: unknown; gets: number }[] = [
  { given: 'no spec', spec: undefined, gets: 0 },
  { given: 'a spec of null', spec: null, gets: 0 },
  { given: 'containers of null', spec: { containers: null, initContainers: null }, gets: 0 },
  { given: 'containers that are no list', spec: { containers: 'app', initContainers: { length: 1 } }, gets: 0 },
  { given: 'no containers', spec: { containers: [] }, gets: 0 },
  { given: 'places with nothing in them', spec: { containers: [null, { name: 'app' }, 7, undefined] }, gets: 1 },
  { given: 'env of null', spec: { containers: [{ name: 'app', env: null }] }, gets: 1 },
  { given: 'env that is no list', spec: { containers: [{ name: 'app', env: 'A=b' }] }, gets: 1 },
  { given: 'variables that are none', spec: { containers: [{ name: 'app', env: [null, { value: 'x' }] }] }, gets: 1 },
];
for (const { given, spec, gets } of oddities) {
  test(`${given}: no failure, ${gets} containers with variables`, () => {
    const { outcome, pod } = outcomeOf(downwardApi, podWith(spec));
    const containers =
      gets === 0 ? [] : pod.spec.containers.filter((container: unknown) => Object(container) === container);
    assert.equal(
      outcome.decision === 'skip' ? outcome.reason : outcome.decision,
      gets === 0 ? 'no_containers' : 'allow',
    );
    assert.equal(containers.filter((container: object) => namesIn(container).includes('POD_NAME')).length, gets);
  });
}

test('labels named as the members of every object are labels, and stand for no value of ours', () => {
  const pod = JSON.parse(
    `{"metadata":{"labels":{"__proto__":"true","constructor":"true","${LABEL}":"true"}},"spec":{"containers":[{"name":"c"}]}}`,
  );
  const { outcome, pod: after } = outcomeOf(downwardApi, pod);
  assert.equal(outcome.decision, 'allow');
  assert.deepEqual(Object.keys(after.metadata.labels), ['__proto__', 'constructor', LABEL]);
  const inherited = { metadata: JSON.parse(`{"labels":{"__proto__":{"${LABEL}":"true"}}}`), spec: pod.spec };
  const { outcome: other } = outcomeOf(downwardApi, inherited, { selector: 'pod' });
  assert.equal(other.decision === 'skip' && other.reason, 'not_requested');
});

test("a prefix stands before every name, and the user's names count with it", () => {
  const own = [
    { name: 'POD_NAME', value: 'mine' },
    { name: 'MY_POD_UID', value: 'mine' },
  ];
  const { pod } = outcomeOf(downwardApi, podWith({ containers: [{ name: 'app', env: own }] }), {
    settings: { prefix: 'MY_' },
  });
  const expected = NAMES.map((name) => `MY_${name}`).filter((name) => name !== 'MY_POD_UID');
  assert.deepEqual(namesIn(pod.spec.containers[0]), [...expected, 'POD_NAME', 'MY_POD_UID']);
});

test('a selection gives these variables and no others, in the usual order', () => {
  const { pod } = outcomeOf(downwardApi, podWith({ containers: [{ name: 'app' }] }), {
    settings: { variables: ['NODE_NAME', 'POD_NAME'] },
  });
  assert.deepEqual(namesIn(pod.spec.containers[0]), ['POD_NAME', 'NODE_NAME']);
});

for (const settings of [
  { prefix: 'my-' },
  { prefix: '1_' },
  { prefix: 'a' },
  { variables: ['POD'] },
  { variables: [] },
]) {
  test(`the settings ${JSON.stringify(settings)} are refused`, () => {
    assert.throws(() => filledIn(downwardApi, settings));
  });
}

test('the label alone brings a pod here, and its namespace only where the pod has none', () => {
  assert.deepEqual(downwardApi.routing.selectors, {
    pod: { objectSelector: { matchExpressions: [{ key: LABEL, operator: 'Exists' }] } },
    namespace: {
      namespaceSelector: { matchExpressions: [{ key: LABEL, operator: 'In', values: ['true'] }] },
      objectSelector: { matchExpressions: [{ key: LABEL, operator: 'DoesNotExist' }] },
    },
  });
});

test('a pod with more containers than can be stored with the variables gets none: refused where it asks, left alone where its namespace does', () => {
  const pod = podWith({ initContainers: containers(1000), containers: containers(1001) });
  const { outcome } = outcomeOf(downwardApi, pod, { selector: 'pod' });
  assert.deepEqual(outcome.decision === 'deny' && outcome.problems, [
    {
      reason: 'FieldValueForbidden',
      field: 'spec.containers',
      message:
        'Forbidden: at most 2000 containers, init containers among them, can have the variables, or the pod is too large to be stored: it has 2001',
    },
  ]);
  const left = outcomeOf(downwardApi, pod, { selector: 'namespace' });
  assert.equal(left.outcome.decision === 'skip' && left.outcome.reason, 'too_many_containers');
  const { patch } = outcomeOf(downwardApi, podWith({ containers: containers(2000) }), { selector: 'pod' });
  assert.equal(patch.length, 2000);
});

function containers(count: number): object[] {
  return Array.from({ length: count }, (_, i) => ({ name: `app-${i}` }));
}

function podWith(spec: unknown): object {
  return { metadata: { name: 'p', labels: { [LABEL]: 'true' } }, spec };
}

// biome-ignore lint/suspicious/noExplicitAny: as in the pods
function namesIn(container: any): string[] {
  return container.env.filter(Boolean).map(({ name }: { name: string }) => name);
}
