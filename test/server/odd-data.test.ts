import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import jsonPatch, { type Operation } from 'fast-json-patch';
import { ConfigMap, deny, kind, mutatingRule, validatingRule } from '../../author.ts';
import { type Answer, post } from './client.ts';
import { mark } from './every-outcome.ts';
import { parseExact } from './exact-json.ts';
import { assertUnharmed, MARKER, policy, reviewWith, statusMessage, verdictOn } from './hostile.ts';
import { recordedReview, type Tree } from './recorded.ts';
import { serving } from './serving.ts';

// What is odd and yet good: it is decided like anything else, and nothing of it is lost or takes effect elsewhere.
const Preview = kind<Tree>({
  group: 'example.com',
  version: 'v1',
  kind: 'Preview',
  resource: 'previews',
  scope: 'Namespaced',
});
const served = serving({ after: after as never }, [
  ...policy,
  mutatingRule({ name: 'marks', webhook: 'preview', kind: Preview, operations: ['CREATE'], mutate: mark }),
  mutatingRule({
    name: 'bumps',
    webhook: 'bumped',
    kind: Preview,
    operations: ['CREATE'],
    mutate(preview) {
      (preview as Tree).spec.big += 2;
    },
  }),
  mutatingRule({
    name: 'rewrites',
    webhook: 'rewritten',
    kind: ConfigMap,
    operations: ['CREATE'],
    mutate({ data = {} }) {
      for (const key of Object.keys(data)) data[key] = 'rewritten';
    },
  }),
  validatingRule({
    name: 'only',
    webhook: 'only',
    kind: ConfigMap,
    operations: ['CREATE'],
    validate: () => deny('no'),
  }),
]);

const request = (change: (request: Tree) => void): Buffer => reviewWith((review) => change(review.request));
/** Keys that mean something to JavaScript, as own members. */
const inherited = {
  ['__proto__']: 'polluted',
  constructor: 'polluted',
  prototype: 'polluted',
  hasOwnProperty: 'polluted',
  toString: 'polluted',
  valueOf: 'polluted',
  toJSON: 'polluted',
};
const polluting = { ['__proto__']: { polluted: 'yes' }, constructor: { prototype: { polluted: 'yes' } } };

const odd: { [sentence: string]: Buffer } = {
  'data under keys that every object inherits': request(({ object }) => {
    object.data = { ...object.data, ...inherited };
  }),
  'labels and annotations under such keys': request(({ object }) => {
    Object.assign(object.metadata, { labels: { ...inherited }, annotations: { ...inherited } });
  }),
  'such keys in metadata, with objects in them': request(({ object }) => {
    object.metadata = { ...object.metadata, ...polluting };
  }),
  'such keys in the object': request((it) => {
    it.object = { ...it.object, ...polluting };
  }),
  'such keys in the request': reviewWith((review) => {
    review.request = { ...review.request, ...polluting };
  }),
  'such keys in what names kind, resource and user': request((it) => {
    for (const member of ['kind', 'resource', 'userInfo']) it[member] = { ...it[member], ...polluting };
  }),
  'keys with slashes, tildes, quotes and nothing in them': request(({ object }) => {
    object.metadata.labels = { 'a/b~c': 'd', '~1': '', '': 'x', '"\\': '\n', '0': '1', '-': '' };
  }),
  'lone surrogates in uid, name, label and data': request((it) => {
    Object.assign(it, { uid: '\ud800', name: 'a\udfff' });
    it.object.metadata.labels = { '\ud800': '\udc00\ud800' };
    it.object.data['\udbff'] = '\ud83d';
  }),
  'NUL characters, escaped, in uid, name, label and data': request((it) => {
    Object.assign(it, { uid: '\0', name: '\0' });
    it.object.metadata.labels = { '\0': 'a\0b' };
    it.object.data['\0'] = '\0\0';
  }),
  'a uid of ten thousand characters': request((it) => {
    it.uid = 'u'.repeat(10_000);
  }),
  'labels that are null': request(({ object }) => {
    object.metadata.labels = null;
  }),
};

describe('what is odd is decided like anything else', () => {
  for (const [sentence, body] of Object.entries(odd)) {
    test(sentence, async () => {
      const server = await served;
      const answer = await post(server, '/mutate/policy', body);
      assert.equal(answer.status, 200, answer.body);
      const { object, uid } = JSON.parse(body.toString('utf8')).request;
      assert.equal(JSON.parse(answer.body).response.uid, uid);
      const verdict = verdictOn('/mutate/policy', body, answer);
      assert.equal(verdict.kind, 'patched', answer.body);
      object.metadata.labels = { ...object.metadata.labels, marked: 'yes' };
      // As texts, since assert looks past some of these keys.
      assert.equal(textOf('object' in verdict && verdict.object), textOf(object));
      await assertUnharmed(server, answer);
      assert.equal((await post(server, '/validate/policy', body)).status, 200);
    });
  }
});

