import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ConfigMap, deny, mutatingRule, type Rule, validatingRule } from '../author.ts';
import { noLookups } from '../webhook/lookup.ts';
import { rulesInForce } from '../webhook/match.ts';
import { readCase } from './case.ts';
import { type Replayed, replay } from './replay-case.ts';

const OBJECT = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, labels: { team: web } }\ndata: { key: s3cret }\n';
const NAMESPACE = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: default, labels: { stage: test } }\n';

const once = mutatingRule({
  name: 'once',
  kind: ConfigMap,
  operations: ['CREATE'],
  selectors: {
    team: { objectSelector: { matchLabels: { team: 'web' } } },
    stage: { namespaceSelector: { matchExpressions: [{ key: 'stage', operator: 'In', values: ['test'] }] } },
  },
  mutate(draft) {
    draft.metadata.annotations = { seen: 'true' };
  },
});
const never = mutatingRule({
  name: 'never-done',
  kind: ConfigMap,
  operations: ['CREATE'],
  mutate(draft) {
    draft.metadata.annotations = { seen: `${draft.metadata.annotations?.seen ?? ''}again` };
  },
});
const leaky = validatingRule({
  name: 'leaky',
  kind: ConfigMap,
  operations: ['CREATE'],
  validate: (object) => deny(`key must not be ${object.data?.key}`),
});

const faults: { sentence: string; rule?: Rule; files: { [name: string]: string }; error: RegExp }[] = [
  { sentence: 'a folder with no input', files: { 'expected.yaml': 'verdict: allowed' }, error: /no review\.json, / },
  { sentence: 'a misspelt file', files: { 'object.yaml': OBJECT, 'oldobject.yaml': OBJECT }, error: /oldobject\.yaml/ },
  {
    sentence: 'a request with a misspelt member',
    files: { 'object.yaml': OBJECT, 'request.yaml': 'dryrun: true' },
    error: /request\.yaml: dryrun: known are/,
  },
  {
    sentence: 'a cluster without the namespace of the request',
    files: { 'object.yaml': OBJECT, 'cluster.yaml': NAMESPACE, 'request.yaml': 'namespace: web' },
    error: /cluster\.yaml: no Namespace web/,
  },
  {
    sentence: 'an object that the rule is not for',
    files: { 'object.yaml': OBJECT.replace('ConfigMap', 'Secret') },
    error: /the rule once is not for v1 Secret/,
  },
  { sentence: 'YAML that is none', files: { 'object.yaml': 'a: [' }, error: /object\.yaml: / },
  {
    sentence: 'two webhooks at once',
    files: { 'object.yaml': OBJECT, 'cluster.yaml': NAMESPACE },
    error: /2 webhooks/,
  },
  {
    sentence: 'a review that the engine does not read',
    files: { 'review.json': malformed() },
    error: /not reach once/,
  },
  { sentence: 'a rule that is never done', rule: never, files: { 'object.yaml': OBJECT }, error: /a second review/ },
  { sentence: 'a rule that repeats a secret', rule: leaky, files: { 'object.yaml': OBJECT }, error: /the secret/ },
];
for (const { sentence, rule = once, files, error } of faults) {
  test(`${sentence} fails`, async (t) => {
    await assert.rejects(replayed(t, files, rule), error);
  });
}

test('the labels of the object and of its namespace decide who is called', async (t) => {
  const unlabelled = OBJECT.replace('web', 'db');
  const by = async (files: { [name: string]: string }) => JSON.stringify((await replayed(t, files)).expected);
  assert.match(await by({ 'object.yaml': OBJECT }), /"team\.policy\.extensions\.example\.com"/);
  assert.match(await by({ 'object.yaml': unlabelled, 'cluster.yaml': NAMESPACE }), /"stage\.policy\./);
  const { expected, did } = await replayed(t, { 'object.yaml': unlabelled });
  assert.equal(did, 'not called');
  assert.deepEqual(expected, {
    notCalled:
      'the objectSelector of team.policy.extensions.example.com does not match; the namespaceSelector of stage.policy.extensions.example.com does not match',
  });
});

test('the bytes of a review.json arrive as they are', (t) => {
  const given = '{"request": {"object": {"n": 9007199254740993}}}';
  assert.equal(readCase(folderOf(t, { 'review.json': given }), once).bytes.toString(), given);
});

async function replayed(t: TestContext, files: { [name: string]: string }, rule: Rule = once): Promise<Replayed> {
  const rules = rulesInForce([{ rule, settings: {}, mode: 'enforce' }]);
  return replay(readCase(folderOf(t, files), rule), rule, { rules, lookups: noLookups, now: () => 0 });
}

function folderOf(t: TestContext, files: { [name: string]: string }): string {
  const folder = mkdtempSync(join(tmpdir(), 'case-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** Sent where the configuration says, and no AdmissionReview v1: it has no uid. */
function malformed(): string {
  const resource = { group: '', version: 'v1', resource: 'configmaps' };
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { labels: { team: 'web' } } };
  const request = { operation: 'CREATE', resource, namespace: 'default', object, oldObject: null };
  return JSON.stringify({ kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', request });
}
