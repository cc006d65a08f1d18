import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prune } from '../../schema/prune.ts';
import type { StructuralSchema } from '../../schema/structural-schema.ts';
import { unknownFieldWarnings } from '../../schema/unknown-fields.ts';

const object = (properties: { readonly [name: string]: StructuralSchema }): StructuralSchema => ({
  type: 'object',
  properties,
});
const text: StructuralSchema = { type: 'string' };
const list = (items: StructuralSchema): StructuralSchema => ({ type: 'array', items });
const open: StructuralSchema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
const embedded: StructuralSchema = { ...object({ spec: object({ a: text }) }), 'x-kubernetes-embedded-resource': true };

/** A root schema whose spec has these properties, and warnings of an object with that spec. */
const ofSpec = (properties: { readonly [name: string]: StructuralSchema }) => object({ spec: object(properties) });
const warningsOf = (schema: StructuralSchema, spec: unknown, old?: unknown) =>
  unknownFieldWarnings(schema, { spec }, old === undefined ? undefined : { spec: old });

const website = {
  gitRepo: text,
  ref: text,
  credentials: object({ secretName: text }),
  hosts: list(object({ a: text })),
};

const cases: readonly [sentence: string, spec: object, ...warnings: string[]][] = [
  ['nothing is unknown', { gitRepo: 'x', credentials: { secretName: 's' }, hosts: [{ a: '1' }] }],
  ['the case is wrong', { gitrepo: 'x' }, 'unknown field "spec.gitrepo"; did you mean "gitRepo"?'],
  ['letters changed places', { gtiRepo: 'x' }, 'unknown field "spec.gtiRepo"; did you mean "gitRepo"?'],
  ['two letters are too many', { gitRepoes: 'x' }, 'unknown field "spec.gitRepoes"; did you mean "gitRepo"?'],
  ['three letters are too many', { gitRepoURL: 'x' }, 'unknown field "spec.gitRepoURL"'],
  ['a short name is not taken for another', { foo: 'bar' }, 'unknown field "spec.foo"'],
  ['it is the last word of one name', { repo: 'x' }, 'unknown field "spec.repo"; did you mean "gitRepo"?'],
  [
    'it is the first word of one name, and stands deeper',
    { credentials: { secret: 's' } },
    'unknown field "spec.credentials.secret"; did you mean "secretName"?',
  ],
  ['a short word may be one of anything', { credentials: { Nam: 's' } }, 'unknown field "spec.credentials.Nam"'],
  ['it is a part of words', { credentials: { retName: 's' } }, 'unknown field "spec.credentials.retName"'],
  ['it stands in a list', { hosts: [{ a: '1' }, { A: '1' }] }, 'unknown field "spec.hosts[1].A"; did you mean "a"?'],
  ['it is named like what every object has', { constructor: 1 }, 'unknown field "spec.constructor"'],
  ['a line ends in its name', { 'a\nb': 1 }, 'unknown field "spec.a\\nb"'],
  ['it is an address with a password', { 'https://u:hunter2@h': 1 }, 'unknown field "spec.https://***@h"'],
];
for (const [sentence, spec, ...expected] of cases) {
  test(`${sentence}: ${expected.join() || 'no warning'}`, () => {
    assert.deepEqual(warningsOf(ofSpec(website), spec), expected);
    assert.equal(
      prune(ofSpec(website), { spec }, { isRoot: true }).unknown.length,
      expected.length,
      'what pruning drops',
    );
  });
}

test('what begins several names is the nearest of them, if one is near', () => {
  const image = { imagePullPolicy: text, imagePullSecrets: text, hostName: text, metadata: text };
  assert.deepEqual(warningsOf(ofSpec(image), { image: 1, host: 1, data: 1 }), [
    'unknown field "spec.image"',
    'unknown field "spec.host"; did you mean "hostName"?',
    'unknown field "spec.data"',
  ]);
  assert.deepEqual(warningsOf(ofSpec({ ports: text, portRange: text }), { PORT: 1 }), [
    'unknown field "spec.PORT"; did you mean "ports"?',
  ]);
  assert.deepEqual(warningsOf(ofSpec({ port: text, portRange: text }), { PORT: 1 }), [
    'unknown field "spec.PORT"; did you mean "port"?',
  ]);
});

