import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { allow, ConfigMap, deny, kind, type Rule, validatingRule } from '../../author.ts';
import { readCase } from '../../replay/case.ts';
import { decisionLines } from '../../replay/reports/decision-lines.ts';
import { configMap, contextOf, type Files, folderOf, replayed, wrongs } from './case-files.ts';

const every = ['CREATE', 'UPDATE', 'DELETE'] as const;
const it = validatingRule({ name: 'it', kind: ConfigMap, operations: [...every], validate: () => allow() });

const object = configMap();
const other = configMap({ data: { key: 'old' } });

test("hidden files of systems and editors are nobody's", async (t) => {
  const files = {
    'object.yaml': object,
    '.DS_Store': 'x',
    '.object.yaml.swp': 'x',
    'expected.yaml': 'verdict: allowed',
  };
  assert.equal(wrongs(await replayed(t, [it], files)), '');
});

test('old and new object are two, and a rule may compare them', async (t) => {
  const frozen = validatingRule({
    name: 'frozen',
    kind: ConfigMap,
    operations: ['UPDATE'],
    validate: (now, { oldObject }) => (now.data?.key === oldObject?.data?.key ? allow() : deny('key is frozen')),
  });
  const verdict = async (files: Files) => (await replayed(t, [frozen], files)) as { described?: { verdict?: string } };
  assert.equal((await verdict({ 'object.yaml': object, 'oldObject.yaml': other })).described?.verdict, 'denied');
  assert.equal((await verdict({ 'object.yaml': other, 'oldObject.yaml': other })).described?.verdict, 'allowed');
});

test('the nearest cluster.yaml wins, and a missing Namespace is told of the file that has the others', async (t) => {
  const namespace = (name: string, stage: string) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { stage } },
  });
  const staged = validatingRule({
    name: 'staged',
    kind: ConfigMap,
    operations: ['CREATE'],
    selectors: { s: { namespaceSelector: { matchLabels: { stage: 'near' } } } },
    validate: () => allow(),
  });
  const called = async (files: Files) =>
    wrongs(await replayed(t, [staged], { 'object.yaml': object, 'expected.yaml': 'verdict: allowed', ...files }));
  const around = { '../../cluster.yaml': namespace('web', 'far') };
  assert.match(await called(around), /namespaceSelector of s\.policy\.example\.com does not match/);
  assert.equal(await called({ ...around, '../cluster.yaml': namespace('web', 'near') }), '');
  assert.equal(
    await called({ ...around, '../cluster.yaml': namespace('web', 'far'), 'cluster.yaml': namespace('web', 'near') }),
    '',
  );
  assert.equal(
    await called({ '../cluster.yaml': namespace('db', 'near') }),
    'staged/cluster.yaml: there is no Namespace web; there is db',
  );
});

test('rules look up what the cluster of the case holds, in the namespace of the request', async (t) => {
  const looking: Rule = validatingRule({
    name: 'looking',
    kind: ConfigMap,
    operations: ['CREATE'],
    lookups: { twin: { kind: ConfigMap, name: () => 'twin' } },
    validate: (_, { found }) =>
      found.twin === undefined ? deny('no twin') : allow(`twin in ${found.twin.metadata.namespace}`),
  });
  const twin = (metadata: object) => ({
    'object.yaml': object,
    'cluster.yaml': configMap({ metadata: { name: 'twin', ...metadata } }),
  });
  const said = async (files: Files) =>
    JSON.stringify(((await replayed(t, [looking], files)) as { described?: object }).described);
  assert.match(await said(twin({})), /twin in web/);
  assert.match(await said(twin({ namespace: 'web' })), /twin in web/);
  assert.match(await said(twin({ namespace: 'db' })), /no twin/);
  const told = async (files: Files) => decisionLines(await replayed(t, [looking], files)).join('\n');
  const missed = /^looked up, and taken not to exist: ConfigMap twin in namespace web$/m;
  assert.match(await told(twin({ namespace: 'db' })), missed);
  assert.doesNotMatch(await told(twin({})), missed);
});

test('a case folder may be given by a relative path, with dots, and with a slash at its end', (t) => {
  const root = folderOf(t, { 'it/it-works/object.yaml': object });
  const context = contextOf([it], root);
  for (const path of ['it/it-works', 'it/../it/it-works/', 'it/it-works/.']) {
    const { rule, sentence } = readCase(`${root}/${path}`, context);
    assert.deepEqual([rule, sentence], ['it', 'it works'], path);
  }
});

test('the bytes of a review.json arrive as they are', (t) => {
  const text =
    '{ "request": {"operation": "CREATE", "kind": {}, "resource": {}, "object": {"n": 9007199254740993, "f": 1.0}}}\n';
  const folder = join(folderOf(t, { 'it/it-works/review.json': text }), 'it/it-works');
  assert.equal(readCase(folder, contextOf([it])).bytes.toString(), text);
});

test('what a subresource alone carries is sent to the parent that a rule names', async (t) => {
  const PodExec = kind<object>({
    group: '',
    version: 'v1',
    kind: 'PodExecOptions',
    resource: 'pods/exec',
    scope: 'Namespaced',
  });
  const exec = validatingRule({
    name: 'exec',
    kind: PodExec,
    operations: ['CONNECT'],
    validate: () => deny('no exec'),
  });
  const files = {
    'object.yaml': 'apiVersion: v1\nkind: PodExecOptions\ncommand: [sh]\n',
    'request.yaml': { operation: 'CONNECT', subresource: 'exec', name: 'p', namespace: 'web' },
    'expected.yaml': { verdict: 'denied' },
  };
  assert.equal(wrongs(await replayed(t, [exec], files)), '');
});
