import assert from 'node:assert/strict';
import { test } from 'node:test';
import jsonPatch from 'fast-json-patch';
import { type JsonReport, jsonReport } from '../../replay/reports/json.ts';
import { everyMismatch, hostile, madeRun } from './reports-made-run.ts';

test('programs read of each case its outcome, what each rule decided, and what is wrong with file and line', async (t) => {
  const { result, shown } = await madeRun(t, everyMismatch);
  const report = JSON.parse(jsonReport(result, { shown })) as JsonReport;
  assert.equal(report.version, 1);
  assert.deepEqual(report.counts, { cases: 11, passed: 4, failed: 5, broken: 2, calls: 16 });
  const outcomes = report.cases.map(({ folder, outcome, verdict }) => [folder, outcome, verdict]);
  assert.deepEqual(outcomes.slice(0, 3), [
    ['copies-a/copies', 'passed', 'patched'],
    ['copies-a/copies-something-else', 'failed', 'patched'],
    ['copies-a/has-a-broken-file', 'broken', undefined],
  ]);
  const [, other, broken] = report.cases;
  assert.deepEqual(
    other?.decisions?.map(({ webhook, rule, decision }) => [webhook, rule, decision]),
    [
      ['copies.example.com', 'copies-a', 'mutate'],
      ['policy.example.com', 'data-says', 'allow'],
    ],
  );
  const [finding] = broken?.findings ?? [];
  assert.deepEqual(
    [finding?.kind, finding?.file, finding?.line],
    ['broken', 'copies-a/has-a-broken-file/object.yaml', 2],
  );
});

test('the operations of a finding make the patch that came of the one that was expected', async (t) => {
  const { result, shown } = await madeRun(t, everyMismatch);
  const { cases } = JSON.parse(jsonReport(result, { shown })) as JsonReport;
  const operations = cases[1]?.findings[0]?.operations;
  const expected = [{ op: 'add', path: '/data/b', value: '2' }];
  const came = jsonPatch.applyPatch(expected, operations ?? [], true).newDocument;
  assert.deepEqual(came, [{ op: 'add', path: '/data/b', value: '1' }]);
});

test('coverage is in it, asked for or not', async (t) => {
  const { result, shown } = await madeRun(t, everyMismatch);
  const { coverage } = JSON.parse(jsonReport(result, { shown })) as JsonReport;
  assert.equal(coverage.percent, 100);
  assert.deepEqual(coverage.rules[0]?.outcomes, [
    { outcome: 'mutate', operation: 'CREATE', cases: 2 },
    { outcome: 'skip', reason: 'no_a', operation: 'CREATE', cases: 6 },
  ]);
});

test('hostile texts are JSON, and well-formed Unicode', async (t) => {
  const { result, shown } = await madeRun(t, hostile);
  const text = jsonReport(result, { shown });
  assert.equal((JSON.parse(text) as JsonReport).counts.cases, 3);
  assert.ok(text.isWellFormed());
});
