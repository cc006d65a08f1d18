import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { manifestFiles } from '../../replay/check/manifest-files.ts';
import { called, manifestsIn } from '../../replay/check/manifests.ts';
import { folderOf } from '../load/rule-folder.ts';

const configMap = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;
const read = (text: string) => {
  const { manifests, unread } = manifestsIn({ file: 'a.yaml', text });
  return {
    objects: manifests.map(({ object, lineOf }) => `${lineOf([])} ${called(object)}`),
    unread: unread.map(({ line, reason }) => `${line} ${reason}`),
  };
};

const texts: readonly (readonly [sentence: string, text: string, objects: readonly string[]])[] = [
  ['one object', configMap('a'), ['1 ConfigMap/a']],
  [
    'documents with comments, empty ones among them',
    `# x\n---\n---\n# y\n${configMap('a')}---\n# z\n`,
    ['5 ConfigMap/a'],
  ],
  ['lines that end as on Windows', configMap('a').replaceAll('\n', '\r\n'), ['1 ConfigMap/a']],
  ['a byte order mark', `\ufeff${configMap('a')}`, ['1 ConfigMap/a']],
  ['JSON', '{"apiVersion": "v1", "kind": "Pod", "metadata": {"generateName": "a-"}}', ['1 Pod/a-*']],
  [
    'a List',
    'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: a}\n- apiVersion: v1\n  kind: List\n  items:\n  - {apiVersion: v1, kind: Pod, metadata: {name: b}}\n',
    ['4 Pod/a', '10 Pod/b'],
  ],
  [
    'a list of one kind, whose items need not say it',
    'apiVersion: v1\nkind: PodList\nitems:\n- metadata: {name: a}\n',
    ['4 Pod/a'],
  ],
  ['nothing', '# nothing\n', []],
];
for (const [sentence, text, objects] of texts) {
  test(`objects are read from ${sentence}`, () => assert.deepEqual(read(text), { objects, unread: [] }));
}

const faults: readonly (readonly [sentence: string, document: string, fault: RegExp])[] = [
  ['a document without a kind', 'a: 1\n', /^6 an object of Kubernetes has apiVersion and kind$/],
  ['one without metadata', 'apiVersion: v1\nkind: Pod\n', /^6 an object of Kubernetes has metadata$/],
  ['one that is a text', 'hello\n', /^6 an object of Kubernetes has apiVersion and kind$/],
  ['broken YAML', 'a: 1\nb: [1\n', /^\d+ (?!.*helm template)/],
  ['tabs', 'a:\n\tb: 1\n', /^7 Tabs/],
  ['a member twice', 'a: 1\na: 2\n', /^7 Map keys must be unique$/],
  ['a template', 'a: {{ .Values.a }}\n', /^6 the key of a map is a text.*helm template … \| portcullis check -$/],
  ['a template with an if', '{{- if .Values.a }}\na: 1\n{{- end }}\n', /^\d+ .*helm template … \| portcullis check -$/],
  ['an alias that grows without end', `${bomb()}\n`, /alias/],
  [
    'a list with something that is no object',
    'apiVersion: v1\nkind: List\nitems:\n- 3\n',
    /^9 an object of Kubernetes/,
  ],
];
for (const [sentence, document, fault] of faults) {
  test(`what is wrong is told with its line, and hides no other document: ${sentence}`, () => {
    const { objects, unread } = read(`${configMap('a')}---\n${document}---\n${configMap('b')}`);
    assert.deepEqual(
      objects.map((each) => each.split(' ')[1]),
      ['ConfigMap/a', 'ConfigMap/b'],
    );
    assert.equal(unread.length, 1, unread.join('\n'));
    assert.match(unread[0] ?? '', fault);
  });
}

test('the line of a value behind an alias or a merge is where it is written', () => {
  const text = [
    'apiVersion: v1',
    'kind: ConfigMap',
    'metadata:',
    '  name: a',
    '  labels: &labels',
    '    app: web',
    'data:',
    '  <<: *labels',
    '  other: x',
    'copy: *labels',
  ].join('\n');
  const [manifest] = manifestsIn({ file: 'a.yaml', text }).manifests;
  assert.deepEqual(manifest?.object.data, { app: 'web', other: 'x' });
  assert.deepEqual(
    [['data', 'app'], ['data', 'other'], ['copy', 'app'], ['copy']].map((path) => manifest?.lineOf(path)),
    [6, 9, 6, 10],
  );
});

test('the manifests of a folder are found at any depth, in the order of their names, each once', async (t) => {
  const folder = await folderOf(t, {
    'b.yml': '',
    'a/deep/c.json': '',
    'a/values.txt': '',
    'a/.hidden.yaml': '',
    'a/kustomization.yaml': '',
    'node_modules/x.yaml': '',
    'z.yaml': '',
  });
  await symlink('..', join(folder, 'a', 'around'));
  await symlink(join(folder, 'z.yaml'), join(folder, 'a', 'link.yaml'));
  const { sources, unread } = manifestFiles([folder, join(folder, 'b.yml')], (path) => relative(folder, path));
  assert.deepEqual(
    sources.map(({ file }) => file),
    ['a/deep/c.json', 'a/link.yaml', 'b.yml'],
  );
  assert.deepEqual(unread, []);
});

test('a file is read whatever it is called, and one that is not there is told', async (t) => {
  const folder = await folderOf(t, { 'values.txt': 'x' });
  const { sources, unread } = manifestFiles([join(folder, 'values.txt'), join(folder, 'b.yaml')], (path) =>
    relative(folder, path),
  );
  assert.deepEqual(sources, [{ file: 'values.txt', text: 'x' }]);
  assert.deepEqual(unread, [{ file: 'b.yaml', reason: 'there is no such file or folder' }]);
});

/** A few lines that stand for billions. */
function bomb(): string {
  const levels = Array.from({ length: 9 }, (_, at) => `l${at + 1}: &l${at + 1} [${`*l${at},`.repeat(9)}]`);
  return ['l0: &l0 [x]', ...levels].join('\n');
}
