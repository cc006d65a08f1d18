import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigMap, CronJob, Deployment, type Kind, mutatingRule, Pod, type Rule } from '../../author.ts';
import type { JsonObject } from '../../webhook/decode.ts';
import { labelling, type Untyped } from './ends.ts';
import { type Asked, failureOf, patchOf, pod, responseOf, reviewed } from './reviewed.ts';

type Edit = (draft: Untyped) => unknown;

const refused: readonly (readonly [sentence: string, edit: Edit, message: string])[] = [
  ['another kind', (draft) => set(draft, { kind: 'Job' }), '/kind may not be changed'],
  ['another apiVersion', (draft) => set(draft, { apiVersion: 'v2' }), '/apiVersion may not be changed'],
  ['no kind at all', (draft) => delete draft.kind, '/kind may not be changed'],
  [
    'another namespace',
    ({ metadata }) => set(metadata, { namespace: 'other' }),
    '/metadata/namespace may not be changed',
  ],
  ['no namespace', ({ metadata }) => delete metadata.namespace, '/metadata/namespace may not be changed'],
  ['no metadata', (draft) => delete draft.metadata, '/metadata must be an object'],
  ['metadata that are null', (draft) => set(draft, { metadata: null }), '/metadata must be an object'],
  ['metadata that are a text', (draft) => set(draft, { metadata: 'p' }), '/metadata must be an object'],
  [
    'a label that is a number',
    ({ metadata }) => set(metadata.labels, { a: 1 }),
    '/metadata/labels[a] must be a string, not a number',
  ],
  [
    'a label that is a boolean',
    ({ metadata }) => set(metadata.labels, { a: true }),
    '/metadata/labels[a] must be a string, not a boolean',
  ],
  [
    'a label that is null',
    ({ metadata }) => set(metadata.labels, { a: null }),
    '/metadata/labels[a] must be a string, not a null',
  ],
  [
    'labels that are a list',
    ({ metadata }) => set(metadata, { labels: ['a'] }),
    '/metadata/labels must be an object of strings',
  ],
  [
    'labels that are a text',
    ({ metadata }) => set(metadata, { labels: 'a' }),
    '/metadata/labels must be an object of strings',
  ],
  [
    'an annotation that is a number',
    ({ metadata }) => set(metadata, { annotations: { a: 1 } }),
    '/metadata/annotations[a] must be a string, not a number',
  ],
  [
    'a finalizer that is a number',
    ({ metadata }) => set(metadata, { finalizers: ['a', 1] }),
    '/metadata/finalizers/1 must be a string, not a number',
  ],
  [
    'finalizers that are a text',
    ({ metadata }) => set(metadata, { finalizers: 'a' }),
    '/metadata/finalizers must be a list of strings',
  ],
  [
    'a node selector that is a boolean',
    ({ spec }) => set(spec, { nodeSelector: { ssd: true } }),
    '/spec/nodeSelector[ssd] must be a string, not a boolean',
  ],
  [
    'an argument that is a number',
    ({ spec }) => set(spec.containers[0], { args: ['--port', 80] }),
    '/spec/containers/0/args/1 must be a string, not a number',
  ],
  [
    'a command that is a text',
    ({ spec }) => set(spec.containers[0], { command: 'sh' }),
    '/spec/containers/0/command must be a list of strings',
  ],
  [
    'a variable whose value is a number',
    ({ spec }) => set(spec.containers[0].env[0], { value: 1 }),
    '/spec/containers/0/env/0/value must be a string, not a number',
  ],
  [
    'a variable without a name',
    ({ spec }) => spec.containers[0].env.push({ value: 'x' }),
    '/spec/containers/0/env/1 must have a name that is a string',
  ],
  [
    'a variable that is a text',
    ({ spec }) => spec.containers[0].env.push('A=x'),
    '/spec/containers/0/env/1 must have a name that is a string',
  ],
  [
    'an init container with a number',
    ({ spec }) => set(spec, { initContainers: [{ env: [{ name: 'A', value: 0 }] }] }),
    '/spec/initContainers/0/env/0/value must be a string, not a number',
  ],
  [
    'an ephemeral container with a number',
    ({ spec }) => set(spec, { ephemeralContainers: [{ env: [{ name: 'A', value: 0 }] }] }),
    '/spec/ephemeralContainers/0/env/0/value must be a string, not a number',
  ],
];

for (const [sentence, edit, message] of refused) {
  test(`a rule that makes the pod one with ${sentence} has failed, and is as if it had not edited`, async () => {
    assert.equal(failureOf(await reviewed([editing(edit)])), `rule it failed: Error: ${message}`);
    const answer = await reviewed([editing(edit, 'Ignore'), labelling('after')]);
    assert.deepEqual(patchOf(answer), [{ op: 'add', path: '/metadata/labels/after', value: 'yes' }]);
  });
}

test('a rule may not give an object that exists another name', async () => {
  const rename: Edit = ({ metadata }) => set(metadata, { name: 'other' });
  const asked: Asked = { operation: 'UPDATE', oldObject: pod() };
  assert.equal(
    failureOf(await reviewed([editing(rename)], asked)),
    'rule it failed: Error: /metadata/name may not be changed after CREATE',
  );
  assert.deepEqual(patchOf(await reviewed([editing(rename)])), [
    { op: 'replace', path: '/metadata/name', value: 'other' },
  ]);
});

