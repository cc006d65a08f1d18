import assert from 'node:assert/strict';
import { chmodSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { findCases } from '../../replay/find-cases.ts';
import { folderOf } from './case-files.ts';

const files = {
  'it/b/object.yaml': '',
  'it/a/review.json': '',
  'it/a/deeper/expected.yaml': '',
  'it/c/oldObject.yaml': '',
  'it/only-a-note/README.md': '',
  'it/cluster.yaml': '',
  'other/d/expected.json': '',
  'node_modules/it/e/object.yaml': '',
  '.hidden/it/f/object.yaml': '',
};

test('cases are found at and below a folder, by name, and each once', (t) => {
  const root = folderOf(t, files);
  const found = (...paths: string[]) =>
    findCases(
      paths.map((path) => join(root, path)),
      String,
    ).map((path) => relative(root, path));
  const ofIt = ['it/a', 'it/a/deeper', 'it/b', 'it/c'];
  assert.deepEqual(found('.'), [...ofIt, 'other/d']);
  assert.deepEqual(found('it/b'), ['it/b']);
  assert.deepEqual(found('other', 'it', 'it/a', 'other/../it'), ['other/d', ...ofIt]);
  assert.deepEqual(found('it/only-a-note'), []);
});

test('a hidden folder is looked into where it is asked for by name', (t) => {
  const root = folderOf(t, files);
  assert.equal(findCases([join(root, '.hidden')], String).length, 1);
});

test('links are followed, as in a mounted ConfigMap, and one that leads back ends there', (t) => {
  const root = folderOf(t, { 'real/a/object.yaml': '', 'cases/it/b/request.yaml': '' });
  symlinkSync(join(root, 'real/a'), join(root, 'cases/it/a'));
  symlinkSync(join(root, 'real/a/object.yaml'), join(root, 'cases/it/b/object.yaml'));
  symlinkSync(join(root, 'cases'), join(root, 'cases/it/back'));
  symlinkSync(join(root, 'nowhere'), join(root, 'cases/it/lost'));
  const found = findCases([join(root, 'cases')], String).map((path) => relative(root, path));
  assert.deepEqual(found, ['cases/it/a', 'cases/it/b']);
});

const misspelt: readonly (readonly [sentence: string, path: string])[] = [
  ['the other ending of YAML', 'it/a/object.yml'],
  ['JSON for a manifest', 'it/a/object.json'],
  ['another case', 'it/a/Expected.yaml'],
  ['any name, beside a case', 'it/c/objekt.yaml'],
  ['no input and no expectation, beside a case', 'it/c/request.yaml'],
];
for (const [sentence, path] of misspelt) {
  test(`a folder whose files are called otherwise is found, and not passed over: ${sentence}`, (t) => {
    const root = folderOf(t, {
      'it/b/object.yaml': '',
      'rules/it.crd.yaml': '',
      'rules/deeper/a.json': '',
      [path]: '',
    });
    const found = findCases([root], String).map((folder) => relative(root, folder));
    assert.deepEqual(found.sort(), ['it/b', dirname(path)].sort());
  });
}

test('a path that is not there, or no folder, is told by its name', (t) => {
  const root = folderOf(t, files);
  const shown = (path: string) => relative(root, path);
  const told = {
    nowhere: 'nowhere: there is no such folder',
    'it/a/review.json': 'it/a/review.json: it is a file; name the folder of the case, or one around it',
  };
  for (const [path, message] of Object.entries(told)) {
    assert.throws(() => findCases([join(root, 'it'), join(root, path)], shown), { message });
  }
});

test('a folder that may not be read is told, and not passed over', {
  skip: process.getuid?.() === 0 && 'root may read all',
}, (t) => {
  const root = folderOf(t, files);
  chmodSync(join(root, 'other'), 0);
  try {
    assert.throws(() => findCases([root], (path) => relative(root, path)), /^Error: other: EACCES/);
  } finally {
    // Before the folder is removed.
    chmodSync(join(root, 'other'), 0o700);
  }
});

test('ten thousand cases are found', (t) => {
  const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`it/${at}/object.yaml`, '']));
  assert.equal(findCases([folderOf(t, many)], String).length, 10_000);
});
