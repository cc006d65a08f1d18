import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allow, ConfigMap, deny, mutatingRule, type Rule, skip, validatingRule } from '../../author.ts';
import { configMap, type Done, readAndReplayed } from './case-files.ts';

type Routing = Partial<Pick<Parameters<typeof mutatingRule>[0], 'reinvocationPolicy' | 'failurePolicy' | 'selectors'>>;

const labels = (done: Done) => (done.chain.object as { metadata: { labels?: object } } | null)?.metadata.labels;
const called = (done: Done) =>
  done.chain.calls.map(({ route, isReinvocation }) => route.webhook + (isReinvocation ? ' again' : ''));
const replay = (t: Parameters<typeof readAndReplayed>[0], rules: readonly Rule[], object = configMap()) =>
  readAndReplayed(t, rules, { 'object.yaml': object });

const a = labelling('a', () => 'yes');
/** Changes what it said before, once it knows of `b`. */
const aOfB = labelling('a', (has) => (has.b === undefined ? 'alone' : 'beside-b'));
const b = labelling('b', () => 'yes');

const reinvocations: readonly (readonly [sentence: string, rules: readonly Rule[], called: readonly string[]])[] = [
  ['one that is alone is asked once', [a], ['a']],
  ['one before another that changes the object is asked again', [a, b], ['a', 'b', 'a again']],
  [
    'one that wants no second time (Never) is not',
    [labelling('a', () => 'yes', { reinvocationPolicy: 'Never' }), b],
    ['a', 'b'],
  ],
  ['one after it is not', [labelling('c', () => undefined), a], ['c', 'a', 'c again']],
  ['nobody is, where the others change nothing', [a, labelling('c', () => undefined)], ['a', 'c']],
  ['nobody is for one that sets what is there already', [b, labelling('c', (has) => has.b, {}, 'b')], ['b', 'c']],
  [
    'one that changes the object the second time brings those along that come later',
    [aOfB, b],
    ['a', 'b', 'a again', 'b again'],
  ],
  [
    'one that was not asked the first time is not asked the second time',
    [labelling('c', () => 'yes', ofLabelled('b')), b],
    ['b'],
  ],
  [
    'one that is no longer meant is not asked the second time',
    [labelling('c', () => undefined, ofUnlabelled('b')), b],
    ['c', 'b'],
  ],
];
for (const [sentence, rules, expected] of reinvocations) {
  test(`of mutating webhooks, ${sentence}`, async (t) => assert.deepEqual(called(await replay(t, rules)), expected));
}

test('what the second round changes is in the object, and so is all that came before', async (t) => {
  assert.deepEqual(labels(await replay(t, [aOfB, b])), { a: 'beside-b', b: 'yes' });
});

test('a webhook is asked about what those before it made, and of a recorded review the first gets the very bytes', async (t) => {
  const { chain, given } = await replay(t, [a, b]);
  const seen = chain.calls.map(({ request }) => request.object?.metadata.labels);
  assert.deepEqual(seen, [undefined, { a: 'yes' }, { a: 'yes', b: 'yes' }]);
  assert.equal(chain.calls[0]?.bytes, given.bytes);
});

test('a denial by a mutating webhook ends the request', async (t) => {
  const done = await replay(t, [mutating('a', () => deny('no')), b, validating('c', () => allow())]);
  assert.deepEqual([called(done), done.chain.verdict, done.chain.object], [['a'], 'denied', null]);
});

test('a denial in the second round ends it as well', async (t) => {
  const refusing = mutating('a', (has) => (has.b === undefined ? undefined : deny('no b')));
  const done = await replay(t, [refusing, b, validating('c', () => allow())]);
  assert.deepEqual([called(done), done.chain.verdict], [['a', 'b', 'a again'], 'denied']);
});

test('a failure under Fail ends the request, and is no denial', async (t) => {
  const done = await replay(t, [mutating('a', fail), b]);
  assert.deepEqual([called(done), done.chain.verdict, done.chain.object], [['a'], 'failed', null]);
});

test('a failure under Ignore lets it go on', async (t) => {
  const done = await replay(t, [mutating('a', fail, { failurePolicy: 'Ignore' }), labelling('b', () => 'yes')]);
  assert.deepEqual([done.chain.verdict, labels(done)], ['patched', { b: 'yes' }]);
});

