import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gitSync } from '../../rules/git-sync/git-sync.ts';
import { outcomeOf } from '../pod/outcome-of.ts';
import { REPO, webPod } from './pods.ts';

const LABEL = 'extensions.example.com/git-sync';

const skips: { given: string; pod: object; reason: string }[] = [
  { given: 'the label says "false"', pod: labelled('false'), reason: 'opted_out' },
  { given: 'the label says "True"', pod: labelled('True'), reason: 'invalid_value' },
  { given: 'the label says "enabled"', pod: labelled('enabled'), reason: 'invalid_value' },
  { given: 'the label says nothing', pod: labelled(''), reason: 'invalid_value' },
  { given: 'there is no label', pod: { metadata: { labels: {} }, spec: {} }, reason: 'not_requested' },
  { given: 'the label is null', pod: { metadata: { labels: { [LABEL]: null } }, spec: {} }, reason: 'not_requested' },
  { given: 'labels are null', pod: { metadata: { labels: null }, spec: {} }, reason: 'not_requested' },
  { given: 'there is no metadata', pod: { spec: {} }, reason: 'not_requested' },
  { given: 'a mirror pod', pod: webPod({}, { 'kubernetes.io/config.mirror': '5b1f' }), reason: 'mirror_pod' },
  { given: 'a pod for Windows', pod: webPod({ os: { name: 'windows' } }), reason: 'windows' },
  {
    given: 'a pod that selects Windows nodes',
    pod: webPod({ nodeSelector: { 'kubernetes.io/os': 'windows' } }),
    reason: 'windows',
  },
  {
    given: 'a pod that selects Windows nodes by the label of old',
    pod: webPod({ nodeSelector: { 'beta.kubernetes.io/os': 'windows' } }),
    reason: 'windows',
  },
  { given: 'no containers', pod: webPod({ containers: [] }), reason: 'no_containers' },
  { given: 'containers of null', pod: webPod({ containers: null }), reason: 'no_containers' },
  { given: 'containers that are no list', pod: webPod({ containers: { 0: {} } }), reason: 'no_containers' },
  { given: 'containers that are none', pod: webPod({ containers: [null, 'web', 7] }), reason: 'no_containers' },
  {
    given: 'a spec of null',
    pod: { ...webPod(), spec: null },
    reason: 'no_containers',
  },
];
for (const { given, pod, reason } of skips) {
  test(`${given}: left alone, reason ${reason}`, () => {
    const { outcome, patch } = outcomeOf(gitSync, pod);
    assert.equal(outcome.decision === 'skip' ? outcome.reason : JSON.stringify(outcome), reason);
    assert.deepEqual(patch, []);
  });
}

const injected: { given: string; pod: object }[] = [
  { given: 'a pod for Linux', pod: webPod({ os: { name: 'linux' }, nodeSelector: { 'kubernetes.io/os': 'linux' } }) },
  { given: 'a pod of the host network', pod: webPod({ hostNetwork: true }) },
  { given: 'a node selector of null', pod: webPod({ nodeSelector: null, os: null }) },
  { given: 'lists with nothing in some places', pod: webPod({ volumes: [null], containers: [null, { name: 'web' }] }) },
  { given: 'lists that are none', pod: webPod({ volumes: 'v', containers: [{ name: 'web', volumeMounts: 7 }] }) },
  { given: 'init and ephemeral containers of null', pod: webPod({ initContainers: null, ephemeralContainers: null }) },
  {
    given: 'mounts without a path',
    pod: webPod({ containers: [{ name: 'web', volumeMounts: [{ name: 'x' }, null] }] }),
  },
  { given: 'a container without a name', pod: webPod({ containers: [{}] }) },
  {
    given: 'optional annotations of null',
    pod: webPod({}, { 'git-container': null, 'git-secret': null, 'git-ref': null }),
  },
  {
    given: 'a marker of an injection that is not there',
    pod: webPod({}, { 'git-sync-status': 'injected' }),
  },
  {
    given: 'labels named as the members of every object',
    pod: {
      metadata: {
        labels: JSON.parse(`{"__proto__":"x","constructor":"y","${LABEL}":"true"}`),
        annotations: JSON.parse(`{"__proto__":{},"constructor":"y","extensions.example.com/git-repo":"${REPO}"}`),
      },
      spec: { containers: [{ name: 'web' }] },
    },
  },
];
for (const { given, pod } of injected) {
  test(`${given}: gets its container all the same`, () => {
    const { outcome, pod: after } = outcomeOf(gitSync, pod);
    assert.equal(outcome.decision, 'allow', JSON.stringify(outcome));
    assert.equal(after.spec.containers.at(-1).name, 'git-sync');
  });
}

