import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { folderOf, ruleFile } from '../load/rule-folder.ts';
import { portcullis } from './portcullis.ts';

const REPO = 'extensions.example.com/git-repo';

/** As `helm template` prints it. */
const chart = [
  '---',
  '# Source: web/templates/service.yaml',
  'apiVersion: v1',
  'kind: Service',
  'metadata:',
  '  name: web',
  'spec: &ports { ports: [{ port: 80 }] }',
  '---',
  '# Source: web/templates/deployment.yaml',
  'apiVersion: apps/v1',
  'kind: Deployment',
  'metadata:',
  '  name: web',
  'spec:',
  '  selector: { matchLabels: { app: web } }',
  '  template:',
  '    metadata:',
  '      labels: { app: web, extensions.example.com/git-sync: "true" }',
  '      annotations:',
  `        ${REPO}: https://github.com/luksa/kubia-website-example.git`,
  '    spec:',
  '      containers:',
  '        - name: web',
  '          image: nginx:alpine',
  '          args: ["off", off_, "0644"]',
  '',
].join('\n');
const broken = chart.replace('https://github', 'ftp://github');

test('check says that all is admitted, and what is wrong with file and line, from standard input', async () => {
  const good = await portcullis(['check', '-'], { input: chart });
  assert.deepEqual(good, {
    code: 0,
    stdout: '2 objects: all admitted, 1 changed, nobody is asked about 1\n',
    stderr: '',
  });
  const bad = await portcullis(['check', '-'], { input: broken.replaceAll('\n', '\r\n') });
  assert.equal(bad.code, 1);
  assert.match(
    bad.stdout,
    /\n<stdin>:20: Deployment\/web: spec\.template\.metadata\.annotations\[extensions\.example\.com\/git-repo\]: Invalid value: "ftp:.* \[git-sync\]\n\n2 objects: 1 refused, 1 admitted, nobody is asked about 1, 2 warnings\n$/,
  );
  const warnings = bad.stdout.split('\n').filter((line) => line.includes(': warning: '));
  assert.match(
    warnings.join('\n'),
    /^<stdin>:10: .* would be refused \[pod-template\]\n<stdin>:10: .*: extensions\.example\.com\/git-repo: must be /,
  );
  assert.equal(bad.stderr, '');
});

const website = (spec: string, more = '') =>
  `apiVersion: extensions.example.com/v1\nkind: Website\nmetadata: { name: kubia${more} }\nspec: ${spec}\n`;
const GOOD = website('{ gitRepo: https://github.com/o/r }');
const WARNED = website('{ gitRepo: https://github.com/o/r, ref: 0a1b2c3 }');
const REFUSED = website('{ gitRepo: https://github.com/o/r, depth: -1 }');

const codes: readonly (readonly [sentence: string, args: readonly string[], code: number])[] = [
  ['all is admitted', ['good.yaml'], 0],
  ['something is only warned of', ['warned.yaml'], 0],
  ['something is warned of, with --strict', ['warned.yaml', '--strict'], 1],
  ['something is refused', ['good.yaml', 'refused.yaml'], 1],
  ['something could not be read, whatever else there is', ['refused.yaml', 'broken.yaml', 'good.yaml'], 2],
  ['a file is not there', ['good.yaml', 'nowhere.yaml'], 2],
  ['what --from names is not there', ['good.yaml', '--from', 'nowhere.yaml'], 2],
  ['there are no objects', ['empty'], 3],
  ['nothing is named', [], 2],
  ['the format is unknown', ['good.yaml', '-o', 'xml'], 2],
  ['a rule cannot be loaded', ['good.yaml', '--rules', 'empty/broken'], 2],
];

describe('the exit code where', () => {
  for (const [sentence, args, code] of codes) {
    test(`${sentence} is ${code}`, async (t) => {
      const cwd = await folderOf(t, {
        'good.yaml': GOOD,
        'warned.yaml': WARNED,
        'refused.yaml': REFUSED,
        'broken.yaml': 'a: [',
        'empty/note.txt': '',
        'empty/broken/rule.ts': 'export const',
      });
      const seen = await portcullis(['check', ...args], { cwd });
      assert.equal(seen.code, code, seen.stdout + seen.stderr);
      assert.notEqual(seen.stdout + seen.stderr, '');
    });
  }
});

test('nothing but comments on standard input is said to be nothing, in words', async () => {
  const { code, stderr } = await portcullis(['check', '-'], { input: '# Source: web/templates/off.yaml\n---\n' });
  assert.deepEqual([code, stderr], [3, 'portcullis: there are no objects in standard input\n']);
});

test('every file is checked, whatever is wrong with others', async (t) => {
  const cwd = await folderOf(t, { 'a/broken.yaml': 'a: [', 'a/b/refused.yml': REFUSED, 'a/good.json': '{}' });
  const { stdout } = await portcullis(['check', 'a'], { cwd });
  assert.deepEqual(
    stdout.split('\n').map((line) => line.split(': ')[0]),
    ['a/broken.yaml:1', 'a/good.json:1', 'a/b/refused.yml:4', '', '1 object', ''],
  );
});

