import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { validateXML } from 'xmllint-wasm';
import type { JsonReport } from '../../replay/reports/json.ts';
import { folderOf } from '../load/rule-folder.ts';
import { portcullis } from './portcullis.ts';

const rule = `import { allow, ConfigMap, deny, validatingRule } from 'portcullis';
export const noX = validatingRule({
  name: 'no-x',
  kind: ConfigMap,
  operations: ['CREATE'],
  validate: ({ data = {} }) => ('x' in data ? deny(\`no x: \${data.x}\`) : allow()),
});
`;
const object = (data: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: ${data}\n`;
const admitted = `verdict: allowed
responses:
  - webhook: policy.extensions.example.com
    phase: validating
    rules: { no-x: allow }
    allowed: true
`;
const admits = { 'cases/no-x/admits/object.yaml': object('{}'), 'cases/no-x/admits/expected.yaml': admitted };
const fails = {
  'cases/no-x/refuses/object.yaml': object(JSON.stringify({ x: '<&"]]> ::error::x' })),
  'cases/no-x/refuses/expected.yaml': admitted,
};
const broken = { 'cases/no-x/is-broken/object.yaml': 'a: [' };

/** Replays these cases of a folder that has one rule. */
async function replayed(t: TestContext, cases: { readonly [path: string]: string }, ...args: readonly string[]) {
  const cwd = await folderOf(t, { 'rules/no-x.ts': rule, ...cases });
  const seen = await portcullis(['replay', 'cases', '--rules', 'rules', ...args], { cwd });
  // A busy machine may take long enough for progress to be told.
  return { ...seen, stderr: seen.stderr.replace(PROGRESS, ''), told: seen.stderr.match(PROGRESS) ?? [], cwd };
}

const PROGRESS = /^\d+ of \d+ cases.*\n/gm;

const runs = [
  ['without a fault', admits, 0],
  ['with one that fails', { ...admits, ...fails }, 1],
  ['with one that cannot be read', { ...admits, ...fails, ...broken }, 2],
] as const;

for (const [what, cases, expected] of runs) {
  test(`cases ${what}: exit code ${expected}, and standard output is one JSON object`, async (t) => {
    const { code, stdout, stderr } = await replayed(t, cases, '--format', 'json');
    assert.deepEqual({ code, stderr }, { code: expected, stderr: '' });
    const { counts, coverage } = JSON.parse(stdout) as JsonReport;
    assert.equal(counts.cases, Object.keys(cases).filter((path) => path.endsWith('object.yaml')).length);
    // The built-in rules are not theirs to prove.
    assert.deepEqual(
      coverage.rules.map((each) => each.rule),
      ['no-x'],
    );
  });

  test(`cases ${what}: standard output is one XML document`, async (t) => {
    const { code, stdout, stderr } = await replayed(t, cases, '-o', 'junit');
    assert.deepEqual({ code, stderr }, { code: expected, stderr: '' });
    assert.deepEqual((await validateXML({ xml: stdout, normalization: 'format' })).errors, []);
  });

  test(`cases ${what}: --output writes the format there, and standard output is for people`, async (t) => {
    const { code, stdout, stderr, cwd } = await replayed(t, cases, '-o', 'json', '--output', 'report.json');
    assert.deepEqual({ code, stderr }, { code: expected, stderr: '' });
    assert.match(stdout, /^no-x\n(?:.*\n)+\d+ of \d+ cases? passed/);
    assert.equal((JSON.parse(readFileSync(join(cwd, 'report.json'), 'utf8')) as JsonReport).version, 1);
  });
}

test('progress of work that takes long is told beside the report, not in it', async (t) => {
  const slow = rule.replace(
    '({ data = {} }) => (',
    `({ data = {} }) => (
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600),`,
  );
  const { code, stdout, told } = await replayed(t, { ...admits, 'rules/no-x.ts': slow }, '-o', 'json');
  assert.deepEqual({ code, told }, { code: 0, told: ['1 of 1 cases\n'] });
  assert.equal((JSON.parse(stdout) as JsonReport).counts.passed, 1);
});

test('Markdown is for the summary of a pull request', async (t) => {
  const { code, stdout } = await replayed(t, { ...admits, ...fails }, '--format', 'markdown');
  assert.equal(code, 1);
  assert.match(stdout, /^## ❌ Portcullis: 1 of 2 cases passed, 1 failed\n\n\| rule \| case \|/);
});

test('text is in no colours where nobody asked for them, and tells with -v what each rule decided', async (t) => {
  const { stdout } = await replayed(t, { ...admits, ...fails }, '-v');
  assert.ok(!stdout.includes('\u001b'));
  assert.match(stdout, /✗ refuses\n +policy\.extensions\.example\.com: no-x: deny: no x: <&"\]\]> ::error::x\n/);
  assert.match(stdout, /cases\/no-x\/refuses\/expected\.yaml:1: verdict\n +- "allowed"\n +\+ "denied"\n/);
});

test('too little coverage is exit code 4, unless something failed', async (t) => {
  const said = 'portcullis: 0 % of the rules are covered, and --coverage-threshold is 50\n';
  const { code, stdout, stderr } = await replayed(t, admits, '--coverage', '--coverage-threshold', '50');
  assert.deepEqual({ code, stderr }, { code: 4, stderr: said });
  assert.match(stdout, /\n {2}rule +operation +allow\n {2}no-x +CREATE +1\n {2}no-x lacks a case that it refuses/);
  assert.equal((await replayed(t, { ...admits, ...fails }, '--coverage-threshold', '100')).code, 1);
  assert.equal((await replayed(t, admits, '--coverage-threshold', '0')).code, 0);
});

test('no cases are exit code 3, whatever the format, and standard output is empty', async (t) => {
  const { code, stdout, stderr } = await replayed(t, { 'cases/README.md': '' }, '--format', 'json');
  assert.deepEqual({ code, stdout }, { code: 3, stdout: '' });
  assert.match(stderr, /^portcullis: there are no cases below cases/);
});

test('--update writes what came, says so beside the report, and what it cannot mend still fails', async (t) => {
  const unknown = { 'cases/no-y/admits/object.yaml': object('{}'), 'cases/no-y/admits/expected.yaml': admitted };
  const all = { ...admits, ...fails };
  const mended = await replayed(t, all, '--update', '-o', 'json');
  assert.deepEqual([mended.code, mended.stderr], [0, 'wrote cases/no-x/refuses/expected.yaml\n']);
  assert.equal((JSON.parse(mended.stdout) as JsonReport).counts.passed, 2);
  const again = await portcullis(['replay', 'cases', '--rules', 'rules', '--update'], { cwd: mended.cwd });
  assert.deepEqual([again.code, again.stderr], [0, '']);
  assert.equal((await replayed(t, { ...all, ...unknown }, '--update')).code, 2);
});

test('the cases of a rule that is off, or is not there, cannot be replayed, and say so once', async (t) => {
  const config = (mode: string) => ({ 'portcullis.yaml': `rules: { no-x: { mode: ${mode} } }\n` });
  const off = await replayed(t, { ...admits, ...config('off') });
  const said = 'cases/no-x/admits: the configuration switches the rule no-x off, so that nothing is proved';
  assert.equal(off.code, 2);
  assert.match(
    off.stdout,
    new RegExp(`✗ admits\n {6}${said}; name a --config that does not\n\n0 of 1 case passed, 1 could not be replayed`),
  );
  const elsewhere = { 'cases/of-others/admits/object.yaml': object('{}') };
  assert.match((await replayed(t, elsewhere)).stdout, /called of-others; known: .*, no-x; --rules loads others\n/);
  const builtIn = {
    'cases/git-sync/is-off/expected.yaml': 'a: b',
    'portcullis.yaml': 'rules: { git-sync: { mode: off } }',
  };
  assert.match(
    (await replayed(t, { ...builtIn, 'cases/git-sync/is-off/object.yaml': object('{}') })).stdout,
    /switches the rule git-sync off/,
  );
});

test('where what came differs, and the rule only warns or audits, that is told', async (t) => {
  const config = { 'portcullis.yaml': 'rules: { no-x: { mode: warn } }\n' };
  const denied = { ...fails, 'cases/no-x/refuses/expected.yaml': 'verdict: denied' };
  const { code, stdout } = await replayed(t, { ...denied, ...config });
  assert.equal(code, 1);
  assert.match(stdout, /\+ "allowed"\n {8}the mode of no-x is warn: it decides, and nothing is done about it\n/);
  assert.doesNotMatch((await replayed(t, { ...denied, ...admits, ...config }, '--update')).stdout, /the mode of/);
});

test('whoever replays a case by its name is not told of what others lack, but where it is asked for', async (t) => {
  const cwd = await folderOf(t, { 'rules/no-x.ts': rule, ...admits });
  const told = async (...args: readonly string[]) =>
    (await portcullis(['replay', '--rules', 'rules', ...args], { cwd })).stdout.includes('lacks');
  assert.equal(await told('cases'), true);
  assert.equal(await told('cases/no-x'), true);
  assert.equal(await told('cases/no-x/admits'), false);
  assert.equal(await told('cases/no-x/admits', '--format', 'markdown'), false);
  assert.equal(await told('cases/no-x/admits', '--coverage'), true);
});

const refused: readonly (readonly [args: readonly string[], message: string])[] = [
  [['--format', 'xml'], '--format must be text, json, junit or markdown, not "xml"'],
  [['-o'], '--format needs a value: --format FORMAT'],
  [['--coverage-threshold', '101'], '--coverage-threshold must be a whole number from 0 to 100, not "101"'],
  [['--coverage-threshold', 'all'], '--coverage-threshold must be a whole number from 0 to 100, not "all"'],
  [['--covrage'], 'there is no flag --covrage; did you mean --coverage?'],
];
for (const [args, message] of refused) {
  test(`refused: portcullis replay ${args.join(' ')}`, async () => {
    const expected = { code: 2, stdout: '', stderr: `portcullis: ${message}\n` };
    assert.deepEqual(await portcullis(['replay', ...args]), expected);
  });
}

test('a file that cannot be written is told, and nothing is taken for a report', async (t) => {
  const { code, stdout, stderr } = await replayed(t, admits, '-o', 'json', '--output', 'not/there.json');
  assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
  assert.match(stderr, /^portcullis: --output not\/there\.json cannot be written: ENOENT/);
});

test('--help tells every exit code', async () => {
  const { stdout } = await portcullis(['replay', '--help']);
  for (const text of ['0 all is as expected', '1 something is not', '2 something', '3 there are no cases', '4 less']) {
    assert.ok(stdout.includes(text), text);
  }
  for (const line of stdout.split('\n')) assert.ok(line.length <= 120, line);
});
