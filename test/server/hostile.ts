import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allow, ConfigMap, mutatingRule, type Rule, Secret, validatingRule } from '../../author.ts';
import { apiServerVerdict, type Verdict } from '../../replay/api-server-verdict.ts';
import { type Answer, type Departures, post } from './client.ts';
import { recordedReview, type Tree } from './recorded.ts';
import type { Serving } from './serving.ts';

/** Stands in every hostile body where a password might: nobody may repeat it. */
export const MARKER = 'hunter2-must-not-be-shown';

/** Rules of the webhook `policy` as they are everywhere: one that edits, two that look. */
export const policy: readonly Rule[] = [
  mutatingRule({
    name: 'labels',
    kind: [ConfigMap, Secret],
    operations: ['CREATE', 'UPDATE'],
    mutate(draft) {
      draft.metadata.labels = { ...draft.metadata.labels, marked: 'yes' };
    },
  }),
  ...['first', 'second'].map((name) =>
    validatingRule({
      name,
      kind: [ConfigMap, Secret],
      operations: ['CREATE', 'UPDATE', 'DELETE'],
      validate: () => allow(),
    }),
  ),
];

/** A recorded review of a ConfigMap (CREATE unless said), with the marker in its data, and with this change. */
export function reviewWith(change: (review: Tree) => void = () => {}, operation = 'CREATE'): Buffer {
  const recorded = recordedReview(`kube-1.20/${RECORDED[operation]}-configmaps-a`);
  const review = JSON.parse(recorded.bytes.toString('utf8')) as Tree;
  const { request } = review;
  (request.object ?? request.oldObject).data.password = MARKER;
  change(review);
  return Buffer.from(JSON.stringify(review));
}

const RECORDED: { readonly [operation: string]: string } = {
  CREATE: '001-mutating-create',
  UPDATE: '005-mutating-update',
  DELETE: '012-validating-delete',
};

/** The answer's message, once it is sure that it is a v1 Status which says the same as the HTTP code. */
export function statusMessage({ status, headers, body }: Answer, code: number): string {
  assert.equal(status, code, body);
  assert.match(String(headers['content-type']), /^application\/json(; charset=utf-8)?$/);
  const { message, ...rest } = JSON.parse(body) as Tree;
  const reason = REASONS[code];
  assert.deepEqual(rest, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', reason, code });
  assert.equal(typeof message, 'string');
  assert.notEqual(message.trim(), '');
  return message;
}

/** apimachinery's meta/v1 StatusReason of each code; it has none for 431, and a bad request it is. */
const REASONS: { readonly [code: number]: string } = {
  400: 'BadRequest',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  408: 'Timeout',
  413: 'RequestEntityTooLarge',
  415: 'UnsupportedMediaType',
  429: 'TooManyRequests',
  431: 'BadRequest',
  500: 'InternalError',
  503: 'ServiceUnavailable',
};

/** What the API server makes of the answer to this review. */
export function verdictOn(path: string, review: Uint8Array, answer: Answer): Verdict {
  const { request } = JSON.parse(Buffer.from(review).toString('utf8')) as { request: unknown };
  const phase = path.startsWith('/mutate/') ? 'mutating' : 'validating';
  const { status: httpStatus, headers, body } = answer;
  return apiServerVerdict({ phase, request, failurePolicy: 'Fail', httpStatus, headers, body });
}

/** Good reviews get their answers, over a new connection, and the marker has not been shown anywhere. */
export async function assertUnharmed(served: Serving, ...answers: readonly Pick<Answer, 'body'>[]): Promise<void> {
  const good = reviewWith();
  const answer = await post(served, '/mutate/policy', good);
  assert.equal(verdictOn('/mutate/policy', good, answer).kind, 'patched', answer.body);
  const shown = [...answers.map(({ body }) => body), ...served.log.map((line) => JSON.stringify(line))];
  assert.deepEqual(
    shown.filter((text) => text.includes(MARKER)),
    [],
  );
  assert.deepEqual(Object.keys(Object.prototype), []);
}

/** A body that must be answered with a Status of this code, whose message tells this. */
export type Refused = readonly [code: number, body: string | Uint8Array, message: RegExp, departures?: Departures];

/** One test a row, each over a connection of its own. */
export function testRefusals(
  server: () => Promise<Serving>,
  path: string,
  rows: { [sentence: string]: Refused },
): void {
  for (const [sentence, [code, body, message, departures = {}]] of Object.entries(rows)) {
    test(sentence, async () => {
      const served = await server();
      const answer = await post(served, path, body, departures);
      assert.match(statusMessage(answer, code), message);
      await assertUnharmed(served, answer);
    });
  }
}
