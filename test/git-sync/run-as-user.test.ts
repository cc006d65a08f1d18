import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gitSync } from '../../rules/git-sync/git-sync.ts';
import { gitSyncPresent } from '../../rules/git-sync/git-sync-present.ts';
import { violations } from '../manifests/pod-security.ts';
import { outcomeOf } from '../pod/outcome-of.ts';
import { gitSyncIn } from './git-sync-in.ts';
import { webPod } from './pods.ts';

const users: { given: string; settings: object; expected: object }[] = [
  { given: 'nothing', settings: {}, expected: { runAsUser: 65533, runAsGroup: 65533 } },
  { given: 'a number', settings: { runAsUser: 1000 }, expected: { runAsUser: 1000, runAsGroup: 65533 } },
  { given: 'the largest', settings: { runAsUser: 2147483647 }, expected: { runAsUser: 2147483647, runAsGroup: 65533 } },
  { given: 'null', settings: { runAsUser: null }, expected: {} },
];
for (const { given, settings, expected } of users) {
  test(`the operator says ${given} of the user: ${JSON.stringify(expected)}, and restricted all the same`, () => {
    const pod = webPod({ securityContext: { runAsUser: 0, fsGroup: 7 } });
    const { pod: after } = outcomeOf(gitSync, pod, { settings });
    const { securityContext } = gitSyncIn(after).container;
    const { runAsUser, runAsGroup, ...rest } = securityContext;
    assert.deepEqual(JSON.parse(JSON.stringify({ runAsUser, runAsGroup })), expected);
    assert.deepEqual(rest, {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    const ofGitSync = violations(after).filter((violation) => JSON.stringify(violation).includes('git-sync'));
    assert.deepEqual(ofGitSync, []);
    assert.deepEqual(after.spec.securityContext, { runAsUser: 0, fsGroup: 7 }, "the pod's own is the user's");
  });
}

for (const runAsUser of [0, -1, 2147483648, 1.5, '1000', true]) {
  test(`a user ${JSON.stringify(runAsUser)} is refused when the server starts`, () => {
    assert.throws(() => outcomeOf(gitSync, webPod(), { settings: { runAsUser } }), /runAsUser/);
  });
}

test('a pod whose git-sync runs as another user, by an older configuration, stays as it is', () => {
  const { pod } = outcomeOf(gitSync, webPod(), { settings: { runAsUser: 1000 } });
  const again = outcomeOf(gitSync, pod, { settings: { runAsUser: null } });
  assert.equal(again.outcome.decision === 'skip' && again.outcome.reason, 'already_injected');
  assert.deepEqual(outcomeOf(gitSyncPresent, pod).outcome, { decision: 'allow', warnings: [] });
});
