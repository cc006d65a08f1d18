import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { textReport } from '../../replay/reports/text.ts';
import { caseOf, copy, everyMismatch, hostile, madeRun, quiet } from './reports-made-run.ts';

test('a run without a fault is a line for each case, and how many there were', async (t) => {
  const { result, shown } = await madeRun(t, {
    ...caseOf('data-says/admits', {}, quiet),
    ...caseOf('copies-a/copies', { a: '1' }, copy('1')),
  });
  const uncovered = '1 of 2 rules are covered (50 %)\n  data-says lacks a case that it refuses, or warns of\n';
  assert.equal(
    textReport(result, { isVerbose: false, shown }),
    `copies-a\n  ✓ copies\n\ndata-says\n  ✓ admits\n\n${uncovered}2 of 2 cases passed (webhooks were called 4 times)\n`,
  );
});

test('what is lost from the end of a list, and what comes besides, is told by the operations that differ', async (t) => {
  const more = '        - op: add\n          path: /data/c\n          value: x\n'.replaceAll('        ', '      ');
  const { result, shown } = await madeRun(t, {
    ...caseOf('copies-a/copies-twice', { a: '1' }, copy('1').replace('value: "1"\n', `value: "1"\n${more}`)),
    ...caseOf('copies-a/does-nothing', { a: '1' }, quiet),
  });
  const report = textReport(result, { isVerbose: false, shown });
  assert.match(report, /patch of copies\.example\.com\n +- add \/data\/c "x"\n +@ data\n(?: {10}.*\n)+ +- {3}c: x\n/);
  assert.match(report, /patch of copies\.example\.com: no patch was expected\n +\+ add \/data\/b "1"\n/);
});

test('a patch that could not be applied is said to be one', async (t) => {
  const expected = copy('1').replace('path: /data/b', 'path: /nowhere/b');
  const { result, shown } = await madeRun(t, caseOf('copies-a/copies', { a: '1' }, expected));
  assert.match(textReport(result, { isVerbose: false, shown }), /@ the patch expected does not apply to the object\n/);
});

test('a pattern that matched is no difference beside one', async (t) => {
  const expected = copy('/^[0-9]$/').replace('path: /data/b', 'path: /data/c');
  const { result, shown } = await madeRun(t, caseOf('copies-a/copies', { a: '1' }, expected));
  const report = textReport(result, { isVerbose: false, shown });
  assert.match(report, /- add \/data\/c "1"\n +\+ add \/data\/b "1"\n/);
});

test('the object is told by what differs where it is expected', async (t) => {
  const object =
    'object:\n  apiVersion: v1\n  kind: ConfigMap\n  metadata: { namespace: web, name: a }\n  data: { a: x, b: "1" }\n';
  const { result, shown } = await madeRun(t, caseOf('copies-a/copies', { a: '1' }, `${copy('1')}${object}`));
  const report = textReport(result, { isVerbose: false, shown });
  assert.match(report, /expected\.yaml:21: object: as stored\n +@ data\n/);
  assert.match(report, / {8}- {3}a: x\n {8}\+ {3}a: "1"\n {12}b: "1"\n/);
});

test('colours are a matter of the terminal: without them the report is the same', async (t) => {
  const { result, shown } = await madeRun(t, everyMismatch);
  const plain = textReport(result, { isVerbose: true, shown });
  const coloured = textReport(result, { isVerbose: true, shown, isColoured: true });
  assert.equal(stripVTControlCharacters(coloured), plain);
  assert.ok(coloured.includes('\u001b[31m        - "allowed"\u001b[39m'));
  assert.ok(!plain.includes('\u001b'));
});

test('nothing that a message or a name holds is obeyed by a terminal, hidden from people, or begins a line', async (t) => {
  const { result, shown } = await madeRun(t, hostile);
  const report = textReport(result, { isVerbose: true, hasCoverage: true, shown });
  assert.doesNotMatch(report.replaceAll('\n', ''), /[\p{Cc}\p{Cs}\u202e]/u);
  assert.ok(report.includes('\\u{1b}[2J'));
  assert.doesNotMatch(report, /^\s*::/m);
});
