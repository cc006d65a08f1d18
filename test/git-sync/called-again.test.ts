import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gitSync } from '../../rules/git-sync/git-sync.ts';
import { gitSyncPresent } from '../../rules/git-sync/git-sync-present.ts';
import { outcomeOf, type Ruled } from '../pod/outcome-of.ts';
import { withDefaults } from './api-server-defaults.ts';
import { webPod } from './pods.ts';

const HTTPS = { 'git-secret': 'key' };
const SSH = { 'git-repo': 'git@h.example:r', 'git-secret': 'key' };
const twice: { given: string; spec?: object; annotations?: { [name: string]: string }; sidecar?: string }[] = [
  { given: 'a sidecar' },
  { given: 'a sidecar with a password', annotations: HTTPS },
  { given: 'a native sidecar', sidecar: 'native' },
  { given: 'a native sidecar with a key', annotations: SSH, sidecar: 'native' },
  { given: 'an init container', annotations: { 'git-mode': 'init' } },
  { given: 'an init container with a key', annotations: { ...SSH, 'git-mode': 'init' } },
  { given: 'an init container where native sidecars are', annotations: { 'git-mode': 'init' }, sidecar: 'native' },
  { given: 'a Job', spec: { restartPolicy: 'Never', initContainers: null } },
  {
    given: 'a Job with a native sidecar and a password',
    spec: { restartPolicy: 'Never' },
    annotations: HTTPS,
    sidecar: 'native',
  },
  { given: 'a mount-path', annotations: { 'mount-path': '/srv/site' } },
];
for (const { given, spec = {}, annotations = {}, sidecar = 'auto' } of twice) {
  test(`${given}: called again, even with the API server's defaults filled in, the rules have nothing to do`, () => {
    const { outcome, pod } = outcomeOf(gitSync, webPod(spec, annotations), { settings: { sidecar } });
    assert.equal(outcome.decision, 'allow', JSON.stringify(outcome));
    for (const after of [pod, withDefaults(pod)]) {
      // By a replica that knows the same, another version of the API server, and none.
      for (const kubeVersion of [undefined, { major: 1, minor: 20 }, { major: 1, minor: 36 }]) {
        const again = outcomeOf(gitSync, after, { settings: { sidecar: 'auto' }, kubeVersion });
        assert.equal(reasonOf(again), 'already_injected');
        assert.deepEqual(again.patch, []);
      }
      assert.deepEqual(outcomeOf(gitSyncPresent, after).outcome, { decision: 'allow', warnings: [] });
    }
  });
}

test('called again after another webhook put a container first, it neither moves nor doubles the content', () => {
  const { pod } = outcomeOf(gitSync, webPod());
  pod.spec.containers.unshift({ name: 'proxy' });
  const again = outcomeOf(gitSync, pod);
  assert.equal(reasonOf(again), 'already_injected');
  assert.deepEqual(again.patch, []);
});

test('the container that fetches is never the one that serves, nor the one to look at, even when it comes first', () => {
  const { pod } = outcomeOf(gitSync, webPod());
  delete pod.spec.containers[0].volumeMounts;
  delete pod.metadata.annotations['kubectl.kubernetes.io/default-container'];
  pod.spec.containers.reverse();
  const { patch, pod: after } = outcomeOf(gitSync, pod);
  assert.deepEqual(
    patch.map(({ path }) => path).filter((path) => path.startsWith('/spec')),
    ['/spec/containers/1/volumeMounts'],
  );
  assert.equal(after.metadata.annotations['kubectl.kubernetes.io/default-container'], 'web');
});

const halves: { [removed: string]: (pod: Ruled['pod']) => void } = {
  'the container': ({ spec }) => {
    spec.initContainers = spec.initContainers?.filter(isNotGitSync) ?? [];
    spec.containers = spec.containers.filter(isNotGitSync);
  },
  'the volumes': ({ spec }) => delete spec.volumes,
  'one volume': ({ spec }) => spec.volumes.pop(),
  'the mount': ({ spec }) => delete spec.containers[0].volumeMounts,
};
for (const [removed, remove] of Object.entries(halves)) {
  for (const sidecar of ['classic', 'native']) {
    test(`a copy of a pod with a ${sidecar} git-sync without ${removed} gets that back, and nothing twice`, () => {
      const settings = { sidecar };
      const { pod } = outcomeOf(gitSync, webPod({ initContainers: [] }, HTTPS), { settings });
      const whole = structuredClone(pod);
      remove(pod);
      assert.equal(outcomeOf(gitSyncPresent, pod).outcome.decision, 'deny', 'and is not one without it');
      assert.deepEqual(outcomeOf(gitSync, pod, { settings }).pod, whole);
    });
  }
}

function isNotGitSync({ name }: { name: string }): boolean {
  return name !== 'git-sync';
}

function reasonOf({ outcome }: Ruled): string {
  return outcome.decision === 'skip' ? outcome.reason : outcome.decision;
}
