import assert from 'node:assert/strict';
import { mkdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { look } from '../../cli/watch/seen.ts';
import { touched } from '../../cli/watch/touched.ts';
import { folderOf } from '../load/rule-folder.ts';

const FILES = {
  'portcullis.yaml': '',
  'rules/a.ts': '',
  'rules/_helper.ts': '',
  'rules/crds/a.yaml': '',
  'cases/a/one/object.yaml': '',
  'cases/a/one/expected.yaml': '',
  'cases/a/two/review.json': '',
  'cases/a/cluster.yaml': '',
  'cases/b/three/object.yaml': '',
  'other/read-me.md': '',
};

/** In seconds; what is unpacked or copied with its times is as old as what it replaces. */
const LONG_AGO = 1_000_000_000;

type Change = (folder: string) => Promise<unknown>;

/** What happens, and what is replayed of it: `all`, cases, `gone: …`; nothing where nothing is listed. */
const changes: readonly [sentence: string, change: Change, expected: readonly string[]][] = [
  ['nothing', async () => {}, []],
  ['an object of a case is written', write('cases/a/one/object.yaml'), ['a/one']],
  ['what a case expects is written', write('cases/a/one/expected.yaml'), ['a/one']],
  ['a case gets a file', write('cases/a/one/request.yaml'), ['a/one']],
  ['a case gets a cluster of its own', write('cases/a/one/cluster.yaml'), ['a/one']],
  ['a case loses a file', remove('cases/a/one/expected.yaml'), ['a/one']],
  [
    'two cases are written',
    async (in_) => [await write('cases/a/two/review.json')(in_), await write('cases/b/three/object.yaml')(in_)],
    ['a/two', 'b/three'],
  ],
  ['a file is replaced by one of the same size and age', replace('cases/a/one/object.yaml'), ['a/one']],
  ['the cluster around the cases of a rule is written', write('cases/a/cluster.yaml'), ['a/one', 'a/two']],
  ['the cluster around the cases of a rule goes', remove('cases/a/cluster.yaml'), ['a/one', 'a/two']],
  ['a cluster around all cases comes', write('cases/cluster.yaml'), ['a/one', 'a/two', 'b/three']],
  ['a cluster comes that no case reads', write('cluster.yaml'), []],
  ['a case comes', write('cases/b/four/object.yaml'), ['b/four']],
  ['the first case of a rule comes', write('cases/c/five/review.yaml'), ['c/five']],
  ['a case goes', remove('cases/a/one'), ['gone: a/one']],
  [
    'a case is renamed',
    (folder) => rename(join(folder, 'cases/a/one'), join(folder, 'cases/a/uno')),
    ['a/uno', 'gone: a/one'],
  ],
  ['the cases of a rule go', remove('cases/a'), ['gone: a/one', 'gone: a/two']],
  ['a rule file is written', write('rules/a.ts'), ['all']],
  ['a helper of rules is written', write('rules/_helper.ts'), ['all']],
  ['a CRD that a rule reads is written', write('rules/crds/a.yaml'), ['all']],
  ['a rule comes', write('rules/b.ts'), ['all']],
  ['a rule goes', remove('rules/a.ts'), ['all']],
  ['all rules go', remove('rules'), ['all']],
  ['the configuration is written', write('portcullis.yaml'), ['all']],
  ['the configuration goes', remove('portcullis.yaml'), ['all']],
  ['an editor keeps a file of its own beside a rule', write('rules/.a.ts.swp'), []],
  ['an editor keeps a file of its own in a case', write('cases/a/one/.object.yaml.swp'), []],
  ['a package is installed', write('node_modules/x/object.yaml'), []],
  ['something is written that nobody reads', write('other/read-me.md'), []],
];

for (const [sentence, change, expected] of changes) {
  test(`touched when ${sentence}: ${expected.join(', ') || 'nothing'}`, async (t) => {
    const folder = await folderOf(t, FILES);
    const watched = watchedIn(folder, [folder]);
    await utimes(join(folder, 'cases/a/one/object.yaml'), LONG_AGO, LONG_AGO);
    const before = look(watched);
    assert.deepEqual([...before.cases].map((path) => path.slice(`${folder}/cases/`.length)).sort(), [
      'a/one',
      'a/two',
      'b/three',
    ]);
    await change(folder);
    assert.deepEqual(told(folder, touched(before, look(watched))), expected);
  });
}

test('of a case that is named itself, the clusters around it are looked at', async (t) => {
  const folder = await folderOf(t, FILES);
  const watched = watchedIn(folder, [join(folder, 'cases/a/one')]);
  for (const file of ['cases/a/cluster.yaml', 'cases/cluster.yaml']) {
    const before = look(watched);
    await write(file)(folder);
    assert.deepEqual(told(folder, touched(before, look(watched))), ['a/one'], file);
  }
});

test('folders that are not there yet, or lead nowhere, are waited for', async (t) => {
  const folder = await folderOf(t, {});
  await symlink('nowhere', join(folder, 'linked'));
  const watched = watchedIn(folder, [join(folder, 'cases'), join(folder, 'linked')]);
  const before = look(watched);
  assert.deepEqual([...before.cases, ...before.stamps.keys()], []);
  assert.ok(before.folders.has(folder));
  await write('rules/a.ts')(folder);
  await write('cases/a/one/object.yaml')(folder);
  assert.deepEqual(told(folder, touched(before, look(watched))), ['all', 'a/one']);
});

function watchedIn(folder: string, paths: readonly string[]) {
  return { paths, ruleFolders: [join(folder, 'rules')], configFile: join(folder, 'portcullis.yaml') };
}

function told(folder: string, { isAll, cases, gone }: ReturnType<typeof touched>): string[] {
  const short = (path: string) => path.slice(`${folder}/cases/`.length);
  return [...(isAll ? ['all'] : []), ...[...cases].map(short).sort(), ...gone.map((path) => `gone: ${short(path)}`)];
}

function write(file: string): Change {
  return async (folder) => {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), 'otherwise');
  };
}

function replace(file: string): Change {
  return async (folder) => {
    await writeFile(join(folder, 'new'), '');
    await utimes(join(folder, 'new'), LONG_AGO, LONG_AGO);
    await rename(join(folder, 'new'), join(folder, file));
  };
}

function remove(path: string): Change {
  return (folder) => rm(join(folder, path), { recursive: true });
}
