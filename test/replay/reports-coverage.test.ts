import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coveredPercent, ownCoverage } from '../../replay/coverage.ts';
import { markdownReport } from '../../replay/reports/markdown.ts';
import { textReport } from '../../replay/reports/text.ts';
import { configMap, type Files } from './case-files.ts';
import { caseOf, copy, madeRun, quiet, refusal } from './reports-made-run.ts';

const admits = caseOf('data-says/admits', {}, quiet);
const refuses = caseOf('data-says/refuses', { deny: 'wrong' }, refusal('[data-says] wrong'));
const warns = caseOf('data-says/warns', { warn: 'so so' });
const fails = caseOf('data-says/fails', { fail: 'why not' });
const copies = caseOf('copies-a/copies', { a: '1' }, copy('1'));
const leaves = caseOf('copies-a/leaves-alone', {}, quiet);
const deletes = {
  'copies-a/is-not-asked/oldObject.yaml': configMap(),
  'copies-a/is-not-asked/expected.yaml': 'notCalled: copies.example.com is not for DELETE of configmaps\n',
};

const validating: readonly (readonly [sentence: string, files: Files, missing: readonly string[]])[] = [
  ['no case', {}, ['a case that it admits', 'a case that it refuses, or warns of']],
  ['one that it admits', admits, ['a case that it refuses, or warns of']],
  ['one that it refuses', refuses, ['a case that it admits']],
  ['one that it warns of', warns, ['a case that it admits without a warning']],
  ['one in which it fails', fails, ['a case that it admits', 'a case that it refuses, or warns of']],
  ['one that it admits and one that it refuses', { ...admits, ...refuses }, []],
  ['one that it admits and one that it warns of', { ...admits, ...warns }, []],
];
for (const [sentence, files, missing] of validating) {
  test(`a validating rule with ${sentence} lacks ${missing.join(' and ') || 'nothing'}`, async (t) => {
    const { result } = await madeRun(t, files);
    assert.deepEqual(result.coverage.find(({ rule }) => rule === 'data-says')?.missing, missing);
  });
}

const mutating: readonly (readonly [sentence: string, files: Files, missing: readonly string[]])[] = [
  ['no case', {}, ['a case that it changes', 'a case that it leaves alone']],
  ['one that it changes', copies, ['a case that it leaves alone']],
  ['one that it leaves alone', leaves, ['a case that it changes']],
  ['one of each', { ...copies, ...leaves }, []],
  ['one that it changes and one that nobody asks it about', { ...copies, ...deletes }, []],
];
for (const [sentence, files, missing] of mutating) {
  test(`a mutating rule with ${sentence} lacks ${missing.join(' and ') || 'nothing'}`, async (t) => {
    const { result } = await madeRun(t, files);
    assert.deepEqual(result.coverage.find(({ rule }) => rule === 'copies-a')?.missing, missing);
  });
}

test('outcomes are counted by operation, skips by reason, and operations that no case is about are named', async (t) => {
  const update = {
    'data-says/fails-at-an-update/object.yaml': configMap({ data: { fail: 'why not' } }),
    'data-says/fails-at-an-update/oldObject.yaml': configMap(),
  };
  const { result } = await madeRun(t, { ...admits, ...fails, ...update });
  assert.deepEqual(result.coverage[1], {
    rule: 'data-says',
    phase: 'validating',
    outcomes: [
      { outcome: 'allow', operation: 'CREATE', cases: 1 },
      { outcome: 'failure', operation: 'CREATE', cases: 1 },
      { outcome: 'failure', operation: 'UPDATE', cases: 1 },
    ],
    missing: ['a case that it refuses, or warns of'],
    unasked: [],
  });
  assert.deepEqual(result.coverage[0]?.outcomes, [{ outcome: 'skip', reason: 'no_a', operation: 'CREATE', cases: 2 }]);
  assert.deepEqual((await madeRun(t, admits)).result.coverage[1]?.unasked, ['UPDATE']);
});

test('what is not covered is told whether coverage was asked for or not', async (t) => {
  const { result, shown } = await madeRun(t, { ...admits, ...copies, ...leaves });
  const missing = 'data-says lacks a case that it refuses, or warns of';
  for (const hasCoverage of [false, true]) {
    const options = { isVerbose: false, hasCoverage, shown };
    assert.ok(textReport(result, options).includes(`1 of 2 rules are covered (50 %)\n`));
    assert.ok(textReport(result, options).includes(`  ${missing}\n`));
    assert.ok(markdownReport(result, options).includes(`- ${missing}\n`));
  }
});

test('per cent are rounded down, so that a hundred is all of them, and none of none is all', async (t) => {
  const { result } = await madeRun(t, { ...admits, ...copies, ...leaves });
  const [covered, uncovered] = result.coverage;
  assert.ok(covered !== undefined && uncovered !== undefined);
  assert.equal(coveredPercent([covered, covered, uncovered]), 66);
  assert.equal(coveredPercent([...Array.from({ length: 999 }, () => covered), uncovered]), 99);
  assert.equal(coveredPercent([covered]), 100);
  assert.equal(coveredPercent([]), 100);
});

test('the rules of others count where a case is about them', async (t) => {
  const { result } = await madeRun(t, { ...admits, ...refuses });
  const names = (others: string[]) => ownCoverage(result.coverage, result.cases, others).map(({ rule }) => rule);
  assert.deepEqual(names([]), ['copies-a', 'data-says']);
  assert.deepEqual(names(['copies-a', 'data-says']), ['data-says']);
});
