import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gitSync } from '../../rules/git-sync/git-sync.ts';
import { gitSyncPresent } from '../../rules/git-sync/git-sync-present.ts';
import { outcomeOf, type Ruled } from '../pod/outcome-of.ts';
import { webPod } from './pods.ts';

const LABEL = 'extensions.example.com/git-sync';
const CAUSE = 'the mutating webhook git-sync was not called, or another webhook undid its work';

for (const annotations of [{}, { 'git-mode': 'init' }, { 'git-container': 'web', 'content-path': '/data/html' }]) {
  test(`a pod that asked with ${JSON.stringify(annotations)} and got its container is admitted without a word`, () => {
    const { pod } = outcomeOf(gitSync, webPod({}, annotations));
    assert.deepEqual(outcomeOf(gitSyncPresent, pod).outcome, { decision: 'allow', warnings: [] });
  });
}

const absences: { removed: string; remove: (pod: Ruled['pod']) => void; has: string }[] = [
  {
    removed: 'nothing was ever added',
    remove: (pod) => Object.assign(pod, webPod()),
    has: 'no container git-sync, no volume git-sync-content, no volume git-sync-tmp, no whole mount of git-sync-content in container "web"',
  },
  { removed: 'the container is gone', remove: (pod) => pod.spec.containers.pop(), has: 'no container git-sync' },
  { removed: 'a volume is gone', remove: (pod) => pod.spec.volumes.shift(), has: 'no volume git-sync-content' },
  {
    removed: 'the mount is gone',
    remove: (pod) => pod.spec.containers[0].volumeMounts.pop(),
    has: 'no whole mount of git-sync-content in container "web"',
  },
];
for (const { removed, remove, has } of absences) {
  test(`a pod that asked, where ${removed}, is refused and says what is missing`, () => {
    const { pod } = outcomeOf(gitSync, webPod());
    remove(pod);
    const text = `the pod asked for git-sync and did not get it: it has ${has}; ${CAUSE}`;
    assert.deepEqual(outcomeOf(gitSyncPresent, pod).outcome, { decision: 'deny', problems: [text] });
  });
}

test('a container that another webhook made to fetch something else is refused', () => {
  const { pod } = outcomeOf(gitSync, webPod());
  pod.spec.containers[1].args[0] = '--repo=https://elsewhere.example/r';
  const { outcome } = outcomeOf(gitSyncPresent, pod);
  assert.equal(
    outcome.decision === 'deny' && JSON.stringify(outcome.problems).includes('spec.containers[1].name'),
    true,
  );
});

test('annotations that the mutating rule would refuse are refused here too', () => {
  assert.equal(outcomeOf(gitSyncPresent, webPod({}, { 'git-period': '1' })).outcome.decision, 'deny');
});

test('which hosts are allowed is for git-sync alone to say', () => {
  const { pod } = outcomeOf(gitSync, webPod());
  const { outcome } = outcomeOf(gitSyncPresent, pod, { settings: { allowedHosts: ['git.example.com'] } });
  assert.deepEqual(outcome, { decision: 'allow', warnings: [] });
});

test('a host that git-sync was told to allow, which it would not otherwise, is not refused afterwards', () => {
  const given = webPod({}, { 'git-repo': 'https://127.0.0.1/r' });
  const { pod } = outcomeOf(gitSync, given, { settings: { allowedHosts: ['127.0.0.1'] } });
  assert.deepEqual(outcomeOf(gitSyncPresent, pod).outcome, { decision: 'allow', warnings: [] });
});

const warned: { given: string; pod: object; warning: string }[] = [
  {
    given: 'the label says "yes"',
    pod: { metadata: { labels: { [LABEL]: 'yes' } }, spec: {} },
    warning: `no git-sync: ${LABEL}: "yes" is neither "true" nor "false"`,
  },
  {
    given: 'the pod is for Windows',
    pod: webPod({ os: { name: 'windows' } }),
    warning: 'no git-sync: git-sync has no image for Windows',
  },
  {
    given: 'the ref looks like half a hash',
    pod: outcomeOf(gitSync, webPod({}, { 'git-ref': 'deadbee' })).pod,
    warning: 'metadata.annotations[extensions.example.com/git-ref]: git-sync needs all 40 digits of a commit hash',
  },
  {
    given: 'a sidecar is asked for in a pod that ends',
    pod: outcomeOf(gitSync, webPod({ restartPolicy: 'OnFailure' }, { 'git-mode': 'sidecar' })).pod,
    warning: 'extensions.example.com/git-mode: no sidecar: with restartPolicy OnFailure the content is fetched once',
  },
  ...Object.entries({
    'git-Ref': 'git-ref',
    'git-perod': 'git-period',
    'git-submodule': 'git-submodules',
    'git-dpeth': 'git-depth',
    'git-container-name': 'git-container',
    'Git-Repo': 'git-repo',
  }).map(([name, meant]) => ({
    given: `an annotation is spelt ${name}`,
    pod: outcomeOf(gitSync, webPod({}, { [name]: 'x' })).pod,
    warning: `did you mean ${meant}? git-sync knows no annotation extensions.example.com/${name}`,
  })),
  ...['git-branch', 'git-sync', 'git-'].map((name) => ({
    given: `an annotation ${name} resembles none that is known`,
    pod: outcomeOf(gitSync, webPod({}, { [name]: 'x' })).pod,
    warning: `git-sync knows no annotation extensions.example.com/${name}`,
  })),
];
for (const { given, pod, warning } of warned) {
  test(`${given}: admitted, with a warning`, () => {
    assert.deepEqual(outcomeOf(gitSyncPresent, pod).outcome, { decision: 'allow', warnings: [warning] });
    assert.ok(`[git-sync-present] ${warning}`.length <= 120, 'it fits in a warning');
  });
}

const silent: { given: string; pod: object }[] = [
  { given: 'the label says "false"', pod: { metadata: { labels: { [LABEL]: 'false' } }, spec: {} } },
  { given: 'half a hash that nobody fetches', pod: optedOut({ 'git-ref': 'deadbee' }) },
  { given: 'an annotation that git-sync does not know and nobody reads', pod: optedOut({ 'git-perod': '5m' }) },
  {
    given: 'a sidecar is asked for in a pod that goes on',
    pod: outcomeOf(gitSync, webPod({}, { 'git-mode': 'sidecar' })).pod,
  },
  {
    given: 'a pod that ends says nothing of a mode',
    pod: outcomeOf(gitSync, webPod({ restartPolicy: 'Never' })).pod,
  },
  {
    given: 'annotations of others that begin with git-, and one of ours that does not',
    pod: outcomeOf(gitSync, webPod({}, { 'example.com/git-repos': 'x', 'repo-git': 'x', team: 'x' })).pod,
  },
  { given: 'a mirror pod', pod: webPod({}, { 'kubernetes.io/config.mirror': '5b1f' }) },
  { given: 'no containers', pod: webPod({ containers: null }) },
  { given: 'a pod that is hardly one', pod: {} },
];
for (const { given, pod } of silent) {
  test(`${given}: admitted without a word`, () => {
    assert.deepEqual(outcomeOf(gitSyncPresent, pod).outcome, { decision: 'allow', warnings: [] });
  });
}

test('both rules are asked about the same pods', () => {
  assert.deepEqual(gitSyncPresent.routing, gitSync.routing);
});

function optedOut(annotations: { [name: string]: string }): object {
  const pod = webPod({}, annotations) as { metadata: { labels: { [key: string]: string } } };
  pod.metadata.labels[LABEL] = 'false';
  return pod;
}
