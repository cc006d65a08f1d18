import assert from 'node:assert/strict';
import { readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { portcullis } from '../cli/portcullis.ts';
import { type Files, folderOf, ruleFile } from '../load/rule-folder.ts';

/** What is made of these words, in a new folder, and what each of its cases then expects. */
const made: readonly [sentence: string, args: readonly string[], expected: { readonly [sentence: string]: string }][] =
  [
    [
      'a validating rule for Pods, unless another is asked for',
      ['owner-label'],
      {
        'admits-a-pod-that-has-a-team': 'allowed',
        'refuses-a-pod-without-a-team': 'denied',
        'warns-of-a-change-to-a-pod-that-never-had-a-team': 'allowed',
      },
    ],
    [
      'a mutating rule',
      ['owner-label', '--mutating', '--kind', 'ConfigMap'],
      {
        'adds-a-team-to-a-config-map-that-has-other-labels': 'patched',
        'adds-a-team-to-a-config-map-without-labels': 'patched',
        'leaves-a-config-map-alone-that-has-a-team': 'allowed',
      },
    ],
    [
      'a rule for Websites, which the schema of their CRD lets pass',
      ['owner-label', '--kind', 'Website'],
      {
        'admits-a-website-that-has-a-team': 'allowed',
        'refuses-a-website-without-a-team': 'denied',
        'warns-of-a-change-to-a-website-that-never-had-a-team': 'allowed',
      },
    ],
    [
      'a rule for a kind that nobody knows here, of one word that JavaScript reserves',
      ['delete', '--mutating', '--kind', 'gateway.networking.k8s.io/v1/HTTPRoute'],
      {
        'adds-a-team-to-a-http-route-that-has-other-labels': 'patched',
        'adds-a-team-to-a-http-route-without-labels': 'patched',
        'leaves-a-http-route-alone-that-has-a-team': 'allowed',
      },
    ],
  ];

for (const [sentence, [name = '', ...flags], expected] of made) {
  test(`made: ${sentence}; its cases pass, and fail as soon as the rule does nothing`, async (t) => {
    const folder = await folderOf(t, {});
    const { code, stdout, stderr } = await portcullis(['new', 'rule', name, ...flags], { cwd: folder });
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    const files = (await readdir(folder, { recursive: true })).filter((file) => /\.(ts|ya?ml|json)$/.test(file));
    for (const file of files) assert.ok(stdout.includes(`  ${file}\n`), `${file} is told of`);
    assert.match(stdout, /\n {2}portcullis replay cases\n$/);
    const verdicts = Object.keys(expected).map(async (each) => {
      const text = await readFile(join(folder, 'cases', name, each, 'expected.yaml'), 'utf8');
      return [each, parse(text).verdict];
    });
    assert.deepEqual(Object.fromEntries(await Promise.all(verdicts)), expected);
    assert.deepEqual(await readdir(join(folder, 'cases', name)), Object.keys(expected));

    const replayed = await portcullis(['replay'], { cwd: folder });
    assert.equal(replayed.code, 0, replayed.stdout + replayed.stderr);
    const file = join(folder, 'rules', `${name}.ts`);
    const source = await readFile(file, 'utf8');
    const idle = source.replace(/deny\(.*\);/, 'return allow();').replace(/(mutate\(.*\) \{)/, '$1\n    return;');
    assert.notEqual(idle, source);
    await writeFile(file, idle);
    assert.equal((await portcullis(['replay'], { cwd: folder })).code, 1);
  });
}

test('a second rule joins the first, and leaves every file as it is', async (t) => {
  const folder = await folderOf(t, { 'portcullis.yaml': 'ruleFolders: [policy/rules]\n' });
  assert.equal((await portcullis(['new', 'rule', 'first-rule'], { cwd: folder })).code, 0);
  const before = await contents(folder);
  assert.deepEqual(
    Object.keys(before).filter((file) => !file.includes('first-rule')),
    ['portcullis.yaml', 'tsconfig.json'],
  );
  const { code, stdout } = await portcullis(['new', 'rule', 'second-rule', '--kind', 'Service'], { cwd: folder });
  assert.equal(code, 0);
  const after = await contents(folder);
  const others = Object.keys(after).filter((file) => !file.includes('second-rule'));
  assert.deepEqual(Object.fromEntries(others.map((file) => [file, after[file]])), before);
  assert.doesNotMatch(stdout, /portcullis\.yaml|tsconfig/);
  const replayed = await portcullis(['replay'], { cwd: folder });
  assert.equal(replayed.code, 0, replayed.stdout + replayed.stderr);
  assert.match(replayed.stdout, /6 of 6/);
});

test('rules that lie there and were not loaded yet are from now on, and the cases know of them', async (t) => {
  const folder = await folderOf(t, { 'rules/other.ts': ruleFile('other') });
  assert.equal((await portcullis(['new', 'rule', 'owner-label'], { cwd: folder })).code, 0);
  const file = join(folder, 'cases/owner-label/refuses-a-pod-without-a-team/expected.yaml');
  assert.deepEqual(parse(await readFile(file, 'utf8')).responses[0].rules, { other: 'allow', 'owner-label': 'deny' });
  assert.equal((await portcullis(['replay'], { cwd: folder })).code, 0);
});

test('the cases of other rules that come out otherwise with the new one are told of, and no other', async (t) => {
  const folder = await folderOf(t, {});
  for (const args of [['for-pods'], ['for-services', '--kind', 'Service']]) {
    const { stdout } = await portcullis(['new', 'rule', ...args], { cwd: folder });
    assert.doesNotMatch(stdout, /come out otherwise/);
  }
  const { code, stdout } = await portcullis(['new', 'rule', 'for-pods-too', '--mutating'], { cwd: folder });
  assert.equal(code, 0);
  const told = /otherwise\. Where that is right, let replay --update write it:\n([\s\S]*?)\n\n/.exec(stdout)?.[1];
  // To the pod that has a team, the new rule does nothing.
  assert.deepEqual(told?.split('\n'), ['  cases/for-pods/refuses-a-pod-without-a-team']);
});

test('where a CRD among the cases asks for more than a name, the files are made and replay says what the cases lack', async (t) => {
  const crd = await readFile(new URL('../../examples/rules/weather-report.crd.yaml', import.meta.url), 'utf8');
  const folder = await folderOf(t, { 'cases/cluster.yaml': crd });
  const kind = /^ {2}group: (.*)$/m.exec(crd)?.[1];
  const args = ['new', 'rule', 'weather-owner', '--kind', `${kind}/v1/WeatherReport`];
  const { code, stdout } = await portcullis(args, { cwd: folder });
  assert.equal(code, 1);
  assert.match(stdout, /^made\n[\s\S]*rules\/weather-owner\.ts\n/);
  assert.match(stdout, /weather-owner was not asked[\s\S]*spec[\s\S]*Required value/);
});

test('a file that cannot be written is told by its name', async (t) => {
  const folder = await folderOf(t, {});
  await symlink('nowhere', join(folder, 'tsconfig.json'));
  const { code, stderr } = await portcullis(['new', 'rule', 'x-y'], { cwd: folder });
  assert.equal(code, 2);
  assert.match(stderr, /^portcullis: tsconfig\.json cannot be written: EEXIST/);
});

/** Nothing but `files` is there, before and after. */
const refused: readonly [sentence: string, args: readonly string[], message: RegExp, files?: Files][] = [
  ['nothing to make', [], /^portcullis: say what is to be made: portcullis new rule NAME\n$/],
  ['something else to make', ['webhook', 'x'], /there is no new "webhook": portcullis new rule NAME/],
  ['no name', ['rule'], /the new rule needs a name: portcullis new rule NAME/],
  ['two names', ['rule', 'one', 'two'], /one rule at a time, not "one two"/],
  ['a name in camelCase', ['rule', 'noLatest'], /"noLatest" is no name for a rule: .*, like no-latest\n/],
  ['the name of a file', ['rule', 'no_latest.ts'], /"no_latest\.ts" is no name for a rule: .*, like no-latest\n/],
  ['a way out of the folder', ['rule', '../../x-y'], /"\.\.\/\.\.\/x-y" is no name for a rule: .*, like x-y\n/],
  ['a name that ends in a dash', ['rule', 'no-'], /"no-" is no name for a rule/],
  ['a name that is too long', ['rule', 'a'.repeat(64)], /63 characters at most, like no-latest-image\n/],
  ['a name of nothing but digits', ['rule', '42'], /"42" is no name for a rule: .*, like no-latest-image\n/],
  ['a built-in rule', ['rule', 'git-sync'], /git-sync is a built-in rule; choose another name, such as our-git-sync\n/],
  ['a misspelt built-in rule', ['rule', 'GitSync'], /"GitSync" is no name .*, like no-latest-image\n/],
  ['both phases', ['rule', 'x', '--mutating', '--validating'], /a rule is --mutating or --validating: make two/],
  [
    'a kind that nobody knows',
    ['rule', 'x', '--kind', 'Gizmo'],
    /there is no kind "Gizmo"; known: ConfigMap, .*, Website\. Any other: --kind GROUP/,
  ],
  ['a misspelt kind', ['rule', 'x', '--kind', 'Pdo'], /there is no kind "Pdo"; did you mean Pod\?/],
  ['a plural', ['rule', 'x', '--kind', 'v1/pods'], /--kind v1\/pods: it has the kind "pods"; it must be like "Pod"/],
  [
    'a resource',
    ['rule', 'x', '--kind', 'a/b/c/d'],
    /--kind a\/b\/c\/d: it has more than a group, a version and a kind/,
  ],
  [
    'a file that is there',
    ['rule', 'x-y'],
    /rules\/x-y\.js is there already, and nothing is overwritten: choose another name/,
    { 'rules/x-y.js': '' },
  ],
  [
    'a file where cases belong',
    ['rule', 'x-y'],
    /^portcullis: cases is a file, and the cases of the rule/,
    { cases: '' },
  ],
  ['cases that are there', ['rule', 'x-y'], /cases\/x-y is there already/, { 'cases/x-y/a/object.yaml': '' }],
  [
    'a rule of that name in another file',
    ['rule', 'x-y'],
    /rules\/x-y\.ts:.*: rule x-y: its name is taken \(rule x-y: rules\/other\.ts/,
    {
      'portcullis.yaml': 'ruleFolders: [rules]',
      'rules/other.ts':
        "import { allow, Pod, validatingRule } from 'portcullis';\nexport const a = validatingRule({ name: 'x-y', kind: Pod, operations: ['CREATE'], validate: () => allow() });",
    },
  ],
  [
    'a folder that is not loaded',
    ['rule', 'x', '--folder', 'other'],
    /rules are loaded from rules, and not from \.\/other: say --folder rules, or add \.\/other to ruleFolders first/,
    { 'portcullis.yaml': 'ruleFolders: [rules]' },
  ],
  [
    'a configuration that loads no rules',
    ['rule', 'x'],
    /portcullis\.yaml:1: it names no folder of rules; write ruleFolders: \[\.\/rules\] into it first/,
    { 'portcullis.yaml': 'namespace: gate' },
  ],
  ['a file in the place of the folder', ['rule', 'x'], /rules is a file; name a folder/, { rules: '' }],
  [
    'rules that cannot be loaded as it is',
    ['rule', 'x'],
    /cannot begin: one fault\n {2}rules\/broken\.ts:1: /,
    { 'portcullis.yaml': 'ruleFolders: [rules]', 'rules/broken.ts': 'export const x = {;' },
  ],
];

for (const [sentence, args, message, files = {}] of refused) {
  test(`refused, and nothing is made: ${sentence}`, async (t) => {
    const folder = await folderOf(t, files);
    const before = await contents(folder);
    const { code, stdout, stderr } = await portcullis(['new', ...args], { cwd: folder });
    assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
    assert.match(stderr, message);
    assert.deepEqual(await contents(folder), before);
  });
}

test('in a checkout, the built-in rules are not where rules of somebody else are made', async () => {
  const { code, stderr } = await portcullis(['new', 'rule', 'owner-label']);
  assert.deepEqual(
    { code, stderr },
    { code: 2, stderr: 'portcullis: rules is for the built-in rules; say --folder my-rules\n' },
  );
});

test('where there are no cases, replay says how to begin', async (t) => {
  const { code, stdout, stderr } = await portcullis(['replay'], { cwd: await folderOf(t, {}) });
  assert.deepEqual({ code, stdout }, { code: 3, stdout: '' });
  assert.match(
    stderr,
    /^portcullis: there are no cases here: "portcullis new rule NAME" makes a rule with its first, /,
  );
});

test('the next command is told as the program was called', async (t) => {
  const environment = { npm_lifecycle_event: 'portcullis' };
  const { stdout } = await portcullis(['new', 'rule', 'a-b'], { cwd: await folderOf(t, {}), environment });
  assert.match(stdout, /\n {2}npm run -s portcullis -- replay cases\n$/);
});

async function contents(folder: string): Promise<{ [file: string]: string }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = files
    .sort()
    .map(async (file) => [file.slice(folder.length + 1), await readFile(file, 'utf8')] as const);
  return Object.fromEntries(await Promise.all(texts));
}
