import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readCase } from '../../replay/case.ts';
import { contextOf, type Files, folderOf } from './case-files.ts';

type Json = { [member: string]: unknown };
type Request = Json & { object: Json | null; oldObject: Json | null };

/** What an API server alone knows: it is told apart here, and nothing else may differ. */
const OF_API_SERVERS = ['uid', 'resourceVersion', 'generation', 'creationTimestamp', 'managedFields'];

const admin = { username: 'admin', uid: 'uid-admin', groups: ['system:masters', 'system:authenticated'] };
const previews = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'previews.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { kind: 'Preview', plural: 'previews' },
    versions: [{ name: 'v1', served: true }],
  },
};

const recorded: readonly (readonly [sentence: string, review: string, request: object])[] = [
  ['the creation of a ConfigMap', 'kube-1.36/001-mutating-create-configmaps-a', {}],
  ['the creation of one without a name', 'kube-1.36/003-mutating-create-configmaps-noname', {}],
  ['a dry run', 'kube-1.20/009-mutating-create-configmaps-dry', { dryRun: true }],
  ['an update', 'kube-1.20/005-mutating-update-configmaps-a', {}],
  ['a deletion', 'kube-1.20/011-mutating-delete-configmaps-a', {}],
  ['an update of a Namespace', 'kube-1.36/017-mutating-update-namespaces-ops', {}],
  ['the creation of a Pod', 'kube-1.36/019-mutating-create-pods-p', {}],
  ['the creation of a Deployment', 'kube-1.36/021-mutating-create-deployments-d', {}],
  ['the status of a Pod', 'kube-1.36/033-mutating-update-pods-status-p', { subresource: 'status' }],
  [
    'ephemeral containers',
    'kube-1.36/035-mutating-update-pods-ephemeralcontainers-p',
    { subresource: 'ephemeralcontainers' },
  ],
  ['the creation of a custom resource', 'kube-1.36/041-mutating-create-previews-cr', {}],
  ['the end of a Pod', 'kube-1.36/057-mutating-delete-pods-p', {}],
  [
    'exec',
    'kube-1.36/025-mutating-connect-pods-exec-p',
    { operation: 'CONNECT', subresource: 'exec', name: 'p', namespace: 'ops' },
  ],
  ['scale', 'kube-1.36/023-mutating-update-deployments-scale-d', { subresource: 'scale' }],
];
for (const [sentence, review, request] of recorded) {
  test(`a review made of manifests is the one that an API server sends: ${sentence}`, (t) => {
    const real = requestIn(`../reviews/${review}.json`);
    const { object, oldObject } = real;
    const made = requestOf(t, {
      ...(object === null ? {} : { 'object.yaml': JSON.stringify(withoutNulls(object)) }),
      ...(oldObject === null ? {} : { 'oldObject.yaml': JSON.stringify(withoutNulls(oldObject)) }),
      'request.yaml': { userInfo: admin, options: real.options ?? undefined, ...request },
      'cluster.yaml': previews,
    });
    assert.deepEqual(comparable(made), comparable(real));
    assert.deepEqual(Object.keys(made), Object.keys(real));
  });
}

test('options are those of the operation, and of a dry run', (t) => {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };
  const apiVersion = 'meta.k8s.io/v1';
  assert.deepEqual(requestOf(t, { 'object.yaml': object }).options, { kind: 'CreateOptions', apiVersion });
  assert.deepEqual(requestOf(t, { 'oldObject.yaml': object }).options, { kind: 'DeleteOptions', apiVersion });
  const both = { 'object.yaml': object, 'oldObject.yaml': object, 'request.yaml': 'dryRun: true' };
  assert.deepEqual(requestOf(t, both).options, { kind: 'UpdateOptions', apiVersion, dryRun: ['All'] });
});

test('what an object has from another life is taken away when it is created anew', (t) => {
  const metadata = { name: 'a', namespace: 'web', labels: { a: 'b' } };
  const history = { uid: 'u', creationTimestamp: '2026-01-01T00:00:00Z', deletionTimestamp: '2026-01-01T00:00:00Z' };
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...metadata, ...history } };
  assert.deepEqual(requestOf(t, { 'object.yaml': object }).object?.metadata, metadata);
  const updated = requestOf(t, { 'object.yaml': object, 'oldObject.yaml': object });
  assert.deepEqual(updated.object?.metadata, { ...metadata, ...history });
});