test('a review that the engine cannot read is a failure, and under Ignore the request goes on', async (t) => {
  const resource = { group: '', version: 'v1', resource: 'configmaps' };
  const kind = { group: '', version: 'v1', kind: 'ConfigMap' };
  const request = { operation: 'CREATE', kind, resource, namespace: 'web', object: configMap(), oldObject: null };
  const files = { 'review.yaml': { kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', request } };
  const ofPolicy = async (failurePolicy: 'Fail' | 'Ignore') =>
    (await readAndReplayed(t, [labelling('a', () => 'yes', { failurePolicy })], files)).chain.verdict;
  assert.deepEqual([await ofPolicy('Fail'), await ofPolicy('Ignore')], ['failed', 'allowed']);
});

test('all validating webhooks are asked, about the object as it is in the end, though the first refuses', async (t) => {
  const rules = [a, validating('c', () => deny('no')), validating('d', () => allow()), validating('e', fail)];
  const done = await replay(t, rules);
  assert.deepEqual([called(done), done.chain.verdict], [['a', 'c', 'd', 'e'], 'denied']);
  assert.deepEqual(done.chain.calls.at(-1)?.request.object?.metadata.labels, { a: 'yes' });
});

test('a failure of a validating webhook fails the request, where none refuses', async (t) => {
  assert.equal((await replay(t, [validating('c', fail)])).chain.verdict, 'failed');
  assert.equal((await replay(t, [validating('c', fail, { failurePolicy: 'Ignore' })])).chain.verdict, 'allowed');
});

test('webhooks are asked in the order of their rules, whatever their names', async (t) => {
  const names = ['z', 'b', 'y', 'a'];
  const done = await replay(
    t,
    names.map((name) => labelling(name, () => 'yes', { reinvocationPolicy: 'Never' })),
  );
  assert.deepEqual(called(done), names);
});

test('a name is generated between the phases: mutating webhooks see none, validating ones do', async (t) => {
  const object = configMap({ metadata: { generateName: `${'x'.repeat(60)}-` } });
  const { chain } = await replay(t, [a, validating('c', () => allow())], object);
  const seen = chain.calls.map(({ request }) => [request.name, request.object?.metadata.name]);
  const generated = `${'x'.repeat(58)}x7k2p`;
  assert.deepEqual(seen, [
    [undefined, undefined],
    [generated, generated],
  ]);
  assert.equal(chain.object?.metadata.name, generated);
});

test('a case that begins with the validating webhooks asks no mutating one', async (t) => {
  const files = { 'object.yaml': configMap(), 'request.yaml': { phase: 'validating' } };
  const done = await readAndReplayed(t, [validating('c', () => allow()), a], files);
  assert.deepEqual(called(done), ['c']);
});

test('a namespace that is left alone is left alone without any Namespace in the case', async (t) => {
  const files = { 'object.yaml': configMap(), 'expected.yaml': { notCalled: '/namespaceSelector of a.example.com/' } };
  const done = await readAndReplayed(t, [a], files, { ignoredNamespaces: ['web'] });
  assert.deepEqual([called(done), done.outcome], [[], 'passed']);
});

function fail(): never {
  throw new Error('broken');
}

function labelling(
  name: string,
  value: (has: { readonly [label: string]: string }) => string | undefined,
  routing: Routing = {},
  label = name,
): Rule {
  return mutating(
    name,
    (has) => {
      const one = value(has);
      if (one === undefined) skip('nothing', 'there is nothing to do');
      has[label] = one;
    },
    routing,
  );
}

function mutating(name: string, change: (labels: { [label: string]: string }) => unknown, routing: Routing = {}): Rule {
  return mutatingRule({
    name,
    webhook: name,
    kind: ConfigMap,
    operations: ['CREATE'],
    ...routing,
    mutate({ metadata }) {
      const labels = { ...metadata.labels };
      change(labels);
      if (Object.keys(labels).length > 0) metadata.labels = labels;
    },
  });
}

function validating(
  name: string,
  decide: () => ReturnType<typeof allow>,
  routing: Pick<Routing, 'failurePolicy'> = {},
): Rule {
  return validatingRule({ name, webhook: name, kind: ConfigMap, operations: ['CREATE'], ...routing, validate: decide });
}

function ofLabelled(label: string): Routing {
  return { selectors: { s: { objectSelector: { matchExpressions: [{ key: label, operator: 'Exists' }] } } } };
}

function ofUnlabelled(label: string): Routing {
  return { selectors: { s: { objectSelector: { matchExpressions: [{ key: label, operator: 'DoesNotExist' }] } } } };
}
