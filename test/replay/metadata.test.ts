import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allow, ConfigMap, kind, mutatingRule, validatingRule } from '../../author.ts';
import { configMap, readAndReplayed, wrongs } from './case-files.ts';

const Shelf = kind<object>({
  group: 'example.com',
  version: 'v1',
  kind: 'Shelf',
  resource: 'shelves',
  scope: 'Namespaced',
});
const asked = validatingRule({
  name: 'asked',
  kind: [ConfigMap, Shelf],
  operations: ['CREATE', 'UPDATE'],
  validate: () => allow(),
});
const shelves = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'shelves.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { kind: 'Shelf', plural: 'shelves' },
    versions: [{ name: 'v1', served: true, storage: true }],
  },
};

// The texts are those of a real API server.
const NAME_PART =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const SUBDOMAIN =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const VALUE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

const rows: readonly (readonly [sentence: string, kind: string, metadata: object, refused: string | undefined])[] = [
  [
    'the key of a label with a space',
    'ConfigMap',
    { labels: { 'a b': 'c' } },
    `metadata.labels: Invalid value: "a b": ${NAME_PART}`,
  ],
  [
    'the value of a label with a space',
    'ConfigMap',
    { labels: { a: 'c d' } },
    `metadata.labels: Invalid value: "c d": ${VALUE}`,
  ],
  [
    'the key of an annotation with a space',
    'ConfigMap',
    { annotations: { 'a b': 'c' } },
    `metadata.annotations: Invalid value: "a b": ${NAME_PART}`,
  ],
  [
    'the same of a custom resource',
    'Shelf',
    { labels: { a: 'c d' } },
    `metadata.labels: Invalid value: "c d": ${VALUE}`,
  ],
  [
    'the name of a custom resource',
    'Shelf',
    { name: 'Bad_Name' },
    `metadata.name: Invalid value: "Bad_Name": ${SUBDOMAIN}`,
  ],
  [
    'the prefix of its name',
    'Shelf',
    { name: undefined, generateName: 'Bad-' },
    `metadata.generateName: Invalid value: "Bad-": ${SUBDOMAIN}`,
  ],
  ['no prefix that a name can come of', 'Shelf', { name: undefined, generateName: 'good-' }, undefined],
  ['no name that kinds of its own may have', 'ConfigMap', { name: 'system:of.its:own' }, undefined],
  [
    'nothing of an annotation’s value, nor of capitals in its key',
    'ConfigMap',
    { annotations: { 'A/B': 'c d' } },
    undefined,
  ],
];
for (const [sentence, of, metadata, refused] of rows) {
  test(`an API server itself refuses between the phases: ${sentence}`, async (t) => {
    const base = configMap() as { metadata: object };
    const object = {
      ...base,
      ...(of === 'Shelf' ? { apiVersion: 'example.com/v1', kind: of } : {}),
      metadata: { ...base.metadata, ...metadata },
    };
    const done = await readAndReplayed(t, [asked], { 'object.yaml': object, 'cluster.yaml': shelves });
    assert.deepEqual((done.described as { schema?: string[] }).schema?.[0], refused);
    assert.deepEqual(
      [done.chain.verdict, done.chain.calls.length],
      refused === undefined ? ['allowed', 1] : ['denied', 0],
    );
    if (refused !== undefined) assert.match(wrongs(done), /the API server itself refuses the object first: metadata\./);
  });
}

test('what a webhook makes of the metadata is held to the same', async (t) => {
  const spoiling = mutatingRule({
    name: 'spoiling',
    kind: ConfigMap,
    operations: ['CREATE'],
    mutate(map) {
      map.metadata.labels = { spoilt: 'by a rule' };
    },
  });
  const { chain } = await readAndReplayed(t, [spoiling, asked], { 'object.yaml': configMap() });
  assert.deepEqual([chain.verdict, chain.calls.length, chain.schemaErrors[0]?.field], ['denied', 1, 'metadata.labels']);
});
