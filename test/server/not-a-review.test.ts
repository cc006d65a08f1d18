import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type Answer, keptAlive, post } from './client.ts';
import { assertUnharmed, MARKER, policy, type Refused, reviewWith, statusMessage, testRefusals } from './hostile.ts';
import type { Tree } from './recorded.ts';
import { serving } from './serving.ts';

// Bodies that no API server sends: each is refused with a sentence, and nothing of it is repeated.
const served = serving({ after: after as never }, policy);
const request = (change: (request: Tree) => void, operation?: string): Buffer =>
  reviewWith((review) => change(review.request), operation);
const withBytes = (bytes: readonly number[]): Buffer => {
  const [before = '', rest = ''] = reviewWith().toString('latin1').split(MARKER);
  return Buffer.concat([Buffer.from(before + MARKER, 'latin1'), Buffer.from(bytes), Buffer.from(rest, 'latin1')]);
};

testRefusals(() => served, '/mutate/policy', {
  'a text': [400, `password: ${MARKER}`, /^the body is not JSON$/],
  'JSON that is cut off': [400, reviewWith().subarray(0, -9), /^the body is not JSON: fault at character \d+$/],
  'JSON and then some more': [400, `${reviewWith()} ${MARKER}`, /^the body is not JSON/],
  'nothing at all': [400, '', /^the body is empty; an AdmissionReview is expected$/],
  blanks: [400, ' \n\t ', /not JSON/],
  'a list of reviews': [400, `[${reviewWith()}]`, /^the body must be an object$/],
  'a JSON string': [400, JSON.stringify(MARKER), /^the body must be an object$/],
  'a JSON number': [400, '12', /^the body must be an object$/],
  null: [400, 'null', /^the body must be an object$/],
  'an empty object': [400, '{}', /^kind must be "AdmissionReview"$/],
  'the object without its review': [
    400,
    JSON.stringify({ kind: 'Secret', apiVersion: 'v1', metadata: {}, data: { password: MARKER } }),
    /^kind must be "AdmissionReview"$/,
  ],
  'a review of v1beta1': [
    400,
    reviewWith((review) => {
      review.apiVersion = 'admission.k8s.io/v1beta1';
    }),
    /v1beta1 is not served/,
  ],
  'a review of a version to come': [
    400,
    reviewWith((review) => {
      review.apiVersion = 'admission.k8s.io/v2';
    }),
    /^apiVersion must be "admission.k8s.io\/v1"$/,
  ],
  'a response in place of a request': [
    400,
    reviewWith((review) => {
      review.response = review.request;
      delete review.request;
    }),
    /^request must be an object$/,
  ],
  'an empty uid': [
    400,
    request((it) => {
      it.uid = '';
    }),
    /^request.uid must be a non-empty string$/,
  ],
  'an operation in lower case': [
    400,
    request((it) => {
      it.operation = 'create';
    }),
    /^request.operation must be CREATE, UPDATE, DELETE or CONNECT$/,
  ],
  'an operation that every object inherits': [
    400,
    request((it) => {
      it.operation = 'constructor';
    }),
    /^request.operation must be/,
  ],
  'a CREATE of nothing': [
    400,
    request((it) => {
      it.object = null;
    }),
    /^request.object must be an object$/,
  ],
  'an UPDATE of nothing': [
    400,
    request((it) => {
      it.oldObject = null;
    }, 'UPDATE'),
    /^request.oldObject must be an object$/,
  ],
  'a DELETE of nothing': [
    400,
    request((it) => {
      it.oldObject = null;
    }, 'DELETE'),
    /^request.oldObject must be an object$/,
  ],
  'a DELETE of what has no metadata': [
    400,
    request((it) => {
      delete it.oldObject.metadata;
    }, 'DELETE'),
    /^request.oldObject.metadata must be an object$/,
  ],
  'a CREATE of what has no metadata': [
    400,
    request((it) => {
      delete it.object.metadata;
    }),
    /^request.object.metadata must be an object$/,
  ],
  'a byte that is not UTF-8': [400, withBytes([0xff]), /^the body is not UTF-8$/],
  'half a character': [400, withBytes([0xe2, 0x82]), /^the body is not UTF-8$/],
  'a raw lone surrogate': [400, withBytes([0xed, 0xa0, 0x80]), /^the body is not UTF-8$/],
  'an overlong NUL': [400, withBytes([0xc0, 0x80]), /^the body is not UTF-8$/],
  'a raw NUL in a string': [400, withBytes([0]), /^the body is not JSON/],
  'a NUL after the end': [400, Buffer.concat([reviewWith(), Buffer.from([0])]), /^the body is not JSON/],
  'a byte order mark': [400, Buffer.concat([Buffer.from('\ufeff'), reviewWith()]), /^the body is not JSON/],
  'UTF-16': [400, Buffer.from(`\ufeff${reviewWith()}`, 'utf16le'), /^the body is not (UTF-8|JSON)/],
  'a review that is compressed': [
    400,
    Buffer.from('H4sIAAAAAAAAA6uuBQBDv6ajAgAAAA==', 'base64'),
    /not UTF-8/,
    { headers: { 'content-encoding': 'gzip' } },
  ],
});