test('a rule may write under keys that every object inherits', async () => {
  const server = await served;
  const body = request(({ object }) => {
    object.data = { ...object.data, ...inherited };
  });
  const verdict = verdictOn('/mutate/rewritten', body, await post(server, '/mutate/rewritten', body));
  const { object } = JSON.parse(body.toString('utf8')).request;
  const rewritten = Object.fromEntries(Object.keys(object.data).map((key) => [key, 'rewritten']));
  assert.ok(verdict.kind === 'patched');
  assert.equal(textOf((verdict.object as Tree).data), textOf(rewritten));
  await assertUnharmed(server);
});

/** JSON with the members sorted. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(textOf)}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}:${textOf(member)}`);
  return `{${members.sort()}}`;
}

describe('numbers that JavaScript cannot hold', () => {
  const recorded = recordedReview('041-mutating-create-previews-cr').bytes.toString('utf8');
  const numbers =
    '"big":9007199254740993,"f":-9223372036854775808,"g":1.0,"h":1e400,"i":-0,"j":0.10000000000000000001,';
  const body = recorded.replace('"big":9007199254740993,"f":1,', numbers);

  test('survive next to an edit, byte for byte', async () => {
    assert.ok(body.includes(numbers));
    const { response } = JSON.parse((await post(await served, '/mutate/preview', body)).body);
    const patch = JSON.parse(Buffer.from(response.patch, 'base64').toString('utf8')) as Operation[];
    assert.ok(patch.length > 0);
    for (const { path } of patch) assert.match(path, /^\/metadata\/(labels|annotations)/);
    const { object } = (parseExact(body) as { request: Tree }).request;
    const untouched = JSON.stringify(object);
    jsonPatch.applyPatch(object, patch, true, true, false);
    assert.equal(object.metadata.labels['example.com/marked'], 'yes');
    delete object.metadata.labels;
    delete object.metadata.annotations;
    assert.equal(JSON.stringify(object), untouched);
  });

  test('are not guessed at: a rule that computes with one has failed', async () => {
    const answer = await post(await served, '/mutate/bumped', body);
    assert.match(statusMessage(answer, 500), /^rule bumps failed: .*\/spec\/big holds an integer beyond 2\^53/);
  });
});

test('of members that occur twice the last counts, as it does in Go', async () => {
  const good = reviewWith().toString();
  const body = good.replace('"request":{', '"request":{"uid":"first","operation":"DELETE",');
  const answer = await post(await served, '/mutate/policy', body);
  assert.equal(verdictOn('/mutate/policy', Buffer.from(body), answer).kind, 'patched', answer.body);
  await assertUnharmed(await served, answer);
});

describe('an object of many levels', () => {
  const nested = { lists: ['[', ']'], objects: ['{"a":', '}'] } as const;
  const answered = async (path: string, open: string, close: string, depth: number): Promise<Answer> => {
    const deep = open.repeat(depth) + JSON.stringify(MARKER) + close.repeat(depth);
    const answer = await post(await served, path, reviewWith().toString().replace(JSON.stringify(MARKER), deep));
    await assertUnharmed(await served, answer);
    return answer;
  };
  for (const [what, [open, close]] of Object.entries(nested)) {
    test(`a hundred thousand of ${what} are more than an API server sends`, async () => {
      for (const path of ['/mutate/policy', '/validate/policy', '/validate/only']) {
        const message = statusMessage(await answered(path, open, close, 100_000), 400);
        assert.equal(message, 'the body is more than an API server sends: it is nested more than 1000 levels deep');
      }
    });
    test(`as many levels of ${what} as may be can be denied`, async () => {
      const answer = await answered('/validate/only', open, close, 990);
      assert.equal(answer.status, 200);
      assert.match(answer.body, /"allowed":false.*\[only\] no/);
    });
  }
  test('and rules that need copies of them decide', async () => {
    const answer = await answered('/validate/policy', '[', ']', 990);
    assert.equal(answer.status, 200, answer.body);
  });
});

test('thirty megabytes of empty objects are refused before they are parsed', async () => {
  const body = reviewWith()
    .toString()
    .replace(JSON.stringify(MARKER), `[${'{},'.repeat(10_000_000)}{}]`);
  const answer = await post(await served, '/mutate/policy', body);
  assert.match(statusMessage(answer, 400), /holds more than 2097152 lists and objects$/);
  await assertUnharmed(await served, answer);
});
