import assert from 'node:assert/strict';
import { test } from 'node:test';
import { markdownReport } from '../../replay/reports/markdown.ts';
import { fenced, inline } from '../../replay/reports/markdown-text.ts';
import { caseOf, hostile, madeRun, quiet } from './reports-made-run.ts';

test('nothing that a name or a message holds is markup, ends its block, or calls anybody', async (t) => {
  const { result, shown } = await madeRun(t, hostile);
  const report = markdownReport(result, { isVerbose: false, hasCoverage: true, shown });
  assert.doesNotMatch(report.replaceAll('\n', ''), /[\p{Cc}\p{Cs}\u202e]/u);
  // What stands in a fence is no markup; of the rest, only our own is.
  const outside = report.replace(/^(`{3,})diff\n(?:.*\n)*?\1$/gm, '');
  const markup = /<(?!\/?(?:details|summary)>|!-- -->)|`|&(?!#\d+;)|@|(?<!^#*)#(?!\d*;|#)|\*|_|\[/gm;
  assert.deepEqual(outside.match(markup), null, outside);
  assert.equal(outside.match(/<details>/g)?.length, 3);
  for (const row of outside.match(/^\|.*$/gm)?.slice(0, 5) ?? []) assert.equal(row.split('|').length, 5, row);
});

const escaped: readonly (readonly [text: string, expected: string])[] = [
  ['says nothing else', 'says nothing else'],
  ['a|b', 'a&#124;b'],
  ['@team', '&#64;<!-- -->team'],
  ['see #1', 'see &#35;<!-- -->1'],
  ['https://example.com', 'https&#58;//example.com'],
  ['two\nlines', 'two\\u{a}lines'.replace('\\', '&#92;').replace('{', '&#123;').replace('}', '&#125;')],
];
for (const [text, expected] of escaped) {
  test(`in a line, ${JSON.stringify(text)} is what is read`, () => assert.equal(inline(text), expected));
}

test('a fence is longer than what could end it', () => {
  assert.equal(fenced('diff', ['- ````', '+ ```']), '`````diff\n- ````\n+ ```\n`````');
});

test('a case that passes with a warning is told of, and a hundred of them are told of in part', async (t) => {
  const { result, shown } = await madeRun(t, caseOf('data-says/admits', {}, quiet));
  const breach = { invariant: 'the order of webhooks does not matter', text: 'it | does', isWarning: true } as const;
  const cases = result.cases.map((one) => (one.outcome === 'broken' ? one : { ...one, breaches: [breach] }));
  const reported = (all: typeof cases) => markdownReport({ ...result, cases: all }, { isVerbose: false, shown });
  assert.match(
    reported(cases),
    /^### Warnings\n\n- data-says\/admits: warning: broken invariant "the order .*it &#124; does$/m,
  );
  const many = reported(Array.from({ length: 100 }, () => cases).flat());
  assert.match(many, /^- and 50 more$/m);
  assert.equal(many.match(/^- data-says\/admits/gm)?.length, 50);
});

test('a comment of GitHub has room for it, however much has failed', async (t) => {
  const names = Array.from({ length: 300 }, (_, at) => `data-says/is-not-${'as-expected-'.repeat(10)}${at}`);
  const files = Object.assign({}, ...names.map((name) => caseOf(name, { deny: 'no '.repeat(100) }, quiet)));
  const { result, shown } = await madeRun(t, files);
  const report = markdownReport(result, { isVerbose: false, hasCoverage: true, shown });
  assert.ok(report.length < 65_536, `${report.length} characters`);
  assert.match(report, /^and 250 more$/m);
  assert.match(report, /^The details of \d+ more cases have no room here\.$/m);
  assert.match(report, /^### Coverage/m);
});
