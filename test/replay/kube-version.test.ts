import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allow, ConfigMap, type KubeVersion, mutatingRule, type Rule, validatingRule } from '../../author.ts';
import { configMap, type Files, readAndReplayed, wrongs } from './case-files.ts';
import { checked, linesOf } from './checked.ts';

const rules: readonly Rule[] = [
  mutatingRule({
    name: 'writes-it',
    kind: ConfigMap,
    operations: ['CREATE'],
    mutate(map, { kubeVersion }) {
      map.data = { written: said(kubeVersion) };
    },
  }),
  validatingRule({
    name: 'tells-it',
    kind: ConfigMap,
    operations: ['CREATE'],
    validate: (map, { kubeVersion }) => allow(`${said(kubeVersion)}, and written ${map.data?.written}`),
  }),
];

function said(version: KubeVersion | undefined): string {
  return version === undefined ? 'not known' : `${version.major}.${version.minor}`;
}

const object = configMap();
const review = JSON.stringify({
  kind: 'AdmissionReview',
  apiVersion: 'admission.k8s.io/v1',
  request: {
    uid: '0b9f7a9e',
    kind: { group: '', version: 'v1', kind: 'ConfigMap' },
    resource: { group: '', version: 'v1', resource: 'configmaps' },
    operation: 'CREATE',
    name: 'a',
    namespace: 'web',
    userInfo: { username: 'jane' },
    object,
    oldObject: null,
  },
});

const minor = (minor: number): KubeVersion => ({ major: 1, minor });
const cases: [sentence: string, files: Files, kubeVersion: KubeVersion | undefined, told: string][] = [
  ['nothing, where nobody says it', { 'object.yaml': object }, undefined, 'not known'],
  ['that of the run', { 'object.yaml': object }, minor(31), '1.31'],
  ["the case's own", { 'object.yaml': object, 'request.yaml': 'kubeVersion: "1.32"' }, undefined, '1.32'],
  [
    "the case's own, whatever the run's is",
    { 'object.yaml': object, 'request.yaml': 'kubeVersion: "1.32"\nuserInfo: { username: jane }' },
    minor(25),
    '1.32',
  ],
  [
    'that which is said beside a review.json',
    { 'review.json': review, 'request.yaml': 'kubeVersion: v1.33.2+k3s1' },
    minor(25),
    '1.33',
  ],
  ['that of the run, where a review.json says none', { 'review.json': review }, minor(25), '1.25'],
];
for (const [sentence, files, kubeVersion, told] of cases) {
  test(`rules are told ${sentence}`, async (t) => {
    const expected = { verdict: 'patched' };
    const done = await readAndReplayed(
      t,
      rules,
      { ...files, 'expected.yaml': expected },
      kubeVersion === undefined ? {} : { kubeVersion },
    );
    assert.equal(wrongs(done), '');
    const { responses, object } = done.described as { responses: { warnings?: string[] }[]; object: { data: object } };
    assert.deepEqual(object.data, { written: told });
    assert.deepEqual(responses.at(-1)?.warnings, [`[tells-it] ${told}, and written ${told}`]);
  });
}

for (const [kubeVersion, told] of [
  [minor(32), '1.32'],
  [undefined, 'not known'],
] as const) {
  test(`a check tells rules that the version is ${told}`, async () => {
    const done = await checked(rules, JSON.stringify(object), kubeVersion);
    assert.match(
      linesOf(done).join('\n'),
      new RegExp(`warning: ConfigMap/a: ${told}, and written ${told} \\[tells-it\\]`),
    );
  });
}
