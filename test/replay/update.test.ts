import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { allow, ConfigMap, deny, mutatingRule, type Rule, validatingRule } from '../../author.ts';
import { findCases } from '../../replay/find-cases.ts';
import { run } from '../../replay/run.ts';
import { updateExpected } from '../../replay/update.ts';
import { configMap, contextOf, type Files, folderOf, wrongs } from './case-files.ts';

const it = validatingRule({
  name: 'it',
  kind: ConfigMap,
  operations: ['CREATE'],
  validate: ({ data }) => (data?.no === undefined ? allow() : deny(data.no)),
});
/** Texts that YAML takes for something else, as values and as names. */
const traps = [
  'off',
  'y',
  'No',
  '~',
  'null',
  '0644',
  '0o17',
  '1e3',
  '1_000',
  '12:30',
  '2001-12-14',
  '=',
  '<<',
  '',
  ' a ',
  '- a',
  '# a',
  'a: b',
  '/a/',
  'a\n\nb\n',
  '"',
  "'",
  '\u2028',
  '*a',
  '&a',
  '!a',
  '%a',
  '@a',
  '`a',
  '{',
  '[',
  '\t',
];
const adds = mutatingRule({
  name: 'adds',
  kind: ConfigMap,
  operations: ['CREATE'],
  webhook: 'adds',
  mutate(draft) {
    draft.data = {
      ...draft.data,
      ...Object.fromEntries(
        traps.flatMap((text, at) => [
          [`v${at}`, text],
          [text === '<<' ? 'a<<' : text, 'x'],
        ]),
      ),
    };
  },
});

test('what was written is as expected, whatever the texts, and nothing is written a second time', async (t) => {
  const update = updating(t, { 'adds/a/object.yaml': configMap(), 'adds/b/object.yaml': configMap() }, [adds]);
  assert.deepEqual((await update()).written, ['adds/a/expected.yaml', 'adds/b/expected.yaml']);
  const again = await update();
  assert.deepEqual([again.written, again.wrong], [[], ['', '']]);
});

test('what did not change keeps its file to the letter', async (t) => {
  const text = '# why\nverdict:   allowed\n';
  const update = updating(t, { 'it/a/object.yaml': configMap(), 'it/a/expected.yaml': text });
  assert.deepEqual((await update()).written, []);
  assert.equal(update.read('it/a/expected.yaml'), text);
});

test('JSON stays JSON, and no YAML is laid beside it', async (t) => {
  const update = updating(t, {
    'it/a/object.yaml': configMap(),
    'it/a/expected.json': '{"verdict":"denied","responses":[]}',
  });
  assert.deepEqual((await update()).written, ['it/a/expected.json']);
  assert.equal(JSON.parse(update.read('it/a/expected.json')).verdict, 'allowed');
  assert.ok(!existsSync(join(update.root, 'it/a/expected.yaml')));
});

test('what was left out stays left out: responses, and the object', async (t) => {
  const update = updating(t, { 'adds/a/object.yaml': configMap(), 'adds/a/expected.yaml': 'verdict: allowed' }, [adds]);
  await update();
  assert.equal(update.read('adds/a/expected.yaml'), 'verdict: patched\n');
});

test('the object is written where it was expected', async (t) => {
  const update = updating(
    t,
    {
      'adds/a/object.yaml': configMap(),
      'adds/a/expected.yaml': { verdict: 'allowed', object: {} },
    },
    [adds],
  );
  await update();
  assert.match(update.read('adds/a/expected.yaml'), /^verdict: patched\nobject:\n {2}apiVersion: v1\n/);
});

test('a pattern stays where it matches, and goes where it does not', async (t) => {
  const status = (message: string, code: number) => ({ verdict: 'denied', responses: [{ status: { message, code } }] });
  const files = { 'it/a/object.yaml': configMap({ data: { no: 'never ever' } }) };
  const matching = updating(t, { ...files, 'it/a/expected.yaml': status('/never .*/', 1) });
  await matching();
  assert.match(matching.read('it/a/expected.yaml'), /message: \/never \.\*\/\n/);
  const other = updating(t, { ...files, 'it/a/expected.yaml': status('/always/', 1) });
  await other();
  assert.match(other.read('it/a/expected.yaml'), /message: "?'?\[it\] never ever"?'?\n/);
});

test('numbers keep their digits', async (t) => {
  const labels = mutatingRule({
    name: 'labels',
    kind: ConfigMap,
    operations: ['CREATE'],
    mutate({ metadata }) {
      metadata.labels = { a: 'b' };
    },
  });
  const files = {
    'labels/a/object.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\nsize: 9007199254740993\n',
    'labels/a/expected.yaml': 'object: {}',
  };
  const update = updating(t, files, [labels]);
  await update();
  assert.match(update.read('labels/a/expected.yaml'), /size: 9007199254740993\n/);
  assert.deepEqual((await update()).wrong, ['']);
});

test('a case that cannot be read is left as it is', async (t) => {
  const update = updating(t, { 'it/a/object.yaml': 'a: [' });
  assert.deepEqual((await update()).written, []);
});

test('what is expected of a rule that is not in force is left as it is: it may only not have been loaded', async (t) => {
  const text = 'verdict: denied\n';
  const update = updating(t, { 'other/a/object.yaml': configMap(), 'other/a/expected.yaml': text });
  assert.deepEqual((await update()).written, []);
  assert.equal(update.read('other/a/expected.yaml'), text);
});

test('a file that cannot be written is told by its name', {
  skip: process.getuid?.() === 0 && 'root may write all',
}, async (t) => {
  const update = updating(t, { 'it/a/object.yaml': configMap() });
  chmodSync(join(update.root, 'it/a'), 0o500);
  try {
    await assert.rejects(update(), { message: /^it\/a\/expected\.yaml: it cannot be written: EACCES/ });
  } finally {
    // Before the folder is removed.
    chmodSync(join(update.root, 'it/a'), 0o700);
  }
});

test('that a case became one in which its rule is not asked is said of the file', async (t) => {
  const update = updating(t, { 'it/a/oldObject.yaml': configMap(), 'it/b/object.yaml': configMap() });
  assert.deepEqual((await update()).written, [
    'it/a/expected.yaml, which says that nobody asks it (notCalled)',
    'it/b/expected.yaml',
  ]);
});

function updating(t: Parameters<typeof folderOf>[0], files: Files, rules: readonly Rule[] = [it]) {
  const root = folderOf(t, files);
  const context = contextOf(rules, root);
  const update = async () => {
    const { cases } = await run(findCases([root], context.shown), context);
    return { wrong: cases.map(wrongs), written: updateExpected(cases, context.shown) };
  };
  return Object.assign(update, { root, read: (path: string) => readFileSync(join(root, path), 'utf8') });
}
