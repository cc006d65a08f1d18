import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FieldError } from '../../author.ts';
import { gitSync } from '../../rules/git-sync/git-sync.ts';
import { gitSyncPresent } from '../../rules/git-sync/git-sync-present.ts';
import { outcomeOf } from '../pod/outcome-of.ts';
import { badSettings } from './bad-settings.ts';
import { webPod } from './pods.ts';

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

const CARRIERS: readonly ((secret: string) => string)[] = [
  (secret) => `https://alice:${secret}@h.example/r`,
  (secret) => `https://${secret}@h.example/r`,
  (secret) => `https://${secret}:x-oauth-basic@h.example/r`,
  (secret) => `https://alice:${secret}%40h.example/r`,
  (secret) => `https://alice:${secret}\uff20h.example/r`,
  (secret) => `https://alice:a@${secret}@h.example/r`,
  (secret) => `https://alice:${secret}/x@h.example/r`,
  (secret) => `https://h.example:${secret}/r`,
  (secret) => `https://h.example/r?access_token=${secret}`,
  (secret) => `https://h.example/r#${secret}`,
  (secret) => `http://alice:${secret}@h.example/r`,
  (secret) => `ssh://git:${secret}@h.example/r`,
  (secret) => `alice:${secret}@h.example:r`,
  (secret) => `git clone https://alice:${secret}@h.example/r`,
  (secret) => `https://alice:${secret}@127.0.0.1/r`,
  (secret) => `ext::https://alice:${secret}@h.example/r`,
  (secret) => `--upload-pack=https://alice:${secret}@h.example/r`,
];
for (const carrier of CARRIERS) {
  test(`${carrier('hunter2')} is refused, and nobody is told the credential`, () => {
    for (const secret of ['hunter2', 'ghp_hunter2', 'hun$(ter2', 'hunter2/..']) {
      const text = JSON.stringify(problemsOf('git-repo', carrier(secret)));
      assert.ok(!text.includes('hun'), text);
    }
  });
}

test('there are sixty of them and more, and none twice', () => {
  const all = badSettings.flatMap(({ annotation, values }) => values.map((value) => `${annotation}: ${value}`));
  assert.ok(all.length >= 60);
  assert.equal(new Set(all).size, all.length);
});

/** The problems that git-sync has; git-sync-present admits such a pod as little, were git-sync never asked. */
function problemsOf(annotation: string, value: string): FieldError[] {
  const pod = webPod({}, { [annotation]: value });
  assert.equal(outcomeOf(gitSyncPresent, pod).outcome.decision, 'deny');
  const { outcome, patch } = outcomeOf(gitSync, pod);
  assert.deepEqual(patch, []);
  assert.equal(outcome.decision, 'deny', JSON.stringify(outcome));
  return outcome.decision === 'deny' ? (outcome.problems as FieldError[]) : [];
}