test('-o yaml prints the objects as they would be stored, in their order, and what is wrong elsewhere', async () => {
  const texts =
    'a: "off"\n  b: "0644"\n  c: "1e3"\n  d: "12345678901234567890"\n  e: "~"\n  f: "0o12"\n  g: "a\\u2028b"';
  const data = `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: texts }\ndata:\n  ${texts}\n`;
  const { code, stdout, stderr } = await portcullis(['check', '-', '-o', 'yaml', '-n', 'prod'], {
    input: [data, GOOD, REFUSED.replace('kubia', 'other')].join('---\n'),
  });
  const stored = parseAllDocuments(stdout, { version: '1.1' }).map((document) => document.toJS());
  assert.deepEqual(
    stored.map(({ kind, metadata }) => [kind, metadata.namespace, metadata.name]),
    [
      ['ConfigMap', 'prod', 'texts'],
      ['Website', 'prod', 'kubia'],
    ],
  );
  assert.deepEqual(Object.values(stored[0].data), [
    'off',
    '0644',
    '1e3',
    '12345678901234567890',
    '~',
    '0o12',
    'a\u2028b',
  ]);
  assert.equal(stored[1].spec.period, '60s', 'the defaults of the CRD are filled in');
  assert.equal(stored[1].spec.submodules, 'off');
  assert.match(stdout, /submodules: "off"/);
  assert.match(stdout, /f: "0o12"\n/, 'which kubectl takes for a number');
  assert.match(stderr, /^<stdin>:21: Website\/other: spec\.depth: /);
  assert.equal(code, 1);
  const again = await portcullis(['check', '-', '-o', 'yaml', '-n', 'prod'], { input: stdout });
  assert.deepEqual(again.stdout, stdout, 'what is stored is stored as it is');
});

test('--diff shows the container that the Pods of a Deployment would get', async () => {
  const { stdout } = await portcullis(['check', '-', '--diff'], { input: chart });
  assert.match(stdout, /^--- <stdin>:16 Deployment\/web spec\.template\n\+\+\+ .*\n@@ -\d+,\d+ \+\d+,\d+ @@\n/);
  assert.match(stdout, /\n\+ {4}- name: git-sync\n/);
  assert.ok(!stdout.includes('\u001b'), 'without colours, where no terminal is');
});

test('JSON and GitHub annotations are all that is on standard output', async () => {
  const json = await portcullis(['check', '-', '--format', 'json'], { input: broken });
  const { version, summary, objects } = JSON.parse(json.stdout);
  const refusal = objects[1].problems.find(({ isWarning }: { isWarning: boolean }) => !isWarning);
  assert.deepEqual([version, summary.refused, refusal?.line, json.stderr], [1, 1, 20, '']);
  const github = await portcullis(['check', '-', '--format', 'github'], { input: broken });
  assert.match(github.stdout, /^(::warning [^\n]+\n){2}::error file=<stdin>,line=20,title=Deployment\/web::[^\n]+\n$/);
  assert.deepEqual([json.code, github.code], [1, 1]);
});

test('rules, modes and namespaces are those that serve would have, and the cluster is what --cluster names', async (t) => {
  const cwd = await folderOf(t, {
    'rules/bare.ts': ruleFile('bare').replace('allow(),', "{ throw new Error('asked'); },"),
    'portcullis.yaml': 'ruleFolders: [rules]\nrules: { bare: { mode: warn } }\nignoredNamespaces: [quiet]\n',
    'pod.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { containers: [{ name: a }] }\n',
    'cluster/namespaces.yaml':
      'apiVersion: v1\nkind: Namespace\nmetadata: { name: prod, labels: { extensions.example.com/downward-api: "true" } }\n',
  });
  const warned = await portcullis(['check', 'pod.yaml'], { cwd });
  assert.match(warned.stdout, /^pod\.yaml:1: warning: Pod\/a: failed: Error: asked \[bare\]\n/);
  const ignored = await portcullis(['check', 'pod.yaml', '-n', 'quiet'], { cwd });
  assert.equal(ignored.stdout, '1 object: all admitted, nobody is asked about 1\n');
  const injected = await portcullis(['check', 'pod.yaml', '-n', 'prod', '--cluster', 'cluster', '-o', 'yaml'], { cwd });
  assert.match(injected.stdout, /name: POD_NAME/);
});

test('an update is held to what was there before', async (t) => {
  const cwd = await folderOf(t, {
    'old.yaml': REFUSED,
    'new.yaml': REFUSED,
    'changed.yaml': REFUSED.replace('-1', '-2'),
  });
  assert.equal(
    (await portcullis(['check', 'new.yaml', '--from', 'old.yaml'], { cwd })).code,
    0,
    'what was wrong may stay',
  );
  assert.equal((await portcullis(['check', 'changed.yaml', '--from', 'old.yaml'], { cwd })).code, 1);
});

for (const version of ['1.20', '1.32']) {
  test(`the examples of pods are admitted on ${version}, with nothing to warn of, and each is given what it asks for`, async () => {
    for (const name of ['2048-httpd', 'content-first', 'kubia-nginx', 'logs-its-variables', 'private-repository']) {
      const file = `examples/pods/${name}.yaml`;
      const { code, stdout } = await portcullis(['check', file, '--strict', '--kube-version', version]);
      assert.match(stdout, /^\d objects?: all admitted, 1 changed/, file);
      assert.equal(code, 0, file);
    }
  });
}

test('what Portcullis itself is installed with, and its example, are admitted', async () => {
  const { code, stdout } = await portcullis(['check', 'examples/kubia.yaml', 'manifests/server', 'manifests/webhooks']);
  assert.match(stdout, /^\d\d objects: all admitted, nobody is asked about \d+\n$/);
  assert.equal(code, 0);
});

test('--help says what is not known without a cluster, and every exit code', async () => {
  const { stdout } = await portcullis(['check', '--help']);
  assert.match(stdout, /What an API server checks and fills in by itself of its own kinds is not known here\./);
  assert.match(stdout, /0 all is admitted, 1 .*, 2 .*, 3 there are no objects/);
});
