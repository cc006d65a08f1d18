import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allow, isAtLeast, type KubeVersion, mutatingRule, Pod, type Rule, validatingRule } from '../../author.ts';
import { kubeVersionIn } from '../../webhook/kube-version.ts';
import { review } from '../../webhook/review.ts';
import type { Untyped } from './ends.ts';
import { bytesOf, engineOf, failureOf, patchOf, responseOf, reviewed } from './reviewed.ts';

const version: KubeVersion = { major: 1, minor: 32 };

const telling = (name: string): Rule =>
  validatingRule({
    name,
    kind: Pod,
    operations: ['CREATE'],
    validate: (_, { kubeVersion }) => allow(JSON.stringify(kubeVersion ?? 'not known')),
  });

const writing: Rule = mutatingRule({
  name: 'writing',
  kind: Pod,
  operations: ['CREATE'],
  mutate(pod, { kubeVersion }) {
    const isNative = kubeVersion !== undefined && isAtLeast(kubeVersion, { major: 1, minor: 32 });
    pod.metadata.annotations = { native: `${isNative}`, kubeVersion: JSON.stringify(kubeVersion ?? 'not known') };
  },
});

const versions: [sentence: string, setUp: { readonly kubeVersion?: KubeVersion }, native: boolean, said: string][] = [
  ['the version of the API server', { kubeVersion: version }, true, '{"major":1,"minor":32}'],
  ['an older one', { kubeVersion: { major: 1, minor: 31 } }, false, '{"major":1,"minor":31}'],
  ['that it is not known', {}, false, '"not known"'],
];
for (const [sentence, setUp, isNative, said] of versions) {
  test(`every rule is told ${sentence}`, async () => {
    const validated = responseOf(await reviewed([telling('a'), telling('b')], {}, setUp));
    assert.deepEqual(validated.warnings, [`[a] ${said}`, `[b] ${said}`]);
    assert.deepEqual(patchOf(await reviewed([writing], {}, setUp)), [
      { op: 'add', path: '/metadata/annotations', value: { native: `${isNative}`, kubeVersion: said } },
    ]);
  });
}

test('a version that becomes known, or another one, is told from the next review on', async () => {
  const known: (KubeVersion | undefined)[] = [undefined, version, { major: 1, minor: 33 }];
  const engine = {
    ...engineOf([telling('a')]),
    get kubeVersion() {
      return known.shift();
    },
  };
  const said = async () =>
    responseOf(await review(bytesOf({}), { phase: 'validating', webhook: 'policy' }, engine)).warnings;
  assert.deepEqual(await said(), ['[a] "not known"']);
  assert.deepEqual(await said(), ['[a] {"major":1,"minor":32}']);
  assert.deepEqual(await said(), ['[a] {"major":1,"minor":33}']);
});

test('a rule that changes the version has failed, and the next review is told the right one', async () => {
  const changing = validatingRule({
    name: 'changing',
    kind: Pod,
    operations: ['CREATE'],
    validate(_, { kubeVersion }) {
      (kubeVersion as Untyped).minor = 99;
      return allow();
    },
  });
  const kubeVersion = kubeVersionIn('v1.32.4+k3s1');
  assert.ok(kubeVersion);
  assert.match(failureOf(await reviewed([changing], {}, { kubeVersion })), /^rule changing failed: TypeError: .*minor/);
  const { warnings } = responseOf(await reviewed([telling('a')], {}, { kubeVersion }));
  assert.deepEqual(warnings, ['[a] {"major":1,"minor":32}']);
});

for (const [text, minor] of [
  ['1.20', 20],
  ['v1.36', 36],
  ['1.32.4', 32],
  ['v1.28.3+k3s1', 28],
  ['1.29-eks', 29],
] as const) {
  test(`${text} is a version`, () => assert.deepEqual(kubeVersionIn(text), { major: 1, minor }));
}
for (const text of [
  '',
  '1',
  '1.',
  '1.19',
  '0.32',
  '2.0',
  '1.32 ',
  ' 1.32',
  '1.32x',
  '-1.32',
  '1.3e1',
  '1.2000',
  'latest',
]) {
  test(`${JSON.stringify(text)} is no version that Portcullis is made for`, () => {
    assert.equal(kubeVersionIn(text), undefined);
  });
}
