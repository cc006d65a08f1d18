import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { heardFrom } from '../../isolation/heard.ts';
import { about, isolated, looksUp } from './isolated.ts';

const asked = {
  uid: 'u',
  operation: 'CREATE',
  kind: 'Pod',
  resource: 'pods',
  namespace: 'web',
  name: 'p',
  user: 'jane',
  dryRun: false,
};
const ran = { rule: 'faulty', mode: 'enforce', decision: 'allow', operations: 0, seconds: 0.001 };
const summary = { verdict: 'allowed', asked, rules: [ran] };
const done = { job: 'a', ms: 1, otherMs: 0, status: 200, summary };
const waits = { job: 'a', ms: 1, otherMs: 0, wanted: [{ kind: 0, namespace: 'web', name: 'p' }] };
const NONSENSE = 'it sent what no worker sends';

describe('what a worker sends is taken for a message only in the very shape of one', () => {
  const known = new Set(['faulty']);
  for (const header of [{ isReady: true }, { unable: 'a' }, { failure: 'a' }, { job: 'a', rule: 0 }, done, waits]) {
    test(`taken: ${JSON.stringify(header).slice(0, 60)}`, () => assert.deepEqual(heardFrom(header, known), header));
  }
  const sentences: readonly [sentence: string, header: unknown][] = [
    ['nothing', null],
    ['a list', [done]],
    ['a text', 'isReady'],
    ['ready, but not quite', { isReady: 1 }],
    ['a review without a name', { ...done, job: 1 }],
    ['a rule before the first', { job: 'a', rule: -1 }],
    ['a rule behind the last', { job: 'a', rule: 1 }],
    ['half a rule', { job: 'a', rule: 0.5 }],
    ['a time that is none', { ...done, ms: 'long' }],
    ['a time that no clock tells', { ...done, otherMs: -1 }],
    ['a status that no review has', { ...done, status: 201 }],
    ['no summary', { ...done, summary: undefined }],
    ['a verdict of its own', { ...done, summary: { ...summary, verdict: 'maybe' } }],
    ['a reason that is no text', { ...done, summary: { ...summary, reason: {} } }],
    ['a request of nothing', { ...done, summary: { ...summary, asked: { ...asked, kind: undefined } } }],
    ['an operation of its own', { ...done, summary: { ...summary, asked: { ...asked, operation: 'x' } } }],
    ['a user that is no text', { ...done, summary: { ...summary, asked: { ...asked, user: 7 } } }],
    ['no rules', { ...done, summary: { ...summary, rules: {} } }],
    ['a rule that nobody has loaded', { ...done, summary: { ...summary, rules: [{ ...ran, rule: 'x' }] } }],
    ['a decision of its own', { ...done, summary: { ...summary, rules: [{ ...ran, decision: 'x' }] } }],
    ['operations without a number', { ...done, summary: { ...summary, rules: [{ ...ran, operations: '1' }] } }],
    ['lookups that are no list', { ...waits, wanted: { length: 1 } }],
    ['a lookup of no name', { ...waits, wanted: [{ kind: 0, namespace: 'web' }] }],
  ];
  for (const [sentence, header] of sentences) {
    test(`not taken: ${sentence}`, () => assert.equal(heardFrom(header, known), undefined));
  }

  test('texts are cut, whatever they are', () => {
    const { failure } = heardFrom({ failure: 'x'.repeat(1e6) }, known) as { failure: string };
    assert.equal(failure.length, 20_000);
  });
});

describe('a worker that sends what none sends is ended, and its review is decided by another', () => {
  const huge = Buffer.alloc(8, 0xff).toString('hex');
  const table: readonly [sentence: string, how: string, text: string, why: RegExp][] = [
    ['an answer to a review that is not its own', 'lines', JSON.stringify({ ...done, job: '1' }), RegExp(NONSENSE)],
    ['a rule that is none of the rules', 'lines', '{"job":"JOB","rule":1e9}', RegExp(NONSENSE)],
    [
      'a message twice',
      'lines',
      `${JSON.stringify({ ...waits, job: 'JOB' })}\n${JSON.stringify({ ...done, job: 'JOB' })}`,
      RegExp(NONSENSE),
    ],
    ['a length that no message has', 'bytes', huge, /^it sent more than a worker has to say$/],
    ['bytes that are no JSON', 'bytes', '0200000000000000fefe', RegExp(NONSENSE)],
    ['half a message, and its end', 'half', '{"failure":"x"}', /^it ended its process with code 0$/],
  ];
  for (const [sentence, how, text, why] of table) {
    test(sentence, async (t) => {
      const worker = join(import.meta.dirname, 'fake-worker.ts');
      const first = () =>
        spawn(process.execPath, [worker, how, text], { stdio: ['ignore', 'inherit', 'inherit', 'pipe'] });
      const lookups = { find: () => new Promise(() => {}) };
      const workers = await isolated(t, { size: 1, first, lookups });
      const { allowed, message } = await workers.review({}, { seconds: 30 });
      assert.equal(allowed, true, message);
      const [[reason] = [], ...others] = workers.log.filter(([said]) => said !== 'x');
      assert.match(String(reason), why);
      assert.deepEqual(others, [], 'and nobody else is to blame');
    });
  }
});

test('a review has the answer of its own worker while others answer theirs', async (t) => {
  const lookups = {
    async find(_: unknown, __: string, name: string) {
      return { metadata: { name }, data: { value: name } };
    },
  };
  const workers = await isolated(t, { lookups });
  const all = Array.from({ length: 300 }, async (_, i) => {
    const { warnings } = await workers.review(about({ first: `n${i}` }), looksUp);
    assert.equal(warnings?.[0], `[looks-up] first: n${i}`);
  });
  await Promise.all(all);
});