test('whose case alone differs is nearer than whoever else', () => {
  assert.deepEqual(warningsOf(ofSpec({ pods: text, Port: text, port: text, ports: text }), { PORTS: 1 }), [
    'unknown field "spec.PORTS"; did you mean "ports"?',
  ]);
});

test('apiVersion, kind and metadata are known at the root, and a wrong name for them is told', () => {
  const meta = { apiVersion: 'v1', kind: 'A', metadata: { anything: 1 } };
  assert.deepEqual(unknownFieldWarnings(ofSpec({}), { ...meta, metaData: {} }), [
    'unknown field "metaData"; did you mean "metadata"?',
  ]);
});

const silent: { readonly [sentence: string]: [schema: StructuralSchema, value: object] } = {
  'below what preserves unknown fields': [open, { a: { b: 1 } }],
  'in a list that preserves unknown fields': [
    { ...list(object({})), 'x-kubernetes-preserve-unknown-fields': true },
    [{ b: 1 }],
  ],
  'where any name may stand': [{ type: 'object', additionalProperties: text }, { a: 'x' }],
  'below where anything may stand': [{ type: 'object', additionalProperties: true }, { a: { b: { c: 1 } } }],
  'in the metadata of an embedded resource': [
    embedded,
    { apiVersion: 'v1', kind: 'Pod', metadata: { labels: { a: 'x' }, own: 1 }, spec: {} },
  ],
};
for (const [sentence, [schema, value]] of Object.entries(silent)) {
  test(`no warning ${sentence}`, () => assert.deepEqual(warningsOf(ofSpec({ value: schema }), { value }), []));
}

const told: { readonly [sentence: string]: [schema: StructuralSchema, value: object, warning: string] } = {
  'of what a map of any names holds': [
    { type: 'object', additionalProperties: object({ port: text }) },
    { web: { prot: 1 } },
    'unknown field "spec.value.web.prot"; did you mean "port"?',
  ],
  'below a known member of what preserves others': [
    { ...open, properties: { known: object({ port: text }) } },
    { other: { prot: 1 }, known: { prot: 1 } },
    'unknown field "spec.value.known.prot"; did you mean "port"?',
  ],
  'in the spec of an embedded resource': [
    embedded,
    { metadata: {}, spec: { A: '1' } },
    'unknown field "spec.value.spec.A"; did you mean "a"?',
  ],
};
for (const [sentence, [schema, value, warning]] of Object.entries(told)) {
  test(`a warning ${sentence}`, () => assert.deepEqual(warningsOf(ofSpec({ value: schema }), { value }), [warning]));
}

test('an update is warned of what it brings, and not of what was there', () => {
  const old = { branch: 'main', credentials: { a: 1 }, hosts: [{ b: 1 }] };
  const now = { branch: 'v2', tag: 'v2', credentials: { a: 2, z: 1 }, hosts: [{ b: 2 }, { b: 1 }] };
  assert.deepEqual(warningsOf(ofSpec(website), now, old), [
    'unknown field "spec.tag"',
    'unknown field "spec.credentials.z"',
    'unknown field "spec.hosts[1].b"',
  ]);
});

test('of very many only some are told, and that there are more', () => {
  const spec = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`unknown-${i}`, i]));
  const warnings = warningsOf(ofSpec(website), spec);
  assert.equal(warnings.length, 11);
  assert.equal(warnings.at(-1), 'there are more unknown fields');
});

test('a name without end costs nothing, and leaves room for what was meant', () => {
  const endless = 'x'.repeat(1_000_000);
  const properties = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`property${i}`, text]));
  const map = { type: 'object', additionalProperties: object({ ...properties, port: text }) } as const;
  const [warning = '', meant = ''] = warningsOf(ofSpec({ map }), { map: { [endless]: { [endless]: 1, prot: 1 } } });
  assert.match(warning, /^unknown field "….{20,60}…"$/);
  assert.match(meant, /^unknown field "spec\.map\.x{10,50}…\.prot"; did you mean "port"\?$/);
});
