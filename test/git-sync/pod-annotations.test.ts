import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gitSync } from '../../rules/git-sync/git-sync.ts';
import { outcomeOf } from '../pod/outcome-of.ts';
import { webPod } from './pods.ts';

const evictable = 'cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes';
const annotated: { given: string; annotations: { [key: string]: string }; key: string; value: string | undefined }[] = [
  {
    given: 'a list of local volumes',
    annotations: { [evictable]: 'a, b' },
    key: evictable,
    value: 'a, b,git-sync-content,git-sync-tmp',
  },
  {
    given: 'a list with one of ours',
    annotations: { [evictable]: 'git-sync-tmp' },
    key: evictable,
    value: 'git-sync-tmp,git-sync-content',
  },
  {
    given: 'a list with one of ours after a blank',
    annotations: { [evictable]: 'a, git-sync-tmp' },
    key: evictable,
    value: 'a, git-sync-tmp,git-sync-content',
  },
  { given: 'an empty list', annotations: { [evictable]: '' }, key: evictable, value: 'git-sync-content,git-sync-tmp' },
  {
    given: 'a decision on eviction of its own',
    annotations: { 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false' },
    key: evictable,
    value: undefined,
  },
  {
    given: 'a default container of its own',
    annotations: { 'kubectl.kubernetes.io/default-container': 'log' },
    key: 'kubectl.kubernetes.io/default-container',
    value: 'log',
  },
];
for (const { given, annotations, key, value } of annotated) {
  test(`a pod with ${given}: its word stands`, () => {
    assert.equal(outcomeOf(gitSync, webPod({}, annotations)).pod.metadata.annotations[key], value);
  });
}
