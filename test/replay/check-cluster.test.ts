import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allow, Deployment, kind, Pod, validatingRule } from '../../author.ts';
import { deployment, gadget, gadgets, labelled, map, namespace, noLatest, pod } from './check-samples.ts';
import { checked, linesOf } from './checked.ts';

test('the Namespaces among the manifests, and in --cluster, decide about namespaceSelectors; one that is not there has no labels', async () => {
  const inNamespaces = ['mine', 'around', 'unlabelled', 'unknown'].map((name) =>
    map('a', 'x', `  namespace: ${name}\n`),
  );
  const applied = [namespace('mine', '{ label: "yes" }'), namespace('unlabelled'), ...inNamespaces].join('---\n');
  const done = await checked([labelled], {
    applied,
    around: namespace('around', '{ label: "yes" }'),
  });
  const changed = done.objects.filter(({ requests }) => requests.some(({ chain }) => chain?.verdict === 'patched'));
  assert.deepEqual(
    changed.map(({ manifest }) => manifest.object.metadata.namespace),
    ['mine', 'around'],
  );
  assert.deepEqual(done.unknownNamespaces, ['unknown']);
  assert.ok(
    linesOf(done, { isVerbose: true }).includes('no Namespace unknown is given: it is taken to have no labels'),
  );
});

test('of a Namespace that stands there twice, the last one counts', async () => {
  const applied = [namespace('mine', '{ label: "yes" }'), namespace('mine'), map('a', 'x', '  namespace: mine\n')];
  const done = await checked([labelled], applied.join('---\n'));
  assert.equal(done.objects[2]?.requests[0]?.chain?.verdict, 'allowed');
});

test('the schema of a CustomResourceDefinition among the manifests holds for its objects, and fills in its defaults', async () => {
  const done = await checked(
    [],
    `${gadget}---\n${gadgets}\n---\n${gadget.replace('name: g', 'name: h').replace('0', '2')}`,
  );
  assert.deepEqual(linesOf(done), [
    'a.yaml:5: Gadget/g: spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1 [the schema of its CRD]',
    '3 objects: 1 refused, 2 admitted, nobody is asked about 1',
  ]);
  const [refused, , stored] = done.objects.map(({ stored }) => stored);
  assert.equal(refused, undefined);
  assert.deepEqual(stored?.spec, { size: 2, colour: 'red' });
  assert.equal(stored?.metadata.namespace, 'here');
});

test('a field that the schema does not know is refused beside all else, in the order of the lines, and nothing is stored', async () => {
  const done = await checked([], `${gadgets}\n---\n${gadget.replace('size', 'color: blue\n  size')}`);
  assert.deepEqual(linesOf(done), [
    'a.yaml:26: Gadget/g: spec.color: unknown field, which kubectl refuses, and an API server drops [the schema of its CRD]',
    'a.yaml:27: Gadget/g: spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1 [the schema of its CRD]',
    '2 objects: 1 refused, 1 admitted, nobody is asked about 1',
  ]);
  const misspelt = await checked([], `${gadgets}\n---\n${gadget.replace('size: 0', 'color: blue')}`);
  assert.deepEqual([misspelt.objects[1]?.isRefused, misspelt.objects[1]?.stored], [true, undefined]);
});

test('what an API server evaluates and nobody here is counted, and told where every word is', async () => {
  const rule = "x-kubernetes-validations: [{ rule: 'self.size > 4' }]";
  const texts = `${gadgets}\n              ${rule}\n---\n${gadget.replace('0', '2')}`;
  const done = await checked([], texts);
  assert.equal(
    linesOf(done).at(-1),
    '2 objects: all admitted, nobody is asked about 1, 1 not evaluated in full (-v says why)',
  );
  assert.ok(
    linesOf(done, { isVerbose: true }).includes(
      '  CREATE: not evaluated: the schema of Gadget has x-kubernetes-validations, which are taken to hold',
    ),
  );
});

test('a CustomResourceDefinition that cannot be used is told, and hides nothing else', async () => {
  const done = await checked([noLatest], `${gadgets.replace('versions', 'version')}\n---\n${pod('web:latest')}`);
  assert.equal(done.unread.length, 1);
  assert.match(
    done.unread[0]?.reason ?? '',
    /^CustomResourceDefinition\/gadgets\.example\.com: it cannot be used: .*spec\.versions/,
  );
  assert.equal(done.unread[0]?.line, 1);
  assert.equal(done.objects.filter(({ isRefused }) => isRefused).length, 1);
});

test('an object that only a webhook could convert is told, and is not among those that are admitted', async () => {
  const rule = validatingRule({
    name: 'gadgets',
    kind: kind<object>({
      group: 'example.com',
      version: 'v1',
      kind: 'Gadget',
      resource: 'gadgets',
      scope: 'Namespaced',
    }),
    operations: ['CREATE'],
    validate: () => allow(),
  });
  const crd = `${gadgets}\n    - { name: v2, served: true, storage: false }\n  conversion: { strategy: Webhook }`;
  const done = await checked([rule], `${crd}\n---\n${gadget.replace('/v1', '/v2')}`);
  assert.deepEqual(
    done.unread.map(({ line, reason }) => [line, /webhook/i.test(reason)]),
    [[24, true]],
  );
  assert.deepEqual(
    done.objects.map(({ manifest }) => manifest.object.kind),
    ['CustomResourceDefinition'],
  );
});

test('who asks is the controller, of the Pods that it makes, and the author of an object itself', async () => {
  const asked: string[] = [];
  const who = validatingRule({
    name: 'who',
    kind: [Pod, Deployment],
    operations: ['CREATE'],
    validate(object, { request }) {
      asked.push(`${object.kind} ${request.userInfo.username} ${request.namespace}`);
      return allow();
    },
  });
  await checked([who], deployment('a'));
  assert.deepEqual(asked, [
    'Deployment author here',
    'Pod system:serviceaccount:kube-system:replicaset-controller here',
  ]);
});
