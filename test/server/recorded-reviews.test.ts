import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiServerVerdict, type Verdict } from '../../replay/api-server-verdict.ts';
import { type Answer, keptAlive, post } from './client.ts';
import { everyOutcome, mark } from './every-outcome.ts';
import { type Recorded, recordedKinds, recordedReviews } from './recorded.ts';
import { serving } from './serving.ts';

// Every review that a real API server sent, answered by a rule of each kind, and judged as the API server would.
interface Expected {
  readonly kind: Verdict['kind'];
  readonly failurePolicy?: 'Ignore';
  readonly check: (verdict: Verdict, review: Recorded, answer: Answer) => void;
}

const says =
  (message: string) =>
  (verdict: Verdict): void =>
    assert.equal('message' in verdict && verdict.message, message);
const stays = (verdict: Verdict, { request }: Recorded): void =>
  assert.deepEqual('object' in verdict && verdict.object, request.object);
const toldOf =
  (rule: string) =>
  (verdict: Verdict, review: Recorded): void => {
    stays(verdict, review);
    assert.ok(verdict.kind === 'allowed');
    assert.deepEqual(verdict.warnings, [`[${rule}] failed: Error: out of order`]);
    const told = isSecret(review) ? 'failed' : 'failed: Error: out of order';
    assert.deepEqual(verdict.auditAnnotations, { [rule]: told });
  };
const failsWith =
  (rule: string, why: string) =>
  (verdict: Verdict, review: Recorded): void => {
    const told = isSecret(review) ? ' (what it said is not shown for a Secret)' : `: ${why}`;
    says(`failed to call webhook: rule ${rule} failed${told}`)(verdict);
  };
const isSecret = ({ request }: Recorded): boolean => request.kind.kind === 'Secret';

const mutating: { [rule: string]: Expected } = {
  marks: {
    kind: 'patched',
    check(verdict, { request }) {
      const marked = structuredClone(request.object ?? {});
      mark(marked);
      assert.deepEqual('object' in verdict && verdict.object, marked);
    },
  },
  'looks-on': { kind: 'allowed', check: stays },
  skips: { kind: 'allowed', check: stays },
  refuses: { kind: 'rejected', check: says('denied the request: [refuses] not like this') },
  breaks: { kind: 'call-failure', check: failsWith('breaks', 'Error: out of order') },
  'may-break': { kind: 'allowed', failurePolicy: 'Ignore', check: toldOf('may-break') },
  'makes-nonsense': {
    kind: 'call-failure',
    check: failsWith('makes-nonsense', 'Error: /metadata/labels[marked] must be a string, not a number'),
  },
};

const validating: { [rule: string]: Expected } = {
  admits: { kind: 'allowed', check: stays },
  warns: {
    kind: 'allowed',
    check: (verdict) =>
      assert.deepEqual('warnings' in verdict && verdict.warnings, ['[warns] be careful', '[warns] and quick']),
  },
  denies: { kind: 'rejected', check: says('denied the request: [denies] not today\n[denies] nor tomorrow') },
  'finds-faults': {
    kind: 'rejected',
    check(verdict, { request }, { body }) {
      const { group, kind } = request.kind;
      const { status } = JSON.parse(body).response;
      assert.equal(status.code, 422);
      assert.equal(status.reason, 'Invalid');
      const { name: own, generateName } = (request.object ?? request.oldObject)?.metadata ?? {};
      const name = request.name || own || generateName || '';
      const causes = [
        { reason: 'FieldValueInvalid', message: 'Invalid value: 1: must be 2', field: 'a.b[0]' },
        { reason: 'FieldValueRequired', message: 'Required value', field: 'c' },
      ];
      assert.deepEqual(status.details, { name, group, kind, causes });
      const subject = group === '' ? kind : `${kind}.${group}`;
      const list = '[a.b[0]: Invalid value: 1: must be 2, c: Required value]';
      says(`denied the request: ${subject} "${name}" is invalid: ${list}`)(verdict);
    },
  },
  'finds-both': {
    kind: 'rejected',
    check: says('denied the request: [finds-both] not today\n[finds-both] c: Required value'),
  },
  fails: { kind: 'call-failure', check: failsWith('fails', 'Error: out of order') },
  'may-fail': { kind: 'allowed', failurePolicy: 'Ignore', check: toldOf('may-fail') },
};

test('every recorded review over HTTPS', async (t) => {
  const reviews = recordedReviews();
  assert.equal(reviews.length, 38);
  const served = await serving(t, everyOutcome(recordedKinds()));
  const agent = keptAlive(t, served);
  let isFirst = true;

  const judged = async (phase: 'mutating' | 'validating', rule: string, review: Recorded, expected: Expected) => {
    const { kind, failurePolicy = 'Fail', check } = expected;
    const path = `/${phase === 'mutating' ? 'mutate' : 'validate'}/${rule}?timeout=5s`;
    const answer = await post(served, path, review.bytes, { agent });
    assert.equal(answer.isReused, !isFirst, 'the connection is kept alive');
    isFirst = false;
    const { status: httpStatus, headers, body } = answer;
    const { request } = review;
    const verdict = apiServerVerdict({ phase, request, failurePolicy, httpStatus, headers, body });
    assert.equal(verdict.kind, kind, `${rule}: ${body}`);
    if ('silently' in verdict) assert.deepEqual(verdict.silently, [], rule);
    check(verdict, review, answer);
  };

  for (const review of reviews) {
    await t.test(review.name, async () => {
      for (const [rule, expected] of Object.entries(validating)) await judged('validating', rule, review, expected);
      // No rule can be mutating and for DELETE: being asked is a fault of the configuration, and is told.
      const isDelete = review.request.operation === 'DELETE';
      for (const [rule, expected] of Object.entries(mutating)) {
        await judged(
          'mutating',
          rule,
          review,
          isDelete ? { kind: 'call-failure', check: configurationDiffers } : expected,
        );
      }
    });
  }
});

function configurationDiffers(verdict: Verdict): void {
  assert.match('message' in verdict ? verdict.message : '', /no mutating rule .* is for DELETE of .* differ/);
}
