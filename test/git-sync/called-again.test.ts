import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gitSync } from '../../rules/git-sync/git-sync.ts';
import { outcomeOf, type Ruled } from '../pod/outcome-of.ts';
import { webPod } from './pods.ts';

const twice: { given: string; spec: object; annotations: { [name: string]: string } }[] = [
  { given: 'a sidecar', spec: {}, annotations: {} },
  { given: 'an init container', spec: {}, annotations: { 'git-mode': 'init' } },
  { given: 'a Job', spec: { restartPolicy: 'Never', initContainers: null }, annotations: {} },
];
for (const { given, spec, annotations } of twice) {
  test(`${given}: called again, even with the API server's defaults filled in, the rule has nothing to do`, () => {
    const { pod } = outcomeOf(gitSync, webPod(spec, annotations));
    for (const container of [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]) {
      container.imagePullPolicy = 'IfNotPresent';
      container.terminationMessagePath = '/dev/termination-log';
      container.volumeMounts.push({
        name: 'kube-api-access-x',
        mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
      });
    }
    assert.deepEqual(reasonOf(outcomeOf(gitSync, pod)), 'already_injected');
  });
}

test('called again after another webhook put a container first, it neither moves nor doubles the content', () => {
  const { pod } = outcomeOf(gitSync, webPod());
  pod.spec.containers.unshift({ name: 'proxy' });
  const again = outcomeOf(gitSync, pod);
  assert.equal(reasonOf(again), 'already_injected');
  assert.deepEqual(again.patch, []);
});

test('the container that fetches is never the one that serves, even when it comes first', () => {
  const { pod } = outcomeOf(gitSync, webPod());
  delete pod.spec.containers[0].volumeMounts;
  pod.spec.containers.reverse();
  const { patch } = outcomeOf(gitSync, pod);
  assert.deepEqual(
    patch.map(({ path }) => path),
    ['/spec/containers/1/volumeMounts'],
  );
});

test('an image brought from a mirror by another webhook is still ours', () => {
  const { pod } = outcomeOf(gitSync, webPod());
  pod.spec.containers[1].image = 'mirror/git-sync/git-sync:v4.7.1';
  assert.equal(reasonOf(outcomeOf(gitSync, pod)), 'already_injected');
});

test('a container that runs as a native sidecar is found among the init containers', () => {
  const { pod } = outcomeOf(gitSync, webPod());
  pod.spec.initContainers = [{ ...pod.spec.containers.pop(), restartPolicy: 'Always' }];
  assert.equal(reasonOf(outcomeOf(gitSync, pod)), 'already_injected');
});

const halves: { removed: string; remove: (pod: Ruled['pod']) => void }[] = [
  { removed: 'the container', remove: (pod) => pod.spec.containers.pop() },
  { removed: 'the volumes', remove: (pod) => delete pod.spec.volumes },
  { removed: 'the mount', remove: (pod) => delete pod.spec.containers[0].volumeMounts },
];
for (const { removed, remove } of halves) {
  test(`a copy of an injected pod without ${removed} gets that back, and nothing twice`, () => {
    const { pod } = outcomeOf(gitSync, webPod());
    const whole = structuredClone(pod);
    remove(pod);
    assert.deepEqual(outcomeOf(gitSync, pod).pod, whole);
  });
}

function reasonOf({ outcome }: Ruled): string {
  return outcome.decision === 'skip' ? outcome.reason : outcome.decision;
}
