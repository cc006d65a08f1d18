import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { faultsIn, folderOf, load, ruleFile } from './rule-folder.ts';

test('a top-level await that never ends is refused after a while, and the next file is looked at all the same', async (t) => {
  const folder = await folderOf(t, {
    'portcullis.yaml': '',
    'a.ts': 'await new Promise(() => {});',
    'b.ts': "throw 'b';",
  });
  assert.deepEqual(await faultsIn(folder, { maxImportMs: 50 }), [
    'a.ts: it is not loaded after 0.05 s: does it, or a file that it imports, await something?',
    'b.ts: it threw "b" while it was loaded',
  ]);
});

test('a folder that is not there, a file in its place and a link in a circle are refused', async (t) => {
  const folder = await folderOf(t, { 'portcullis.yaml': '', 'a.ts': ruleFile('a') });
  await symlink('circle', join(folder, 'circle'));
  assert.deepEqual(await faultsIn(folder, { rules: ['not-there', 'a.ts', 'circle'] }), [
    'not-there: there is no such folder to load rules from',
    'a.ts: this is a file; name the folder that it is in',
    'circle: the folder of rules cannot be read: ELOOP',
  ]);
});

test('a rule file that cannot be read is refused, whatever keeps it from being read', async (t) => {
  const folder = await folderOf(t, { 'portcullis.yaml': '', 'a.ts': ruleFile('a') });
  await symlink('nowhere.ts', join(folder, 'b.ts'));
  await symlink('c.ts', join(folder, 'c.ts'));
  const [b, c, ...others] = await faultsIn(folder);
  assert.equal(b, 'b.ts: it is a symbolic link that leads nowhere');
  assert.equal(c, 'c.ts: it cannot be read: ELOOP');
  assert.deepEqual(others, []);
});

test('every fault of every file is told at once, in the order of the files', async (t) => {
  const folder = await folderOf(t, {
    // What one/a.ts would have been called is not known, so nothing is said of what is told of it here.
    'portcullis.yaml':
      'rules:\n  c-rule:\n    mode: warn\n  webiste-source: {}\n  colours: {}\ncluster: { access: none }\n',
    'one/a.ts': 'enum A {}',
    'one/b.ts': ruleFile('B', "operations: ['create'], timeoutSeconds: 60, "),
    'one/c.ts': ruleFile('c-rule'),
    'two/d.js': ruleFile('c-rule', "lookups: { pod: { kind: Pod, name: () => 'x' } }"),
    'two/e.ts': "throw new Error('e')",
  });
  const { websiteSource } = await import('../../rules/website/website-source.ts');
  assert.deepEqual(await faultsIn(folder, { rules: ['one', 'two'], builtIn: [websiteSource] }), [
    "one/a.ts:1: an enum cannot be run: Node removes types and compiles nothing; write a constant instead: const Colour = { Red: 'red' } as const",
    'two/e.ts:1: it failed while it was loaded: Error: e',
    'one/b.ts:2: rule B: its name must be lower-case letters, digits and "-", beginning with a letter, 63 at most',
    'one/b.ts:2: rule B: its operations have "create"; did you mean CREATE?',
    'one/b.ts:2: rule B: its timeoutSeconds must be a whole number from 1 to 30, not 60',
    'two/d.js:2: rule c-rule: its name is taken (rule c-rule: one/c.ts:2)',
    'portcullis.yaml:4: rules.webiste-source: there is no such rule; did you mean website-source?',
    'two/d.js:2: rule c-rule: it has lookups (pod), and cluster-access is none',
  ]);
});

test('a rule that looks something up and is off needs no access to a cluster', async (t) => {
  const folder = await folderOf(t, {
    'portcullis.yaml': 'rules: { a: { mode: off } }\ncluster: { access: none }\n',
    'rules/a.js': ruleFile('a', "lookups: { pod: { kind: Pod, name: () => 'x' } }"),
    'rules/b.js': ruleFile('b', "lookups: { pod: { kind: Pod, name: () => 'x' } }"),
  });
  assert.deepEqual(await faultsIn(folder, { rules: ['rules'] }), [
    'rules/b.js:2: rule b: it has lookups (pod), and cluster-access is none',
  ]);
});

test('without access to a cluster, a rule is refused for the lookups that it needs, and for no optional one', async (t) => {
  const lookup = (optional: string) => `{ kind: Pod, name: () => 'x'${optional} }`;
  const folder = await folderOf(t, {
    'portcullis.yaml': 'cluster: { access: none }\n',
    'one/a.js': ruleFile('a', `lookups: { a: ${lookup(', optional: true')} }`),
    'one/b.js': ruleFile('b', 'lookups: {}'),
    'two/c.js': ruleFile(
      'c',
      `lookups: { a: ${lookup('')}, b: ${lookup(', optional: true')}, c: ${lookup(', optional: false')} }`,
    ),
    'two/d.js': ruleFile('d', `lookups: { a: ${lookup(", optional: 'yes'")} }`),
  });
  assert.deepEqual(await faultsIn(folder, { rules: ['one', 'two'] }), [
    'two/d.js:2: rule d: its lookup a has an optional that is neither true nor false',
    'two/c.js:2: rule c: it has lookups (a, c), and cluster-access is none',
    'two/d.js:2: rule d: it has lookups (a), and cluster-access is none',
  ]);
  const { rules } = await load(folder, { rules: ['one'] });
  assert.deepEqual(
    rules.map(({ rule }) => rule.name),
    ['a', 'b'],
  );
});
