import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FieldError } from '../../author.ts';
import { gitSync } from '../../rules/git-sync/git-sync.ts';
import { gitSyncPresent } from '../../rules/git-sync/git-sync-present.ts';
import { outcomeOf } from '../pod/outcome-of.ts';
import { website } from '../website/decision-of.ts';
import { badSettings } from './bad-settings.ts';
import { webPod, websitePod } from './pods.ts';

for (const { annotation, reason, values } of badSettings) {
  for (const value of values) {
    test(`${annotation}: ${JSON.stringify(value)} is refused: ${reason}`, () => {
      const [problem, ...others] = problemsOf(annotation, value);
      assert.deepEqual(others, []);
      assert.equal(problem?.field, `metadata.annotations[extensions.example.com/${annotation}]`);
      assert.ok(problem?.message.includes(reason), problem?.message);
      // Neither a terminal nor a log is to read what was written as anything else than text.
      assert.doesNotMatch(problem?.message ?? '', /\p{Cc}/u);
    });
  }
}

/** Where a Website says the same, as JSON says it there. */
const SPEC: { [annotation: string]: (value: string) => object } = {
  'git-repo': (gitRepo) => ({ gitRepo }),
  'git-ref': (ref) => ({ ref }),
  'git-period': (period) => ({ period }),
  'git-submodules': (submodules) => ({ submodules }),
  'git-secret': (secretName) => ({ credentials: { secretName } }),
};
for (const { annotation, reason, values } of badSettings) {
  const specOf = SPEC[annotation];
  if (specOf === undefined) continue;
  for (const value of values) {
    test(`a Website with what ${annotation} may not be, ${JSON.stringify(value)}, is not served: ${reason}`, () => {
      const problems = refusedBy(websitePod(), website(specOf(value)));
      assert.deepEqual(
        problems.map(({ field }) => field),
        ['metadata.labels[extensions.example.com/website]'],
      );
      const [problem] = problems;
      const [member] = Object.keys(specOf(value));
      assert.ok(
        problem?.message.includes(`the Website of that name cannot be served: spec.${member}`),
        problem?.message,
      );
      assert.ok(problem?.message.includes(reason), problem?.message);
      assert.doesNotMatch(problem?.message ?? '', /\p{Cc}/u);
    });
  }
}

for (const depth of [-1, 2147483648, 1e21, 1.5, '1', '', true, [1]]) {
  test(`a Website of a depth of ${JSON.stringify(depth)} is not served`, () => {
    const [problem, ...others] = refusedBy(websitePod(), website({ depth }));
    assert.deepEqual(others, []);
    assert.match(
      problem?.message ?? '',
      /cannot be served: spec\.depth: Invalid value: .*must be (a whole|of type int)/,
    );
  });
}

const LABEL = 'extensions.example.com/website';
for (const name of [
  '',
  ' ',
  '.',
  '..',
  '../kubia',
  'web/kubia',
  'Kubia',
  'kubi\u0430',
  'kubia\n',
  '$(NAME)',
  'a'.repeat(254),
]) {
  test(`the label ${JSON.stringify(name).slice(0, 40)} that names no Website is refused at the label`, () => {
    const [problem, ...others] = refusedBy(websitePod({}, {}, { [LABEL]: name }), undefined);
    assert.deepEqual(others, []);
    assert.equal(problem?.field, `metadata.labels[${LABEL}]`);
    assert.match(problem?.message ?? '', /: (there is no|must be the name of a) Website/);
    assert.doesNotMatch(problem?.message ?? '', /\p{Cc}/u);
  });
}

test('two paths at once are refused, whatever they are, each for what is wrong with it and the second for the first', () => {
  for (const [content, mount, count] of [
    ['/srv/site/html', '/srv/site', 1],
    ['/usr/share/nginx/html', '/usr/share/nginx/html', 1],
    ['/', '/srv/site', 2],
    ['/srv/site/html', '/etc', 2],
    ['html', '', 3],
  ] as const) {
    const problems = refusedBy(webPod({}, { 'content-path': content, 'mount-path': mount }), undefined);
    assert.equal(problems.length, count, JSON.stringify(problems));
    assert.equal(problems.at(-1)?.field, 'metadata.annotations[extensions.example.com/mount-path]');
    assert.match(problems.at(-1)?.message ?? '', /^Forbidden: .*extensions\.example\.com\/content-path.*choose one$/);
  }
});

test('there are sixty of them and more, and none twice', () => {
  const all = badSettings.flatMap(({ annotation, values }) => values.map((value) => `${annotation}: ${value}`));
  assert.ok(all.length >= 60);
  assert.equal(new Set(all).size, all.length);
});

/** The problems of a pod with that annotation alone. */
function problemsOf(annotation: string, value: string): FieldError[] {
  return refusedBy(webPod({}, { [annotation]: value }), undefined);
}

/** The problems that git-sync has; git-sync-present admits such a pod as little, were git-sync never asked. */
function refusedBy(pod: object, website: unknown): FieldError[] {
  const found = { website };
  assert.equal(outcomeOf(gitSyncPresent, pod, { found }).outcome.decision, 'deny');
  const { outcome, patch } = outcomeOf(gitSync, pod, { found });
  assert.deepEqual(patch, []);
  assert.equal(outcome.decision, 'deny', JSON.stringify(outcome));
  return outcome.decision === 'deny' ? (outcome.problems as FieldError[]) : [];
}