const ofNamespace: { given: string; pod: object; selector: string | undefined; decision: string }[] = [
  { given: 'says which repository', pod: unlabelled(), selector: 'namespace', decision: 'allow' },
  {
    given: 'names no repository',
    pod: unlabelled({ 'git-repo': null }),
    selector: 'namespace',
    decision: 'not_requested',
  },
  {
    given: 'names no repository, but what of one',
    pod: unlabelled({ 'git-repo': null, 'git-ref': 'main', 'git-period': '1' }),
    selector: 'namespace',
    decision: 'not_requested',
  },
  { given: 'says which repository, and nobody asks', pod: unlabelled(), selector: 'label', decision: 'not_requested' },
  {
    given: 'says which repository, and nobody is named',
    pod: unlabelled(),
    selector: undefined,
    decision: 'not_requested',
  },
  { given: 'opts out', pod: webPodLabelled('false'), selector: 'namespace', decision: 'opted_out' },
  { given: 'has an empty repository', pod: unlabelled({ 'git-repo': '' }), selector: 'namespace', decision: 'deny' },
  {
    given: 'is for Windows',
    pod: { ...unlabelled(), spec: { os: { name: 'windows' }, containers: [{ name: 'web' }] } },
    selector: 'namespace',
    decision: 'windows',
  },
];
for (const { given, pod, selector, decision } of ofNamespace) {
  test(`a pod that ${given}, by the selector ${selector}: ${decision}`, () => {
    const { outcome, patch } = outcomeOf(gitSync, pod, { selector });
    assert.equal(outcome.decision === 'skip' ? outcome.reason : outcome.decision, decision);
    assert.equal(patch.length > 0, decision === 'allow');
  });
}

test('a label that is only inherited asks for nothing', () => {
  const labels = JSON.parse(`{"__proto__":{"${LABEL}":"true"}}`);
  const { outcome } = outcomeOf(gitSync, { ...webPod(), metadata: { labels } });
  assert.equal(outcome.decision === 'skip' && outcome.reason, 'not_requested');
});

test('a pod of a hundred containers gets one mount, in the container that it names', () => {
  const containers = Array.from({ length: 100 }, (_, index) => ({ name: `c${index}` }));
  const { pod } = outcomeOf(gitSync, webPod({ containers }, { 'git-container': 'c99' }));
  const mounting = pod.spec.containers.filter(({ volumeMounts }: { volumeMounts?: object[] }) => volumeMounts);
  assert.deepEqual(
    mounting.map(({ name }: { name: string }) => name),
    ['c99', 'git-sync'],
  );
});

/** A pod that leaves it to its namespace to ask. */
function unlabelled(annotations: { [name: string]: unknown } = {}): { metadata: object } {
  const pod = webPod({}, annotations) as { metadata: object };
  return { ...pod, metadata: { ...pod.metadata, labels: null } };
}

function webPodLabelled(value: string): object {
  const pod = unlabelled();
  return { ...pod, metadata: { ...pod.metadata, labels: { [LABEL]: value } } };
}

function labelled(value: string): object {
  return { metadata: { labels: { [LABEL]: value } }, spec: { containers: [{ name: 'web' }] } };
}
