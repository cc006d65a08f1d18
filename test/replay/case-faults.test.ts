import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allow, ConfigMap, validatingRule } from '../../author.ts';
import { configMap, type Files, replayed, wrongs } from './case-files.ts';

const it = validatingRule({
  name: 'it',
  kind: ConfigMap,
  operations: ['CREATE', 'UPDATE', 'DELETE'],
  validate: () => allow(),
});

const object = configMap();
const review = { request: { operation: 'CREATE', resource: {}, kind: {} } };

const faults: readonly (readonly [sentence: string, files: Files, fault: RegExp])[] = [
  [
    'an expectation without an input',
    { 'expected.yaml': 'verdict: allowed' },
    /^it\/it-works: a case needs one of review\.json, /,
  ],
  [
    'a misspelt file',
    { 'object.yaml': object, 'oldobject.yaml': object },
    /no case has oldobject\.yaml \(did you mean oldObject\.yaml\?\); a case has /,
  ],
  ['a file of another ending', { 'object.yml': object }, /no case has object\.yml \(did you mean object\.yaml\?\); /],
  [
    'a cluster.yaml of another ending, in the folder of the rule',
    { 'object.yaml': object, '../cluster.yml': object },
    /^it\/cluster\.yml: nobody reads it; it must be called cluster\.yaml$/,
  ],
  ['a review and a manifest', { 'review.yaml': review, 'object.yaml': object }, /not both: review\.yaml, object\.yaml/],
  ['two reviews', { 'review.yaml': review, 'review.json': review }, /not both/],
  [
    'two expectations',
    { 'object.yaml': object, 'expected.yaml': '{}', 'expected.json': '{}' },
    /one of expected\.yaml, expected\.json, not both/,
  ],
  ['YAML that is none', { 'object.yaml': 'a: [' }, /^it\/it-works\/object\.yaml:1: /],
  [
    'a file of another encoding',
    { 'object.yaml': Buffer.from('kind: Caf\u00e9', 'latin1') },
    /object\.yaml: it is not UTF-8/,
  ],
  ['an empty object', { 'object.yaml': '# nothing\n' }, /object\.yaml: it is empty/],
  [
    'two objects in one file',
    { 'object.yaml': 'a: 1\n---\nb: 1\n' },
    /object\.yaml: one document is expected, and it has 2/,
  ],
  [
    'an object without a kind',
    { 'object.yaml': 'metadata: {}' },
    /object\.yaml:1: an object of Kubernetes has apiVersion and kind/,
  ],
  [
    'an object without metadata',
    { 'object.yaml': 'kind: a\napiVersion: b' },
    /object\.yaml:1: an object of Kubernetes has metadata/,
  ],
  [
    'a kind that nobody knows',
    { 'object.yaml': { ...object, kind: 'Shelf' } },
    /no rule in force is for v1 Shelf, .* put its CustomResourceDefinition into cluster\.yaml/,
  ],
  [
    'a misspelt kind',
    { 'object.yaml': { ...object, kind: 'Configmap' } },
    /no rule in force is for v1 Configmap, .* did you mean v1 ConfigMap\?$/,
  ],
  [
    'a subresource of a kind that nobody knows',
    { 'object.yaml': { ...object, kind: 'Scale' }, 'request.yaml': 'subresource: scale' },
    /v1 Scale, in scale, /,
  ],
  [
    'an UPDATE without what there was',
    { 'object.yaml': object, 'request.yaml': 'operation: UPDATE' },
    /for UPDATE a case has object\.yaml and oldObject\.yaml; this one has object\.yaml$/,
  ],
  [
    'a DELETE of what is yet to be',
    { 'object.yaml': object, 'request.yaml': 'operation: DELETE' },
    /for DELETE a case has oldObject\.yaml; /,
  ],
  [
    'a CREATE of what there was',
    { 'oldObject.yaml': object, 'request.yaml': 'operation: CREATE' },
    /for CREATE a case has object\.yaml; /,
  ],
  [
    'an UPDATE of two objects',
    { 'object.yaml': object, 'oldObject.yaml': configMap({ metadata: { name: 'b' } }) },
    /these are two: v1 ConfigMap a, v1 ConfigMap b/,
  ],
  [
    "a namespace that is not the object's",
    { 'object.yaml': object, 'request.yaml': 'namespace: db' },
    /the object is in the namespace web, and the request in db/,
  ],
  [
    'a request with a misspelt member',
    { 'object.yaml': object, 'request.yaml': '\ndryrun: true' },
    /request\.yaml:2: there is no dryrun in a request; did you mean dryRun\?/,
  ],
  [
    'a request with a text for a boolean',
    { 'object.yaml': object, 'request.yaml': 'dryRun: "true"' },
    /request\.yaml:1: dryRun must be true or false, not "true"/,
  ],
  [
    'a request with a name for a user',
    { 'object.yaml': object, 'request.yaml': 'userInfo: jane' },
    /userInfo must be an object/,
  ],
  [
    'a request with an operation that is none',
    { 'object.yaml': object, 'request.yaml': 'operation: PATCH' },
    /operation must be CREATE, UPDATE, DELETE or CONNECT, not "PATCH"/,
  ],
  ['a request that is a list', { 'object.yaml': object, 'request.yaml': '[]' }, /request\.yaml: it must be an object/],
  [
    'a phase that is none',
    { 'object.yaml': object, 'request.yaml': 'phase: both' },
    /phase must be mutating \(the whole way\) or validating/,
  ],
  [
    'a request beside a review',
    { 'review.yaml': review, 'request.yaml': 'dryRun: true' },
    /beside review\.yaml, request\.yaml says phase and kubeVersion alone; dryRun/,
  ],
  ...[
    ['a number', '1.32', 1.32],
    ['an older one than is supported', '"1.19"', '1.19'],
    ['one that there is not', '"2.0"', '2.0'],
    ['a word', 'latest', 'latest'],
    ['an object', '{ major: 1, minor: 32 }', { major: 1, minor: 32 }],
  ].map(([what, said, shown]): (typeof faults)[number] => [
    `${what} as kubeVersion`,
    { 'object.yaml': object, 'request.yaml': `name: a\nkubeVersion: ${said}\n` },
    new RegExp(
      `request\\.yaml:2: kubeVersion must be a version like "1\\.32", in quotes, and 1\\.20 or later, not ${RegExp.escape(JSON.stringify(shown))}$`,
    ),
  ]),
  ['a review that is JSON in part', { 'review.json': '{"request": ' }, /review\.json: it is not JSON: /],
  ['a review without a request', { 'review.json': '{}' }, /review\.json: it is no AdmissionReview/],
  [
    'a cluster of something else',
    { 'object.yaml': object, 'cluster.yaml': 'a: 1' },
    /cluster\.yaml:1: an object of Kubernetes has/,
  ],
  [
    'an expectation that is a text',
    { 'object.yaml': object, 'expected.yaml': 'denied' },
    /expected\.yaml:1: it must be an object, with a verdict or notCalled$/,
  ],
  [
    'a list of expectations',
    { 'object.yaml': object, 'expected.yaml': '# one\n- verdict: denied' },
    /expected\.yaml:2: it must be an object, /,
  ],
  [
    'a pattern that is none',
    { 'object.yaml': object, 'expected.yaml': 'x: 1\nverdict: /(/' },
    /expected\.yaml:2: pattern: \( is no RE2 expression/,
  ],
];
for (const [sentence, files, fault] of faults) {
  test(`${sentence} breaks the case, and the message says where`, async (t) => {
    const done = await replayed(t, [it], files);
    assert.equal(done.outcome, 'broken');
    assert.match(wrongs(done), fault);
    assert.match(wrongs(done), /^it\//);
  });
}