test('a new Namespace has the label of its name, and an object that says no namespace stands in default', (t) => {
  const namespace = requestOf(t, { 'object.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: { name: web }\n' });
  assert.deepEqual(namespace.object?.metadata, { name: 'web', labels: { 'kubernetes.io/metadata.name': 'web' } });
  const { namespace: of, object } = requestOf(t, {
    'object.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\n',
  });
  assert.deepEqual([of, object?.metadata], ['default', { namespace: 'default', name: 'a' }]);
});

test('metadata is read as an API server reads it: null is nothing, and no text for a label; what it does not know goes', (t) => {
  const metadata = {
    name: 'a',
    creationTimestamp: null,
    annotations: null,
    labels: { app: null, tier: 'web' },
    label: { b: 'c' },
  };
  const { object } = requestOf(t, { 'object.yaml': { apiVersion: 'v1', kind: 'ConfigMap', metadata } });
  assert.deepEqual(object?.metadata, { namespace: 'default', name: 'a', labels: { app: '', tier: 'web' } });
});

test('a label that is no text is the fault of the file, at its line: no API server sends it', (t) => {
  const labelled = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  labels:\n    app: on\n';
  assert.throws(
    () => requestOf(t, { 'object.yaml': labelled }),
    /object\.yaml:6: metadata\.labels\[app\]: must be a text, and YAML reads it as true: put it into quotes$/,
  );
});

test('what is in no namespace has none, whatever its manifest says', (t) => {
  const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } };
  const planets = { ...previews.spec, scope: 'Cluster', names: { kind: 'Planet', plural: 'planets' } };
  const { namespace, object: planet } = requestOf(t, {
    'object.yaml': { apiVersion: 'example.com/v1', kind: 'Planet', metadata: { name: 'mars', namespace: 'web' } },
    'cluster.yaml': { ...previews, metadata: { name: 'planets.example.com' }, spec: planets },
  });
  assert.deepEqual([namespace, planet?.metadata], [undefined, { name: 'mars' }]);
  assert.equal(requestOf(t, { 'object.yaml': object }).namespace, 'a');
});

test('a deletion of all there are says no name', (t) => {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };
  const { name, oldObject } = requestOf(t, { 'oldObject.yaml': object, 'request.yaml': "name: ''" });
  assert.deepEqual([name, oldObject?.metadata], [undefined, { namespace: 'default', name: 'a' }]);
});

test('the user is an author without rights, unless the request names one', (t) => {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };
  assert.deepEqual(requestOf(t, { 'object.yaml': object }).userInfo, {
    username: 'author',
    groups: ['system:authenticated'],
  });
});

function requestOf(t: Parameters<typeof folderOf>[0], files: Files): Request {
  const folder = folderOf(
    t,
    Object.fromEntries(Object.entries(files).map(([name, content]) => [`it/it-works/${name}`, content])),
  );
  const ofPod = { group: '', version: 'v1', scope: 'Namespaced' } as const;
  const kinds = [
    { ...ofPod, kind: 'PodExecOptions', resource: 'pods/exec' },
    { ...ofPod, group: 'apps', kind: 'Scale', resource: 'deployments/scale' },
  ];
  const { bytes } = readCase(`${folder}/it/it-works`, { ...contextOf([]), kinds });
  return JSON.parse(bytes.toString()).request;
}

function requestIn(path: string): Request {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')).request;
}

function comparable({ uid: _, ...request }: Request): object {
  return { ...request, object: withoutOwn(request.object), oldObject: withoutOwn(request.oldObject) };
}

function withoutOwn(object: Json | null): Json | null {
  if (object?.metadata === undefined) return object;
  const metadata = Object.entries(object.metadata as Json).filter(([member]) => !OF_API_SERVERS.includes(member));
  return { ...object, metadata: Object.fromEntries(metadata) };
}

/** An API server 1.20 sends a null for the time that is yet to come. */
function withoutNulls(object: Json): Json {
  const metadata = Object.entries((object.metadata ?? {}) as Json).filter(([, value]) => value !== null);
  return object.metadata === undefined ? object : { ...object, metadata: Object.fromEntries(metadata) };
}
