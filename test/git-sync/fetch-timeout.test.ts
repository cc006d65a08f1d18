import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gitSync } from '../../rules/git-sync/git-sync.ts';
import { gitSyncPresent } from '../../rules/git-sync/git-sync-present.ts';
import { outcomeOf } from '../pod/outcome-of.ts';
import { gitSyncIn } from './git-sync-in.ts';
import { webPod } from './pods.ts';

const timeouts: { seconds: number | undefined; args: string[]; waits: number }[] = [
  { seconds: undefined, args: [], waits: 150 },
  { seconds: 120, args: [], waits: 150 },
  { seconds: 900, args: ['--sync-timeout=900s'], waits: 930 },
];
for (const { seconds, args, waits } of timeouts) {
  test(`a fetch may take ${seconds ?? 'as long as git-sync has it'}: the pod is waited for longer, and stays ours without the setting`, () => {
    const settings = seconds === undefined ? {} : { fetchTimeoutSeconds: seconds };
    const { pod } = outcomeOf(gitSync, webPod(), { settings });
    const { container } = gitSyncIn(pod);
    assert.deepEqual(
      container.args.filter((arg: string) => arg.startsWith('--sync-timeout')),
      args,
    );
    assert.equal(container.startupProbe.failureThreshold * container.startupProbe.periodSeconds, waits);
    assert.equal(outcomeOf(gitSyncPresent, pod).outcome.decision, 'allow');
  });
}

for (const seconds of [9, 3601, 1.5, '120s', null]) {
  test(`a timeout of ${JSON.stringify(seconds)} is refused when the server starts`, () => {
    assert.throws(() => outcomeOf(gitSync, webPod(), { settings: { fetchTimeoutSeconds: seconds } }), /fetchTimeout/);
  });
}
