import assert from 'node:assert/strict';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { portcullis, serving } from '../cli/portcullis.ts';
import { type Files, folderOf, ruleFile } from '../load/rule-folder.ts';
import { inPod } from './in-pod.ts';
import { ofKind, type Printed, printed } from './printed.ts';

const webhooks = ['manifests', 'webhooks'];
const emptyFolder = (t: TestContext) => folderOf(t, {});
const configMapsOf = (manifests: readonly Printed[]) => manifests.filter(({ kind }) => kind === 'ConfigMap');

/** A rule that is seen in the registration, where it needs what it imports. */
const importing = (line: string, name = 'a') => `${line}\n${ruleFile(name, 'timeoutSeconds: seconds, webhook: "own"')}`;

/** A rule file up to its rule. */
const SCHEMA_RULE = "import { schemaRule } from 'portcullis';\nexport const rule = ";

function crd(kind: string): string {
  const names = { kind, plural: `${kind.toLowerCase()}s` };
  const version = { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } };
  const spec = { group: 'example.com', scope: 'Namespaced', names, versions: [version] };
  return JSON.stringify({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', spec });
}

test('rules and configuration of the command line are in force in the pods, as they are here', async (t) => {
  const folder = await folderOf(t, {
    'portcullis.yaml':
      'ruleFolders: [rules, more]\ndomain: hooks.example.org\nnamespace: gate\nrules: { b: { mode: off } }',
    'rules/a.ts': importing("import { seconds } from './_seconds.ts';"),
    'rules/_seconds.ts': "import data from './seconds.json' with { type: 'json' };\nexport const [seconds] = data;",
    'rules/seconds.json': '[7]',
    'rules/b.ts': ruleFile('b'),
    'more/c.js': ruleFile('c', 'webhook: "other"'),
  });
  const manifests = await printed(['server'], { cwd: folder });
  const here = await portcullis(webhooks, { cwd: folder });
  const there = await portcullis(webhooks, await inPod(await emptyFolder(t), manifests));
  assert.match(here.stdout, /name: own\.hooks\.example\.org\n[^-]*namespace: gate\n/);
  assert.deepEqual(there, here);
});

test('pods with rules of one’s own may have the memory that their processes need', async (t) => {
  const folder = await folderOf(t, { 'a.ts': ruleFile('first-of-mine') });
  const limitOf = (manifests: readonly Printed[]) =>
    ofKind('Deployment', manifests).spec.template.spec.containers[0].resources.limits.memory;
  assert.equal(limitOf(await printed(['server'])), '512Mi');
  assert.equal(limitOf(await printed(['server', '--rules', folder])), '1Gi');
});

test('a server that runs as the pod does serves those rules', async (t) => {
  const folder = await folderOf(t, { 'a.ts': ruleFile('first-of-mine') });
  const how = await inPod(await emptyFolder(t), await printed(['server', '--rules', folder]));
  // There is no cluster here, and other servers listen.
  const { PORTCULLIS_PORT, PORTCULLIS_HEALTH_PORT, ...environment } = how.environment ?? {};
  assert.deepEqual([PORTCULLIS_PORT, PORTCULLIS_HEALTH_PORT], ['10250', '8081']);
  const { said } = await serving(t, ['--certificate', 'dev'], { ...how, environment });
  assert.match(said.stdout, /"rules":\[[^\]]*"first-of-mine"\]/);
});

test('of a folder the pods get rules, helpers and what those import, and nothing else', async (t) => {
  const folder = await folderOf(t, {
    'a.ts': importing("import { seconds } from './b.mjs';"),
    'b.mjs': `export const seconds = 3;\n${ruleFile('b')}`,
    '_later.ts': 'export const later = 1;',
    'a.test.ts': '',
    'a.d.ts': '',
    'readme.md': 'text',
    'unused.json': '{}',
    'cases/a.ts': '',
    '.hidden.ts': '',
  });
  await symlink('nowhere', join(folder, 'dangling'));
  const [{ data }] = configMapsOf(await printed(['server', '--rules', folder]));
  assert.deepEqual(Object.keys(data), ['_later.ts', 'a.ts', 'b.mjs']);
});

