import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gitSync } from '../../rules/git-sync/git-sync.ts';
import { outcomeOf } from '../pod/outcome-of.ts';
import { webPod } from './pods.ts';

const many = Array.from({ length: 20_000 }, (_, index) => [`git-rep${index.toString(36)}`, '']);
const costly: { given: string; annotations: { [name: string]: unknown } }[] = [
  { given: 'an annotation with a name of a megabyte', annotations: { [`git-${'x'.repeat(1_000_000)}`]: '' } },
  { given: '20,000 annotations that resemble git-repo', annotations: Object.fromEntries(many) },
];
for (const { given, annotations } of costly) {
  test(`${given} is refused without long comparing: other pods wait`, () => {
    const pod = webPod({}, { ...annotations, 'git-repo': null });
    const { user } = process.cpuUsage();
    assert.equal(outcomeOf(gitSync, pod).outcome.decision, 'deny');
    const milliseconds = (process.cpuUsage().user - user) / 1000;
    assert.ok(milliseconds < 200, `${milliseconds} ms`);
  });
}

test('among more annotations than are compared, the misspelt one is still named when it comes early', () => {
  const { outcome } = outcomeOf(
    gitSync,
    webPod({}, { 'git-repo': null, 'git-repos': '', ...Object.fromEntries(many) }),
  );
  assert.match(JSON.stringify(outcome), /git-repos is not known/);
});