test('a rule sees the namespace that an older API server leaves out, and no patch mentions it', async () => {
  const object = pod({ metadata: { name: 'p' } });
  const seen: unknown[] = [];
  const look: Edit = ({ metadata }) => {
    seen.push(metadata.namespace);
    set(metadata, { labels: { a: 'b' } });
  };
  assert.deepEqual(patchOf(await reviewed([editing(look)], { object })), [
    { op: 'add', path: '/metadata/labels', value: { a: 'b' } },
  ]);
  assert.deepEqual(seen, ['web']);
  const move: Edit = ({ metadata }) => set(metadata, { namespace: 'other' });
  assert.match(failureOf(await reviewed([editing(move)], { object })), /namespace may not be changed$/);
});

test('data of a ConfigMap that are no string are the failure of the rule that set them', async () => {
  const rule = mutatingRule({
    name: 'counts',
    kind: ConfigMap,
    operations: ['CREATE'],
    mutate(draft) {
      Object.assign(draft.data ?? {}, { a: 5 });
    },
  });
  const asked: Asked = {
    kind: { group: '', version: 'v1', kind: 'ConfigMap' },
    resource: { group: '', version: 'v1', resource: 'configmaps' },
    object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'web' }, data: { a: 'b' } },
  };
  assert.match(
    failureOf(await reviewed([rule], asked)),
    /rule counts failed: .*\/data\[a\] must be a string, not a number/,
  );
});

test('what a rule goes on to do after its end is in no patch', async () => {
  const late: Edit = (draft) => {
    set(draft.metadata, { annotations: { a: 'x' } });
    const { annotations } = draft.metadata;
    void Promise.resolve().then(() => set(annotations, { b: 5 }));
  };
  const patch = [{ op: 'add', path: '/metadata/annotations', value: { a: 'x' } }];
  assert.deepEqual(patchOf(await reviewed([editing(late)])), patch);
  const label: Edit = ({ metadata }) => set(metadata.labels, { c: 'd' });
  const both = [editing(late), { ...editing(label), name: 'second' }];
  assert.deepEqual(patchOf(await reviewed(both)), [{ op: 'add', path: '/metadata/labels/c', value: 'd' }, ...patch]);
});

test('labels that are left undefined, and variables without a value, are fine', async () => {
  const fine: Edit = ({ metadata, spec }) => {
    set(metadata, { labels: { a: undefined }, annotations: null });
    spec.containers[0].env.push({ name: 'B' }, { name: 'C', value: null });
  };
  assert.equal(responseOf(await reviewed([editing(fine)])).allowed, true);
});

test('a rule that leaves alone what is odd already has not failed', async () => {
  const object = pod({ spec: { containers: [{ name: 'app', env: [{ name: 'A', value: 1 }] }] } });
  assert.deepEqual(patchOf(await reviewed([editing(() => {})], { object })), []);
});

const template = () => ({ metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'app', env: [] }] } });
const workloads: readonly (readonly [
  kind: Kind,
  spec: JsonObject,
  where: string,
  templateOf: (draft: Untyped) => Untyped,
])[] = [
  [Deployment, { template: template() }, '/spec/template', ({ spec }) => spec.template],
  [
    CronJob,
    { jobTemplate: { spec: { template: template() } } },
    '/spec/jobTemplate/spec/template',
    ({ spec }) => spec.jobTemplate.spec.template,
  ],
];

for (const [kind, spec, where, templateOf] of workloads) {
  test(`the pods that a ${kind.kind} makes are looked at as well`, async () => {
    const object = { apiVersion: `${kind.group}/v1`, kind: kind.kind, metadata: { name: 'x', namespace: 'web' }, spec };
    const asked: Asked = { kind, resource: kind, object };
    const label: Edit = (draft) => set(templateOf(draft).metadata.labels, { a: 1 });
    const variable: Edit = (draft) => templateOf(draft).spec.containers[0].env.push({ name: 'A', value: 1 });
    assert.match(
      failureOf(await reviewed([editing(label, 'Fail', kind)], asked)),
      new RegExp(`${where}/metadata/labels\\[a\\] must`),
    );
    assert.match(
      failureOf(await reviewed([editing(variable, 'Fail', kind)], asked)),
      new RegExp(`${where}/spec/containers/0/env/0/value must`),
    );
  });
}

test("a custom resource's template is its own affair", async () => {
  const kind: Kind = { group: 'example.com', version: 'v1', kind: 'Mill', resource: 'mills', scope: 'Namespaced' };
  const containers = [{ env: [{ value: 1 }] }];
  const object = {
    apiVersion: 'example.com/v1',
    kind: 'Mill',
    metadata: { name: 'x', namespace: 'web' },
    spec: { template: { spec: { containers } } },
  };
  const label: Edit = ({ metadata }) => set(metadata, { labels: { a: 'b' } });
  assert.deepEqual(patchOf(await reviewed([editing(label, 'Fail', kind)], { kind, resource: kind, object })), [
    { op: 'add', path: '/metadata/labels', value: { a: 'b' } },
  ]);
});

function editing(edit: Edit, failurePolicy: 'Fail' | 'Ignore' = 'Fail', kind: Kind = Pod): Rule {
  return mutatingRule({
    name: 'it',
    kind,
    operations: ['CREATE', 'UPDATE'],
    failurePolicy,
    mutate(draft) {
      edit(draft);
    },
  });
}

function set(object: object, members: object): void {
  Object.assign(object, members);
}
