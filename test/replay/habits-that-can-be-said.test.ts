import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configMap, type Files, type InForce, wrongs } from './case-files.ts';
import { asking, denied, labelled, plain, replayedAll, shelf, shelves, withX } from './habits-rules.ts';

/** What cannot be said elsewhere, or comes out otherwise than in the cluster. */
const passes: readonly (readonly [habit: string, files: Files, inForce?: InForce])[] = [
  [
    'kyverno 14412: an UPDATE has an old object of its own',
    {
      'no-x/a/object.yaml': configMap({ data: { y: '1' } }),
      'no-x/a/oldObject.yaml': configMap({ data: { y: '2' } }),
      'no-x/a/expected.yaml': denied('/y is frozen/'),
    },
  ],
  [
    'gatekeeper 333: the operation and the user count',
    { 'no-x/a/oldObject.yaml': plain, 'no-x/a/expected.yaml': denied('/only jane deletes/') },
  ],
  [
    'kwctl 880: a DELETE, by somebody',
    {
      'no-x/a/oldObject.yaml': plain,
      'no-x/a/request.yaml': { userInfo: { username: 'jane' } },
      'no-x/a/expected.yaml': 'verdict: allowed',
    },
  ],
  [
    'a dry run is told to the rule',
    {
      'no-x/a/object.yaml': plain,
      'no-x/a/request.yaml': 'dryRun: true',
      'no-x/a/expected.yaml': {
        verdict: 'allowed',
        responses: [
          {
            webhook: 'policy.example.com',
            phase: 'validating',
            rules: { 'no-x': 'allow' },
            allowed: true,
            warnings: ['[no-x] nothing is stored'],
          },
        ],
      },
    },
  ],
  [
    'kyverno 11722: a mutation that is not to happen',
    {
      'labels/a/object.yaml': plain,
      'labels/a/expected.yaml': {
        notCalled: '/objectSelector of asked/',
        verdict: 'allowed',
        responses: [labelled.responses[1]],
      },
    },
  ],
  [
    'gatekeeper 1729: a namespace that is left alone',
    { 'no-x/a/object.yaml': withX, 'no-x/a/expected.yaml': { notCalled: '/namespaceSelector of policy/' } },
    { ignoredNamespaces: ['web'] },
  ],
  [
    'gatekeeper: the namespaceSelector, without a cluster, and without the Namespace where its labels do not matter',
    {
      'labels/a/object.yaml': asking,
      'labels/a/expected.yaml': labelled,
      'labels/b/object.yaml': configMap({ data: {} }),
      'labels/b/cluster.yaml': {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: 'web', labels: { stage: 'prod' } },
      },
      'labels/b/expected.yaml': 'verdict: patched',
    },
  ],
  [
    'kyverno 7956: the defaults of a CRD, which the cluster fills in before anybody is asked',
    { 'boards/a/object.yaml': shelf(), 'boards/a/cluster.yaml': shelves, 'boards/a/expected.yaml': 'verdict: allowed' },
  ],
  [
    'kyverno 15949: CRDs among the resources',
    {
      'boards/a/object.yaml': shelf(4),
      'boards/a/cluster.yaml': shelves,
      'boards/a/expected.yaml': denied('/three boards/', 'boards'),
    },
  ],
];
for (const [habit, files, inForce] of passes) {
  test(`can be said: ${habit}`, async (t) => {
    const all = await replayedAll(t, files, inForce);
    assert.deepEqual(
      all.map(wrongs),
      all.map(() => ''),
    );
    assert.ok(all.every(({ outcome }) => outcome === 'passed') && all.length > 0);
  });
}
