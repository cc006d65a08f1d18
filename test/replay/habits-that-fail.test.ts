import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configMap, type Files, type InForce, wrongs } from './case-files.ts';
import { asking, denied, labelled, plain, replayedAll, shelf, shelves, withX } from './habits-rules.ts';

type Habit = readonly [habit: string, files: Files, wrong: RegExp, inForce?: InForce];

/** What passes elsewhere, or is passed over, and must not here; the issue numbers are of lessons.md §2. */
const fails: readonly Habit[] = [
  [
    'kyverno 11519: a case that never reaches its rule, whatever it expects',
    { 'no-x/a/object.yaml': shelf(3), 'no-x/a/cluster.yaml': shelves, 'no-x/a/expected.yaml': 'verdict: allowed' },
    /no-x was not asked: /,
  ],
  [
    'kyverno 12198: a failure of the rule that looks like its absence',
    { 'no-x/a/object.yaml': configMap({ data: 5 }), 'no-x/a/expected.yaml': { notCalled: 'nobody' } },
    /notCalled: "nobody", came undefined/,
  ],
  [
    'kyverno 9379: the misspelt name of a rule, as a folder',
    { 'no-xx/a/object.yaml': plain, 'no-xx/a/expected.yaml': 'verdict: allowed' },
    /no rule in force is called no-xx; did you mean no-x\?/,
  ],
  [
    'kyverno 9379: the misspelt name of a rule, in what is expected of it',
    {
      'labels/a/object.yaml': asking,
      'labels/a/expected.yaml': {
        ...labelled,
        responses: [{ ...labelled.responses[0], rules: { lables: 'mutate' } }, labelled.responses[1]],
      },
    },
    /responses\.0\.rules\.lables: "mutate", came undefined/,
  ],
  [
    'a rule that is switched off, and its cases stay green',
    { 'no-x/a/object.yaml': withX, 'no-x/a/expected.yaml': 'verdict: denied' },
    /verdict: "denied", came "allowed"/,
    { modes: { 'no-x': 'audit' } },
  ],
  [
    'kyverno 4294: a mutation whose object is not compared',
    { 'labels/a/object.yaml': asking, 'labels/a/expected.yaml': { verdict: 'patched', object: asking } },
    /object\.metadata\.finalizers: undefined, came \["a\/b","a\/c"\]/,
  ],
  [
    'kyverno 11685: a mutation whose patch is not compared',
    {
      'labels/a/object.yaml': asking,
      'labels/a/expected.yaml': {
        ...labelled,
        responses: [{ ...labelled.responses[0], patch: [] }, labelled.responses[1]],
      },
    },
    /responses\.0\.patch\.0: undefined, came /,
  ],
  [
    'kyverno 6261: a list in another order',
    {
      'labels/a/object.yaml': asking,
      'labels/a/expected.yaml': {
        ...labelled,
        responses: [
          {
            ...labelled.responses[0],
            patch: [
              { op: 'add', path: '/metadata/finalizers', value: ['a/c', 'a/b'] },
              labelled.responses[0]?.patch?.[1],
            ],
          },
          labelled.responses[1],
        ],
      },
    },
    /value\.0: "a\/c", came "a\/b"/,
  ],
  [
    'kyverno 10727: the rule of a mutation, which nobody looks at',
    {
      'labels/a/object.yaml': asking,
      'labels/a/expected.yaml': {
        ...labelled,
        responses: [{ ...labelled.responses[0], rules: { labels: 'skip: not_meant' } }, labelled.responses[1]],
      },
    },
    /rules\.labels: "skip: not_meant", came "mutate"/,
  ],
  [
    'a denial by another text than the one that is expected',
    { 'no-x/a/object.yaml': withX, 'no-x/a/expected.yaml': denied('/no y/') },
    /status\.message: "\/no y\/", came "\[no-x\] no x: /,
  ],
  [
    'a warning that nobody expects',
    {
      'no-x/a/object.yaml': plain,
      'no-x/a/request.yaml': 'dryRun: true',
      'no-x/a/expected.yaml': {
        verdict: 'allowed',
        responses: [{ webhook: 'policy.example.com', phase: 'validating', rules: { 'no-x': 'allow' }, allowed: true }],
      },
    },
    /responses\.0\.warnings: undefined, came \["\[no-x\] nothing is stored"\]/,
  ],
  ['a case that expects nothing', { 'no-x/a/object.yaml': plain }, /it expects nothing: there is no expected\.yaml/],
  [
    'gatekeeper: a file that is none of a case, passed over in silence',
    {
      'no-x/a/object.yaml': plain,
      'no-x/a/expectd.yaml': 'verdict: denied',
      'no-x/a/expected.yaml': 'verdict: allowed',
    },
    /no case has expectd\.yaml/,
  ],
  [
    'an expectation whose input is gone',
    { 'no-x/a/expected.yaml': 'verdict: allowed' },
    /^no-x\/a: a case needs one of /,
  ],
  [
    'an expectation of what no longer comes',
    { 'no-x/a/object.yaml': plain, 'no-x/a/expected.yaml': { verdict: 'denied', schema: ['gone'] } },
    /verdict: "denied", came "allowed"\nschema: \["gone"\], came undefined/,
  ],
  [
    'a misspelt member of an expectation',
    { 'no-x/a/object.yaml': plain, 'no-x/a/expected.yaml': { verdict: 'allowed', respones: [] } },
    /respones: \[\], came undefined/,
  ],
  [
    'kubewarden: selectors that are passed over',
    { 'labels/a/object.yaml': plain, 'labels/a/expected.yaml': 'verdict: patched' },
    /labels was not asked: the namespaceSelector of prod\.labels\.example\.com does not match; the objectSelector of asked/,
  ],
];
for (const [habit, files, wrong, inForce] of fails) {
  test(`fails: ${habit}`, async (t) => {
    const [done, ...others] = await replayedAll(t, files, inForce);
    assert.deepEqual([done?.outcome === 'passed', others.length], [false, 0]);
    assert.match(done === undefined ? '' : wrongs(done), wrong);
  });
}

test('kyverno 5954: an error in one file hides no other case', async (t) => {
  const good = { 'no-x/a/object.yaml': plain, 'no-x/a/expected.yaml': 'verdict: allowed' };
  const all = await replayedAll(t, {
    ...good,
    'no-x/b/object.yaml': 'a: [',
    'no-x/c/object.yaml': withX,
    'no-x/c/expected.yaml': 'verdict: denied',
  });
  assert.deepEqual(
    all.map(({ outcome }) => outcome),
    ['passed', 'broken', 'passed'],
  );
});
