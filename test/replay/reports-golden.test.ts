import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { junitReport } from '../../replay/reports/junit.ts';
import { markdownReport } from '../../replay/reports/markdown.ts';
import { textReport } from '../../replay/reports/text.ts';
import { everyMismatch, type MadeRun, madeRun } from './reports-made-run.ts';

const times = { startedAt: '2026-01-02T03:04:05', seconds: [0.25, 0.5] };

/** The file of `test/replay/reports/` that holds what is expected; UPDATE=1 writes it. */
const reports: { readonly [file: string]: (run: MadeRun) => string } = {
  'every-mismatch.txt': ({ result, shown }) => textReport(result, { isVerbose: false, shown }),
  'every-mismatch-verbose.txt': ({ result, shown }) =>
    textReport(result, { isVerbose: true, hasCoverage: true, shown }),
  'every-mismatch.md': ({ result, shown }) => markdownReport(result, { isVerbose: false, hasCoverage: true, shown }),
  'every-mismatch.xml': ({ result, shown }) => junitReport(result, { isVerbose: true, shown }, times),
};

for (const [file, report] of Object.entries(reports)) {
  test(`a run in which something of everything is wrong is told as in ${file}`, async (t) => {
    const path = new URL(`reports/${file}`, import.meta.url);
    const actual = report(await madeRun(t, everyMismatch));
    if (process.env.UPDATE === '1') writeFileSync(path, actual);
    assert.equal(actual, readFileSync(path, 'utf8'));
  });
}
