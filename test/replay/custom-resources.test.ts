import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allow, deny, kind, mutatingRule, type Rule, validatingRule } from '../../author.ts';
import type { Files } from './case-files.ts';
import { readAndReplayed, replayed, wrongs } from './case-files.ts';

interface Shelf {
  readonly spec?: { [field: string]: unknown };
  readonly status?: object;
}

const Shelf = kind<Shelf>({
  group: 'example.com',
  version: 'v1',
  kind: 'Shelf',
  resource: 'shelves',
  scope: 'Namespaced',
});
const ShelfStatus = { ...Shelf, resource: 'shelves/status' };
const ShelfOfBeta = { ...Shelf, version: 'v1beta1' };

const schema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: { boards: { type: 'integer', default: 3, maximum: 9 }, wood: { type: 'string' } },
    },
    status: { type: 'object', properties: { full: { type: 'boolean' } } },
  },
};
const withoutWood = structuredClone(schema);
delete (withoutWood.properties.spec.properties as { wood?: object }).wood;

const accepting = validating((shelf) => (shelf.spec?.refused === true ? deny('no') : allow()));

test('what a CRD does not know never reaches a rule, and its defaults do', async (t) => {
  const { chain } = await shelf(t, [accepting], { spec: { wood: 'oak', refused: true } });
  assert.deepEqual(chain.calls[0]?.request.object?.spec, { wood: 'oak', boards: 3 });
  assert.equal(chain.verdict, 'allowed');
});

test('the old object has the defaults, and none of what is not known', async (t) => {
  const files = { 'object.yaml': aShelf({}), 'oldObject.yaml': aShelf({ spec: { gone: 1 } }), 'cluster.yaml': crd() };
  const { chain } = await readAndReplayed(t, [accepting], files);
  assert.deepEqual(chain.calls[0]?.request.oldObject?.spec, { boards: 3 });
});

test('what a webhook takes away comes back by its default, before the next one is asked', async (t) => {
  const taking = mutating('taking', (spec) => delete spec.boards);
  const { chain } = await shelf(t, [taking, accepting], { spec: { boards: 5 } });
  assert.deepEqual(chain.calls.at(-1)?.request.object?.spec, { boards: 3 });
});

test('what a webhook adds and the CRD does not know, the ones after it see, and it is not stored', async (t) => {
  const adding = mutating('adding', (spec) => Object.assign(spec, { gilt: true }), 'Never');
  const next = mutating('next', () => undefined, 'Never');
  const { chain } = await shelf(t, [adding, next, accepting], { spec: {} });
  const seen = chain.calls.map(({ request }) => request.object?.spec);
  assert.deepEqual(seen, [{ boards: 3 }, { boards: 3, gilt: true }, { boards: 3, gilt: true }]);
  assert.deepEqual(chain.object?.spec, { boards: 3 });
});

test('what the schema refuses, no validating webhook is asked about; mutating ones are, and may mend it', async (t) => {
  const mending = mutating('mending', (spec) => Object.assign(spec, { boards: 9 }));
  const refused = await shelf(t, [accepting], { spec: { boards: 10 } });
  assert.deepEqual([refused.chain.verdict, refused.chain.calls.length], ['denied', 0]);
  assert.deepEqual(refused.described, {
    verdict: 'denied',
    schema: ['spec.boards: Invalid value: 10: spec.boards in body should be less than or equal to 9'],
  });
  assert.match(wrongs(refused), /the API server itself refuses the object first: spec\.boards/);
  const mended = await shelf(t, [accepting, mending], { spec: { boards: 10 } });
  assert.deepEqual([mended.chain.verdict, mended.chain.calls.length], ['patched', 2]);
});

test('an UPDATE may leave what the schema refuses as it was, and change nothing into it', async (t) => {
  const wrong = aShelf({ spec: { boards: 10 } });
  const update = async (object: object) =>
    (await readAndReplayed(t, [accepting], { 'object.yaml': object, 'oldObject.yaml': wrong, 'cluster.yaml': crd() }))
      .chain.verdict;
  assert.equal(await update(aShelf({ spec: { boards: 10, wood: 'oak' } })), 'allowed');
  assert.equal(await update(aShelf({ spec: { boards: 11 } })), 'denied');
});

test('a status is written through its subresource alone, and nothing else is', async (t) => {
  const [old, given] = [
    aShelf({ spec: { wood: 'oak' }, status: { full: false } }),
    aShelf({ spec: { wood: 'elm' }, status: { full: true } }),
  ];
  const rules = [accepting, validating(() => allow(), ShelfStatus, 'of-status')];
  const last = async (files: Files) => {
    const { chain } = await readAndReplayed(t, rules, {
      'cluster.yaml': crd({ subresources: { status: {} } }),
      ...files,
    });
    const [shelf] = chain.calls.map(({ request }) => request.object as Shelf | null);
    return [shelf?.spec?.wood, shelf?.status];
  };
  assert.deepEqual(await last({ 'object.yaml': given }), ['elm', undefined]);
  assert.deepEqual(await last({ 'object.yaml': given, 'oldObject.yaml': old }), ['elm', { full: false }]);
  const ofStatus = { 'request.yaml': { subresource: 'status' } };
  assert.deepEqual(await last({ 'object.yaml': given, 'oldObject.yaml': old, ...ofStatus }), ['oak', { full: true }]);
});

test('a CRD without a status subresource has its status written with all the rest', async (t) => {
  const { chain } = await shelf(t, [accepting], { status: { full: true } });
  assert.deepEqual(chain.calls[0]?.request.object?.status, { full: true });
});

