import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { portcullis } from '../cli/portcullis.ts';
import { configMap, type Files, folderOf } from './case-files.ts';

// The acceptance list of an offline test runner (lessons.md §2.4), a test each, of the command as its users run it.

const rules = `import { allow, ConfigMap, deny, mutatingRule, validatingRule } from 'portcullis';
export const noX = validatingRule({
  name: 'no-x',
  kind: ConfigMap,
  operations: ['CREATE', 'UPDATE'],
  validate: ({ data = {} }) => ('x' in data ? deny(\`no x: \${data.x}\`) : 'y' in data ? allow() : allow('think of y')),
});
export const first = mutatingRule({
  name: 'first',
  kind: ConfigMap,
  operations: ['CREATE'],
  webhook: 'first',
  selectors: { asked: { objectSelector: { matchLabels: { add: 'yes' } } } },
  mutate({ metadata }) {
    metadata.annotations = { ...metadata.annotations, seen: \`\${metadata.annotations?.seen ?? ''}x\` };
  },
});
`;
const asking = configMap({ metadata: { name: 'a', labels: { add: 'yes' } } });
const recorded = readFileSync(
  new URL('../reviews/kube-1.36/001-mutating-create-configmaps-a.json', import.meta.url),
  'utf8',
);

test('1: a case that does not reach its rule fails', async (t) => {
  const { code, stdout } = await replay(t, {
    'first/is-not-reached/object.yaml': configMap(),
    'first/is-not-reached/expected.yaml': 'verdict: allowed',
  });
  assert.equal(code, 1);
  assert.match(
    stdout,
    /first was not asked: the objectSelector of asked\.first\.extensions\.example\.com does not match/,
  );
});

test('1: a rule that is not known cannot be loaded, and is told with the one that was meant', async (t) => {
  const { code, stdout } = await replay(t, {
    'no-xx/is-misspelt/object.yaml': configMap(),
    'no-xx/is-misspelt/expected.yaml': 'verdict: allowed',
  });
  assert.equal(code, 2);
  assert.match(stdout, /no rule in force is called no-xx; did you mean no-x\?/);
});

test('2: the whole response is expected: code, message by a pattern, warnings; and what differs is told by path and line', async (t) => {
  const response = { webhook: 'policy.extensions.example.com', phase: 'validating' };
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', reason: 'Forbidden', code: 403 };
  const rulesOf = (decision: string) => ({ rules: { 'no-x': decision } });
  const refused = {
    ...response,
    ...rulesOf('deny'),
    allowed: false,
    status: { ...status, message: '/^.no-x. no x: .$/' },
  };
  const admitted = { ...response, ...rulesOf('allow'), allowed: true };
  const { code, stdout } = await replay(t, {
    'no-x/refuses-x/object.yaml': configMap({ data: { x: '1' } }),
    'no-x/refuses-x/expected.yaml': { verdict: 'denied', responses: [refused] },
    'no-x/admits-others/object.yaml': configMap(),
    'no-x/admits-others/expected.yaml': `verdict: allowed\nresponses:\n  - ${JSON.stringify({ ...admitted, warnings: ['[no-x] think of z'] })}\n`,
  });
  assert.equal(code, 1);
  assert.match(stdout, /✓ refuses x/);
  assert.match(stdout, /✗ admits others/);
  assert.match(stdout, /no-x\/admits-others\/expected\.yaml:3\b.*responses\[0\]\.warnings\[0\]/s);
  assert.match(stdout, /think of z/);
  assert.match(stdout, /think of y/);
});

test('3: a case may be the very review that an API server sent, and is matched as it would be', async (t) => {
  const ofOthers = recorded.replaceAll('"ops"', '"kube-system"');
  const { code, stdout } = await replay(t, {
    'no-x/refuses-x/review.json': recorded,
    'no-x/refuses-x/expected.yaml': 'verdict: denied',
    'no-x/leaves-kube-system-alone/review.json': ofOthers,
    'no-x/leaves-kube-system-alone/expected.yaml': { notCalled: '/^the namespaceSelector of policy/' },
  });
  assert.deepEqual([code, stdout.match(/✓/g)?.length], [0, 2], stdout);
});