test('of a folder the pods get the files that rules name by a URL as well, and rules read them there', async (t) => {
  const folder = await folderOf(t, {
    'a.ts': `${SCHEMA_RULE}schemaRule(new URL('a.crd.yaml', import.meta.url));`,
    'b.ts': `import { url } from './_b.ts';\n${SCHEMA_RULE}schemaRule(url, { name: 'b' });`,
    '_b.ts':
      '// new URL("c.crd.yaml", import.meta.url)\nexport const url = new URL(\n  "./b.crd.json",\n  import.meta.url,\n);',
    'a.crd.yaml': crd('A'),
    'b.crd.json': crd('B'),
    'c.crd.yaml': crd('C'),
  });
  const manifests = await printed(['server', '--rules', folder]);
  assert.deepEqual(Object.keys(configMapsOf(manifests)[0].data), ['_b.ts', 'a.crd.yaml', 'a.ts', 'b.crd.json', 'b.ts']);
  const { code, stdout } = await portcullis(webhooks, await inPod(await emptyFolder(t), manifests));
  assert.equal(code, 0);
  assert.match(stdout, /- as\n[\s\S]*- bs\n/);
});

test('the files of a pod, which are symbolic links, make the same ConfigMaps again', async (t) => {
  const folder = await folderOf(t, {
    'portcullis.yaml': 'ruleFolders: [rules]',
    'rules/a.ts': importing("import { seconds } from './_seconds.ts';"),
    'rules/_seconds.ts': 'export const seconds = 7;',
  });
  const once = await printed(['server'], { cwd: folder });
  const again = await printed(['server'], await inPod(await emptyFolder(t), once));
  assert.equal(configMapsOf(once).length, 2);
  assert.deepEqual(again, once);
});

test('texts come through as they are: ends of lines, a byte order mark, words that YAML reads otherwise', async (t) => {
  const texts = [
    '// off\r\n//\ttab\r\n',
    '\ufeff// mark',
    '// a\n\n\n',
    '//  \n',
    '# no\n',
    '// \u2028 \u0007 \u{1f510}',
  ];
  const files = Object.fromEntries(texts.map((text, i) => [`_${i}.js`, text]));
  const folder = await folderOf(t, { 'a.ts': ruleFile('a'), ...files });
  const [{ data }] = configMapsOf(await printed(['server', '--rules', folder]));
  assert.deepEqual(data, { ...files, 'a.ts': ruleFile('a') });
});

test('a change of a rule, a helper or the configuration is a change of the pods, and nothing else is', async (t) => {
  const folder = await folderOf(t, {
    'portcullis.yaml': 'ruleFolders: [rules]',
    'rules/a.ts': ruleFile('a'),
    'rules/_b.ts': '',
  });
  const podsOf = async () =>
    JSON.stringify(ofKind('Deployment', await printed(['server'], { cwd: folder })).spec.template);
  const seen = [await podsOf()];
  await writeFile(join(folder, 'rules/readme.md'), 'text');
  assert.equal(await podsOf(), seen[0]);
  for (const [file, text] of [
    ['rules/a.ts', ruleFile('b')],
    ['rules/_b.ts', '// other'],
    ['portcullis.yaml', 'ruleFolders: [rules]\n# other'],
  ] as const) {
    await writeFile(join(folder, file), text);
    const pods = await podsOf();
    assert.ok(!seen.includes(pods), file);
    seen.push(pods);
  }
});

test('ConfigMaps are not to be changed in place, and are where the Deployment is', async (t) => {
  const folder = await folderOf(t, { 'a.ts': ruleFile('a') });
  const manifests = await printed(['server', '--rules', folder, '--namespace', 'gate']);
  const [{ immutable, metadata }] = configMapsOf(manifests);
  assert.equal(immutable, true);
  assert.equal(metadata.namespace, 'gate');
  assert.match(metadata.name, /^portcullis-rules-[0-9a-f]{10}$/);
});

const NOT_EMBEDDED =
  'is not right in this folder, and of a ConfigMap pods get nothing else: move it there, or build an image with your rules in it';