test('a webhook for another version is asked in that one (Equivalent), and its patch comes back in the own one', async (t) => {
  const polishing = mutating('polishing', (spec) => Object.assign(spec, { boards: 4 }));
  const versions = [version('v1', withoutWood), version('v1beta1')];
  const files = {
    'object.yaml': aShelf({ spec: { wood: 'oak' } }, 'v1beta1'),
    'cluster.yaml': crd({}, { versions }),
  };
  const { chain } = await readAndReplayed(t, [polishing, validating(() => allow(), ShelfOfBeta, 'of-beta')], files);
  const [first, last] = chain.calls.map(({ request }) => request);
  assert.deepEqual(
    [first?.kind.version, first?.requestKind?.version, first?.resource.version, first?.requestResource?.version],
    ['v1', 'v1beta1', 'v1', 'v1beta1'],
  );
  // Only what is stored is without what the other version does not know.
  assert.deepEqual([first?.object?.apiVersion, first?.object?.spec], ['example.com/v1', { wood: 'oak', boards: 3 }]);
  assert.deepEqual([last?.object?.apiVersion, last?.object?.spec], ['example.com/v1beta1', { wood: 'oak', boards: 4 }]);
  assert.deepEqual([chain.object?.apiVersion, chain.object?.spec], ['example.com/v1beta1', { boards: 4 }]);
});

test('an old object has nothing that the stored version does not know, since it was never stored', async (t) => {
  const versions = [version('v1', withoutWood), version('v1beta1')];
  const given = aShelf({ spec: { wood: 'oak' } }, 'v1beta1');
  const files = { 'object.yaml': given, 'oldObject.yaml': given, 'cluster.yaml': crd({}, { versions }) };
  const { chain } = await readAndReplayed(t, [accepting], files);
  const { object, oldObject } = chain.calls[0]?.request ?? {};
  assert.deepEqual([object?.spec, oldObject?.spec], [{ wood: 'oak', boards: 3 }, { boards: 3 }]);
});

test('a version that is not served is none that anybody is asked in', async (t) => {
  const versions = [{ ...version('v1'), served: false }, version('v1beta1')];
  const files = { 'object.yaml': aShelf({}, 'v1beta1'), 'cluster.yaml': crd({}, { versions }) };
  const { described } = await readAndReplayed(t, [accepting], files);
  assert.match(
    JSON.stringify(described),
    /^{"notCalled":"policy\.example\.com is not for CREATE of shelves\.example\.com in v1beta1/,
  );
});

test('a CRD that a webhook converts cannot be replayed in another version, and says so', async (t) => {
  const spec = { versions: [version('v1'), version('v1beta1')], conversion: { strategy: 'Webhook' } };
  const files = { 'object.yaml': aShelf({}, 'v1beta1'), 'cluster.yaml': crd({}, spec) };
  assert.match(
    wrongs(await replayed(t, [accepting], files)),
    /^accepting\/it-works\/cluster\.yaml: shelves\.example\.com is converted by a webhook, .* write the case in v1,/,
  );
});

test('rules in CEL, which nobody evaluates here, are told of, and fail nothing', async (t) => {
  const ofCel = { ...schema, 'x-kubernetes-validations': [{ rule: 'self.spec.boards > 4' }] };
  const { breaches } = await shelf(t, [accepting], {}, crd({}, { versions: [version('v1', ofCel)] }));
  assert.deepEqual(
    breaches.map(({ invariant, text, isWarning }) => [invariant, text, isWarning]),
    [
      [
        'nothing is left to the API server',
        'the schema of Shelf has x-kubernetes-validations, which are taken to hold',
        true,
      ],
    ],
  );
});

for (const [sentence, definition, fault] of [
  [
    'a schema that is none',
    crd({ schema: { openAPIV3Schema: { type: 'objekt' } } }),
    /CustomResourceDefinition shelves\.example\.com: schema/,
  ],
  ['a CRD without versions', crd({}, { versions: undefined }), /spec\.names and spec\.versions are needed/],
] as const) {
  test(`${sentence} is the fault of the file that it stands in`, async (t) => {
    const said = wrongs(await replayed(t, [accepting], { 'object.yaml': aShelf({}), 'cluster.yaml': definition }));
    assert.match(said, fault);
    assert.match(said, /^accepting\/it-works\/cluster\.yaml/);
  });
}

function shelf(t: Parameters<typeof replayed>[0], rules: readonly Rule[], more: object, definition = crd()) {
  return readAndReplayed(t, rules, { 'object.yaml': aShelf(more), 'cluster.yaml': definition });
}

function aShelf(more: object, version = 'v1'): object {
  return { apiVersion: `example.com/${version}`, kind: 'Shelf', metadata: { name: 'a' }, spec: {}, ...more };
}

function version(name: string, of: object = schema, more: object = {}): object {
  return { name, served: true, storage: name === 'v1', schema: { openAPIV3Schema: of }, ...more };
}

function crd(ofVersion: object = {}, more: object = {}): object {
  const names = { kind: 'Shelf', plural: 'shelves' };
  const spec = {
    group: 'example.com',
    scope: 'Namespaced',
    names,
    versions: [version('v1', schema, ofVersion)],
    ...more,
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'shelves.example.com' },
    spec,
  };
}

function validating(validate: (shelf: Shelf) => ReturnType<typeof allow>, of = Shelf, name = 'accepting'): Rule {
  return validatingRule({ name, kind: of, operations: ['CREATE', 'UPDATE'], validate });
}

function mutating(
  name: string,
  change: (spec: { [field: string]: unknown }) => unknown,
  reinvocationPolicy: 'Never' | 'IfNeeded' = 'IfNeeded',
): Rule {
  return mutatingRule({
    name,
    webhook: name,
    kind: Shelf,
    operations: ['CREATE'],
    reinvocationPolicy,
    mutate({ spec = {} }) {
      change(spec);
    },
  });
}