test('4: a mutation is sent in again, and must change nothing more', async (t) => {
  const { code, stdout } = await replay(t, {
    'first/adds-more-each-time/object.yaml': asking,
    'first/adds-more-each-time/expected.yaml': 'verdict: patched',
  });
  assert.equal(code, 1);
  assert.match(stdout, /a second pass changes nothing/);
});

test('5: standard output is one machine format, also where something fails', async (t) => {
  const files = {
    'no-x/refuses/object.yaml': configMap({ data: { x: '<&"' } }),
    'no-x/refuses/expected.yaml': 'verdict: allowed',
  };
  const json = await replay(t, files, '--format', 'json');
  assert.equal(JSON.parse(json.stdout).version, 1);
  const junit = await replay(t, files, '--format', 'junit');
  assert.match(junit.stdout, /^<\?xml .*<\/testsuites>\n$/s);
  assert.ok(!junit.stdout.includes('<&"'));
});

const admits = { 'no-x/admits/object.yaml': configMap(), 'no-x/admits/expected.yaml': 'verdict: allowed' };
const codes: readonly (readonly [sentence: string, code: number, files: Files, args: readonly string[]])[] = [
  ['all is as expected', 0, admits, []],
  ['an expectation is not met', 1, { ...admits, 'no-x/admits/expected.yaml': 'verdict: denied' }, []],
  ['a file cannot be read', 2, { ...admits, 'no-x/b/object.yaml': 'a: [' }, []],
  ['an expectation has no input', 2, { ...admits, 'no-x/b/expected.yaml': 'verdict: allowed' }, []],
  ['a flag is misspelt', 2, admits, ['--updat']],
  ['a folder is not there', 2, admits, ['nowhere']],
  ['there are no cases', 3, { 'no-x/README.md': '' }, []],
  ['too little is covered', 4, admits, ['--coverage-threshold', '100']],
];
for (const [sentence, code, files, args] of codes) {
  test(`6: the exit code is ${code} where ${sentence}`, async (t) => {
    const seen = await replay(t, files, ...args);
    assert.equal(seen.code, code, seen.stdout + seen.stderr);
  });
}

test('7: what the cases show is told by rule, outcome and operation, and what they lack', async (t) => {
  const others = {
    'no-x/refuses-it-later/object.yaml': configMap({ data: { x: '1' } }),
    'no-x/refuses-it-later/oldObject.yaml': configMap(),
    'no-x/refuses-it-later/expected.yaml': 'verdict: denied',
    'no-x/admits-y/object.yaml': configMap({ data: { y: '1' } }),
    'no-x/admits-y/expected.yaml': 'verdict: allowed',
  };
  const { stdout } = await replay(t, { ...admits, ...others }, '--format', 'json');
  const { coverage } = JSON.parse(stdout) as {
    coverage: { rules: { rule: string; outcomes: { outcome: string; operation: string }[]; missing: string[] }[] };
  };
  const shown = coverage.rules.map(({ rule, outcomes, missing }) => [
    rule,
    outcomes.map((each) => `${each.outcome} ${each.operation}`).sort(),
    missing.length > 0,
  ]);
  assert.deepEqual(shown, [
    ['first', [], true],
    ['no-x', ['allow CREATE', 'deny UPDATE', 'warn CREATE'], false],
  ]);
});

async function replay(t: TestContext, cases: Files, ...args: readonly string[]) {
  const below = Object.entries(cases).map(([path, content]) => [join('cases', path), content]);
  const cwd = folderOf(t, { 'rules/rules.ts': rules, ...Object.fromEntries(below) });
  return portcullis(['replay', 'cases', '--rules', 'rules', ...args], { cwd });
}