const faults: readonly { sentence: string; files: Files; flags?: readonly string[]; fault: string }[] = [
  {
    sentence: 'a helper in a folder below',
    files: {
      'rules/a.ts': importing("import { seconds } from './lib/s.ts';"),
      'rules/lib/s.ts': 'export const seconds = 1;',
    },
    fault: `rules/a.ts:1: './lib/s.ts' ${NOT_EMBEDDED}`,
  },
  {
    sentence: 'a helper beside the folder, which a helper imports',
    files: {
      'rules/a.ts': importing("import { seconds } from './_s.ts';"),
      'rules/_s.ts': "export { seconds } from '../s.ts';",
      's.ts': 'export const seconds = 1;',
    },
    fault: `rules/_s.ts:1: '../s.ts' ${NOT_EMBEDDED}`,
  },
  {
    sentence: 'a CRD beside the folder',
    files: {
      'rules/a.ts': `${SCHEMA_RULE}schemaRule(new URL('../a.crd.yaml', import.meta.url));`,
      'a.crd.yaml': crd('A'),
    },
    fault: `rules/a.ts:2: '../a.crd.yaml' ${NOT_EMBEDDED}`,
  },
  {
    sentence: 'a package',
    files: {
      'rules/a.ts': importing("import { seconds } from 'some-package';"),
      'node_modules/some-package/package.json': '{ "type": "module", "exports": "./index.js" }',
      'node_modules/some-package/index.js': 'export const seconds = 1;',
    },
    fault: `rules/a.ts:1: 'some-package' ${NOT_EMBEDDED}`,
  },
  {
    sentence: 'a name that is no key',
    files: { 'rules/my rule.ts': ruleFile('a') },
    fault:
      'rules/my rule.ts: a ConfigMap takes letters, digits, "-", "_" and "." in the name of a file, and 253 of them',
  },
  {
    sentence: 'more than a ConfigMap holds',
    files: { 'rules/a.ts': ruleFile('a'), 'rules/_big.js': `//${'x'.repeat(1024 * 1024)}` },
    fault:
      'rules: it comes to 1025 KiB (_big.js 1025 KiB, a.ts 1 KiB), and a ConfigMap holds 1024 KiB: make two folders of it, or build an image with your rules in it',
  },
  {
    sentence: 'a way to the API server that only this machine has',
    files: { 'rules/a.ts': ruleFile('a'), 'portcullis.yaml': 'cluster:\n  kubeconfig: ./mine' },
    fault:
      'portcullis.yaml:2: cluster.kubeconfig: pods have their own way to the API server; leave it out, and say it by --kubeconfig',
  },
];
for (const { sentence, files, fault } of faults) {
  test(`refused, since pods would not have it or not take it: ${sentence}`, async (t) => {
    const cwd = await folderOf(t, files);
    assert.deepEqual(await portcullis(['manifests', 'server', '--rules', 'rules'], { cwd }), {
      code: 2,
      stdout: '',
      stderr: `portcullis: cannot begin: one fault\n  ${fault}\n`,
    });
  });
}

test('refused: a file that is not UTF-8, whose bytes would come out changed', async (t) => {
  const cwd = await folderOf(t, { 'rules/a.ts': ruleFile('a') });
  await writeFile(join(cwd, 'rules/_b.js'), Buffer.from('// caf\xe9', 'latin1'));
  const { code, stderr } = await portcullis(['manifests', 'server', '--rules', 'rules'], { cwd });
  assert.equal(code, 2);
  assert.match(stderr, /one fault\n {2}rules\/_b\.js: it is not UTF-8, and the text of a ConfigMap is\n$/);
});

test('what kubectl apply could not keep in its annotation is printed, and said to need --server-side', async (t) => {
  const cwd = await folderOf(t, { 'rules/a.ts': ruleFile('a'), 'rules/_big.js': `//${'x'.repeat(300 * 1024)}` });
  const { code, stdout, stderr } = await portcullis(['manifests', 'server', '--rules', 'rules'], { cwd });
  assert.equal(code, 0);
  assert.match(stdout, /_big\.js/);
  assert.equal(stderr, 'portcullis: the rules are too large for kubectl apply -f -: add --server-side to it\n');
});

test('types alone may come from anywhere: they are gone before anything runs', async (t) => {
  const folder = await folderOf(t, {
    'rules/a.ts': `import type { Seconds } from '../types.ts';\nconst seconds: Seconds = 3;\n${importing('')}`,
    'types.ts': 'export type Seconds = number;',
  });
  const manifests = await printed(['server', '--rules', join(folder, 'rules')]);
  const { code } = await portcullis(webhooks, await inPod(await emptyFolder(t), manifests));
  assert.equal(code, 0);
});
