import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allow, deny, invalid, type Kind, kind, mutatingRule, Pod, type Rule, validatingRule } from '../../author.ts';
import { type Asked, failureOf, patchOf, pod, responseOf, reviewed } from './reviewed.ts';

interface ExecOptions {
  command?: string[];
  stdin?: boolean;
}

const core = { group: '', version: 'v1' };
const Exec: Kind<ExecOptions> = { ...core, kind: 'PodExecOptions', resource: 'pods/exec', scope: 'Namespaced' };
const exec: Asked = {
  operation: 'CONNECT',
  kind: { ...core, kind: 'PodExecOptions' },
  subResource: 'exec',
  object: { apiVersion: 'v1', kind: 'PodExecOptions', command: ['sh'] },
};

const Scale = kind<{ spec: { replicas: number } }>({
  group: 'apps',
  version: 'v1',
  kind: 'Scale',
  resource: 'deployments/scale',
  scope: 'Namespaced',
});
const scale = (replicas: number) => ({
  apiVersion: 'autoscaling/v1',
  kind: 'Scale',
  metadata: { name: 'd', namespace: 'web' },
  spec: { replicas },
});
const scaling: Asked = {
  operation: 'UPDATE',
  kind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
  resource: { group: 'apps', version: 'v1', resource: 'deployments' },
  subResource: 'scale',
  object: scale(3),
  oldObject: scale(1),
};

test('on DELETE, a rule gets the object about to go, as the object and as the old one', async () => {
  const seen: unknown[] = [];
  const rule = validatingRule({
    name: 'keep',
    kind: Pod,
    operations: ['DELETE'],
    validate(object, { oldObject }) {
      seen.push(object, oldObject);
      return deny(`${object.metadata.name} stays`);
    },
  });
  const { status } = responseOf(await reviewed([rule], { operation: 'DELETE', object: null, oldObject: pod() }));
  assert.equal(status?.message, '[keep] p stays');
  assert.deepEqual(seen, [pod(), pod()]);
});

test('on deletecollection the request has no name; the object has', async () => {
  const names: unknown[] = [];
  const rule = validatingRule({
    name: 'names',
    kind: Pod,
    operations: ['DELETE'],
    validate(object, { request }) {
      names.push('name' in request, object.metadata.name);
      return deny(invalid('metadata.name', object.metadata.name, 'must stay'));
    },
  });
  const asked: Asked = { operation: 'DELETE', name: undefined, object: null, oldObject: pod() };
  const { status } = responseOf(await reviewed([rule], asked));
  assert.deepEqual(names, [false, 'p']);
  assert.equal(status?.message, 'Pod "p" is invalid: metadata.name: Invalid value: "p": must stay');
});

test('on UPDATE, a rule gets both objects', async () => {
  const rule = validatingRule({
    name: 'compare',
    kind: Pod,
    operations: ['UPDATE'],
    validate: (object, { oldObject }) => deny(`${oldObject.spec?.nodeName} to ${object.spec?.nodeName}`),
  });
  const asked: Asked = {
    operation: 'UPDATE',
    object: pod({ spec: { nodeName: 'b' } }),
    oldObject: pod({ spec: { nodeName: 'a' } }),
  };
  assert.equal(responseOf(await reviewed([rule], asked)).status?.message, '[compare] a to b');
});

test('on CREATE there is no old object', async () => {
  const rule = validatingRule({
    name: 'create',
    kind: Pod,
    operations: ['CREATE'],
    validate: (_, { oldObject }) => deny(String(oldObject)),
  });
  assert.equal(responseOf(await reviewed([rule])).status?.message, '[create] undefined');
});

test('on CONNECT, a rule gets the options, which have no metadata; it may refuse them', async () => {
  const rule = validatingRule({
    name: 'no-shell',
    kind: Exec,
    operations: ['CONNECT'],
    validate: (options) =>
      options.command?.includes('sh') ? deny('no shells', invalid('command', 'sh', 'x')) : allow(),
  });
  assert.equal(responseOf(await reviewed([rule], exec)).status?.code, 403);
  const harmless = { ...exec, object: { ...exec.object, command: ['ls'] } };
  assert.equal(responseOf(await reviewed([rule], harmless)).allowed, true);
});

test('on CONNECT, the options can be edited', async () => {
  const rule = mutatingRule({
    name: 'no-stdin',
    kind: Exec,
    operations: ['CONNECT'],
    mutate(options) {
      options.stdin = false;
      options.command?.unshift('env');
    },
  });
  assert.deepEqual(patchOf(await reviewed([rule], exec)), [
    { op: 'add', path: '/command/0', value: 'env' },
    { op: 'add', path: '/stdin', value: false },
  ]);
});

test('a scale of deployments is an object of autoscaling/v1, and the kind of its resource finds it', async () => {
  const rule = mutatingRule({
    name: 'at-most-two',
    kind: Scale,
    operations: ['UPDATE'],
    mutate(draft, { oldObject }) {
      draft.spec.replicas = Math.min(draft.spec.replicas, oldObject.spec.replicas + 1);
    },
  });
  assert.deepEqual(patchOf(await reviewed([rule], scaling)), [{ op: 'replace', path: '/spec/replicas', value: 2 }]);
});

const strangers: readonly (readonly [sentence: string, asked: Asked])[] = [
  ['an exec', exec],
  ['a scale', scaling],
  ['a pod that is resized', { operation: 'UPDATE', subResource: 'resize', oldObject: pod() }],
  ['a pod of another version', { resource: { group: '', version: 'v2', resource: 'pods' } }],
  ['pods of another group', { resource: { group: 'metrics.k8s.io', version: 'v1', resource: 'pods' } }],
  ['something else that pods carry', { kind: { ...core, kind: 'PodTemplate' } }],
  ['an update', { operation: 'UPDATE', oldObject: pod() }],
];

for (const [sentence, asked] of strangers) {
  test(`a rule for the creation of pods is not for ${sentence}, and nobody being for it is no admission`, async () => {
    const never = (): never => assert.fail('it was run');
    const rules: Rule[] = [
      validatingRule({ name: 'pods', kind: Pod, operations: ['CREATE'], validate: never }),
      mutatingRule({
        name: 'others',
        kind: [Pod, Exec, Scale],
        operations: ['CREATE', 'UPDATE', 'CONNECT'],
        mutate: never,
      }),
    ];
    assert.match(failureOf(await reviewed(rules, asked)), /^no validating rule of the webhook "policy" is for /);
  });
}