const MISSING = Symbol('missing');
/** What must be there, and what the API server leaves out or sends as null where there is nothing to say. */
const members: { readonly [path: string]: string } = {
  kind: 'a string',
  apiVersion: 'a string',
  request: 'an object',
  'request.uid': 'a string',
  'request.operation': 'a string',
  'request.kind': 'an object',
  'request.kind.group': 'a string',
  'request.kind.version': 'a string',
  'request.kind.kind': 'a string',
  'request.resource': 'an object',
  'request.resource.group': 'a string',
  'request.resource.version': 'a string',
  'request.resource.resource': 'a string',
  'request.subResource': 'a string or nothing',
  'request.name': 'a string or nothing',
  'request.namespace': 'a string or nothing',
  'request.dryRun': 'a boolean or nothing',
  'request.userInfo': 'an object or nothing',
  'request.userInfo.username': 'a string or nothing',
  'request.userInfo.groups': 'texts or nothing',
  'request.object': 'an object',
  'request.object.metadata': 'an object',
  'request.oldObject': 'an object',
  'request.oldObject.metadata': 'an object',
};
const values: { [what: string]: unknown } = {
  missing: MISSING,
  null: null,
  'a boolean': true,
  'a number': 1,
  'a string': MARKER,
  'a list': [MARKER, { [MARKER]: MARKER }],
  'an object': { [MARKER]: MARKER },
};

test('each member of the envelope, in every wrong type and missing, is named in the refusal', async (t) => {
  const server = await served;
  const agent = keptAlive(t, server);
  for (const [path, type] of Object.entries(members)) {
    await t.test(`${path} is ${type}`, async () => {
      const answers: Answer[] = [];
      for (const [what, value] of Object.entries(values)) {
        if (type.startsWith(what)) continue;
        const body = reviewWith((review) => put(review, path.split('.'), value), 'UPDATE');
        const answer = await post(server, '/validate/policy', body, { agent });
        answers.push(answer);
        if (type.endsWith('nothing') && (value === null || value === MISSING)) {
          assert.equal(answer.status, 200, `${what}: ${answer.body}`);
        } else {
          assert.ok(statusMessage(answer, 400).startsWith(`${path} must be `), `${what}: ${answer.body}`);
        }
      }
      await assertUnharmed(server, ...answers);
    });
  }
});

test('members that nobody looks at may be anything', async (t) => {
  const server = await served;
  const agent = keptAlive(t, server);
  const answers: Answer[] = [];
  for (const path of ['requestKind', 'requestResource', 'requestSubResource', 'options', 'userInfo.extra', 'new']) {
    for (const value of Object.values(values)) {
      const body = reviewWith((review) => put(review.request, path.split('.'), value));
      const answer = await post(server, '/validate/policy', body, { agent });
      assert.equal(answer.status, 200, answer.body);
      answers.push(answer);
    }
  }
  await assertUnharmed(server, ...answers);
});

function put(tree: Tree, [step = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length > 0) put(tree[step], rest, value);
  else if (value === MISSING) delete tree[step];
  else tree[step] = value;
}

const unmatched: { [sentence: string]: Refused } = {
  'a review that no rule of the webhook is for': [
    500,
    request((it) => {
      it.kind.kind = 'Pod';
      it.resource.resource = 'pods';
    }),
    /no mutating rule of the webhook "policy" is for CREATE of Pod .* the webhook configuration and the rules differ/,
  ],
  'a subresource that no rule is for': [
    500,
    request((it) => {
      it.subResource = 'status';
    }),
    /is for CREATE of ConfigMap \(configmaps\/status, core\/v1\)/,
  ],
  'a kind with line breaks in it finds no rule either': [
    500,
    request((it) => {
      it.kind.kind = 'ConfigMap\nConfigMap';
    }),
    /no mutating rule/,
  ],
};
testRefusals(() => served, '/mutate/policy', unmatched);
