import assert from 'node:assert/strict';
import { mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { gitSync } from '../../rules/git-sync/git-sync.ts';
import { noLookups } from '../../webhook/lookup.ts';
import { review } from '../../webhook/review.ts';
import { bytesOf, pod } from '../engine/reviewed.ts';
import { faultsIn, folderOf, type Given, load, ruleFile } from './rule-folder.ts';

async function namesIn(folder: string, given: Given = {}): Promise<string[]> {
  return (await load(folder, given)).rules.map(({ rule }) => rule.name);
}

test('rules are in .ts, .js, .mts and .mjs files, and run after the built-in ones in the order of the file names', async (t) => {
  const folder = await folderOf(t, {
    'portcullis.yaml': '',
    '20-d.mjs': ruleFile('d'),
    '10-c.mts': ruleFile('c'),
    'b.js': ruleFile('b'),
    'a.ts': ruleFile('a'),
    'a.d.ts': 'export declare const rule: never;',
    'a.test.ts': "throw new Error('a test is no rule');",
    '_helper.ts': "throw new Error('a helper is loaded by who imports it');",
    '.hidden.ts': "throw new Error('hidden');",
    'readme.md': '',
    'cases/x.ts': "throw new Error('only files right in the folder are rules');",
  });
  assert.deepEqual(await namesIn(folder, { builtIn: [gitSync] }), ['git-sync', 'c', 'd', 'a', 'b']);
});

test('a file may export several rules, by any name and by default, and each is loaded once', async (t) => {
  const folder = await folderOf(t, {
    'portcullis.yaml': '',
    'a.ts': `${ruleFile('b')}${ruleFile('a').replace(/.*\n/, '').replace('const rule', 'const again')}export default rule;`,
    'index.ts': "export * from './a.ts';\nexport const limit = 3;",
  });
  assert.deepEqual(await namesIn(folder), ['a', 'b']);
});

test('rules import helpers and one another, and an engine accepts them: portcullis is the copy that runs', async (t) => {
  const folder = await folderOf(t, {
    'portcullis.yaml': '',
    'a.ts': [
      "import { allow, deny, invalid, Pod, validatingRule, type Rule } from 'portcullis';",
      "import { allowed, type Hosts } from './lib/hosts.ts';",
      "import { second } from './b.ts';",
      'const hosts: Hosts = allowed;',
      "export const first: Rule = validatingRule({ name: 'a', kind: Pod, operations: ['CREATE'], validate(pod) {",
      "  if (pod.spec?.hostNetwork) deny(invalid('spec.hostNetwork', true, hosts.join() + ' ' + second.name));",
      '  return allow();',
      '} });',
    ].join('\n'),
    'b.ts': ruleFile('b').replace('const rule', 'const second'),
    'lib/hosts.ts': "export type Hosts = readonly string[];\nexport const allowed: Hosts = ['github.com'];",
  });
  const rules = await load(folder);
  const bytes = bytesOf({ object: pod({ spec: { hostNetwork: true } }) });
  const route = { phase: 'validating', webhook: 'policy' } as const;
  const answer = await review(bytes, route, { rules, lookups: noLookups, now: () => 0 });
  assert.match(answer.body, /Invalid value: true: github\.com b/);
});

test('a ConfigMap is loaded once: its files are links into a folder that a dot hides', async (t) => {
  const folder = await folderOf(t, {
    'portcullis.yaml': '',
    'rules/..2026_11_21_10_00_00.1/a.ts': `import { hosts } from './_hosts.ts';\n${ruleFile('a', 'timeoutSeconds: hosts.length')}`,
    'rules/..2026_11_21_10_00_00.1/_hosts.ts': "export const hosts: string[] = ['a', 'b'];",
    'rules/..2026_11_21_10_00_00.1/b.js': ruleFile('b', 'timeoutSeconds: 2'),
  });
  const rules = join(folder, 'rules');
  await symlink('..2026_11_21_10_00_00.1', join(rules, '..data'));
  for (const name of ['a.ts', 'b.js', '_hosts.ts']) await symlink(`..data/${name}`, join(rules, name));
  assert.deepEqual(await namesIn(folder, { rules: ['rules'] }), ['a', 'b']);
});

test('a fault in a ConfigMap is told by the name that its file has there', async (t) => {
  const folder = await folderOf(t, {
    'portcullis.yaml': '',
    'rules/..1/a.ts': '\nenum A {}',
    'rules/..1/b.ts': ruleFile('B'),
    'rules/..1/c.ts': ruleFile('c').replace('export ', ''),
  });
  const rules = join(folder, 'rules');
  await symlink('..1', join(rules, '..data'));
  for (const name of ['a.ts', 'b.ts', 'c.ts']) await symlink(`..data/${name}`, join(rules, name));
  assert.deepEqual(
    (await faultsIn(folder, { rules: ['rules'] })).map((fault) => fault.replace(/: .*/, '')),
    ['rules/a.ts:2', 'rules/c.ts:2', 'rules/b.ts:2'],
  );
});

test('whatever package.json is above the files, they are modules', async (t) => {
  const folder = await folderOf(t, {
    'portcullis.yaml': '',
    'package.json': '{ "type": "commonjs", "name": "portcullis", "exports": { "./x": "./a.ts" } }',
    'rules/a.ts': ruleFile('a', 'timeoutSeconds: seconds').replace(
      /^/,
      "import { seconds } from '../shared/seconds.js';\n",
    ),
    'rules/b.js': ruleFile('b', 'timeoutSeconds: 3'),
    'shared/seconds.js': 'export const seconds = 3;',
  });
  assert.deepEqual(await namesIn(folder, { rules: ['rules'] }), ['a', 'b']);
});

test('a rule that is a link out of its folder finds the helpers beside it, where it really lies', async (t) => {
  const folder = await folderOf(t, {
    'portcullis.yaml': '',
    'shared/package.json': '{ "type": "commonjs" }',
    'shared/a.js': `import { seconds } from './_seconds.js';\n${ruleFile('a', 'timeoutSeconds: seconds')}`,
    'shared/_seconds.js': 'export const seconds = 3;',
  });
  await mkdir(join(folder, 'rules'));
  await symlink('../shared/a.js', join(folder, 'rules/a.js'));
  assert.deepEqual(await namesIn(folder, { rules: ['rules'] }), ['a']);
});

test('folders are loaded in the order given, and a file that two of them reach is loaded once', async (t) => {
  const folder = await folderOf(t, { 'portcullis.yaml': '', 'one/b.ts': ruleFile('b'), 'two/a.ts': ruleFile('a') });
  await symlink('../one/b.ts', join(folder, 'two/c.ts'));
  assert.deepEqual(await namesIn(folder, { rules: ['one', 'two', './one'] }), ['b', 'a']);
});

test('packages installed beside the rules are their own: they keep their format', async (t) => {
  const folder = await folderOf(t, {
    'portcullis.yaml': '',
    'a.ts': ruleFile('a', 'timeoutSeconds: three').replace(/^/, "import three from 'three';\n"),
    'node_modules/three/package.json': '{ "main": "index.js" }',
    'node_modules/three/index.js': 'module.exports = 3;',
  });
  assert.deepEqual(await namesIn(folder), ['a']);
});

test('a rule may import JSON, as it is written everywhere: with an attribute', async (t) => {
  const folder = await folderOf(t, {
    'portcullis.yaml': '',
    'a.ts': `import seconds from './seconds.json' with { type: 'json' };\n${ruleFile('a', 'timeoutSeconds: seconds')}`,
    'seconds.json': '3',
  });
  assert.deepEqual(await namesIn(folder), ['a']);
});

test('names that a URL would read otherwise are names', async (t) => {
  const folder = await folderOf(t, { 'portcullis.yaml': '', 'a#1 %41?.ts': ruleFile('a'), 'é.ts': ruleFile('b') });
  await mkdir(join(folder, 'my rules'));
  await rename(join(folder, 'é.ts'), join(folder, 'my rules/é.ts'));
  await writeFile(join(folder, 'my rules/c.ts'), ruleFile('C'));
  assert.deepEqual(
    (await faultsIn(folder, { rules: ['.', 'my rules'] })).map((fault) => fault.replace(/: .*/, '')),
    ['my rules/c.ts:2'],
  );
});

test('no folders, no rules but the built-in ones', async (t) => {
  const folder = await folderOf(t, { 'portcullis.yaml': '' });
  assert.deepEqual(await namesIn(folder, { builtIn: [gitSync], rules: [] }), ['git-sync']);
});
