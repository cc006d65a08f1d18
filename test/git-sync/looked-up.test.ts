import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gitSync } from '../../rules/git-sync/git-sync.ts';
import { gitSyncPresent } from '../../rules/git-sync/git-sync-present.ts';
import type { JsonObject } from '../../webhook/decode.ts';
import type { Lookups } from '../../webhook/lookup.ts';
import { review } from '../../webhook/review.ts';
import { bytesOf, engineOf, failureOf, responseOf } from '../engine/reviewed.ts';
import { filledIn } from '../pod/outcome-of.ts';
import { website } from '../website/decision-of.ts';
import { webPod, websitePod } from './pods.ts';

const LABEL = 'extensions.example.com/git-sync';
const WEBSITE = 'extensions.example.com/website';

const asked: { given: string; pod: object; selector?: string; found: string[] }[] = [
  { given: 'it names a Website', pod: websitePod(), found: ['websites web/kubia'] },
  {
    given: 'it has a git-sync that has to be compared',
    pod: websitePod({ containers: [{ name: 'web' }, { name: 'git-sync' }] }),
    found: ['websites web/kubia'],
  },
  {
    given: 'it asks by the other label too',
    pod: websitePod({}, {}, { [LABEL]: 'true' }),
    found: ['websites web/kubia'],
  },
  { given: 'it says itself what is fetched', pod: webPod(), selector: 'label', found: [] },
  { given: 'its namespace asks', pod: unlabelled(), selector: 'namespace', found: [] },
  { given: 'it is opted out', pod: websitePod({}, {}, { [LABEL]: 'false' }), found: [] },
  { given: 'its other label says something else', pod: websitePod({}, {}, { [LABEL]: 'yes' }), found: [] },
  { given: 'it is a mirror pod', pod: websitePod({}, { 'kubernetes.io/config.mirror': '5b1f' }), found: [] },
  { given: 'it is for Windows', pod: websitePod({ os: { name: 'windows' } }), found: [] },
  { given: 'it has no containers', pod: websitePod({ containers: [] }), found: [] },
  { given: 'its label is empty', pod: websitePod({}, {}, { [WEBSITE]: '' }), found: [] },
  { given: 'its label is no text', pod: websitePod({}, {}, { [WEBSITE]: 7 }), found: [] },
];
for (const rule of [gitSync, gitSyncPresent]) {
  for (const { given, pod, selector = 'website', found } of asked) {
    test(`${rule.name} looks up ${found.join() || 'nothing'} for a pod where ${given}`, async () => {
      const names: string[] = [];
      const find: Lookups['find'] = async ({ resource }, namespace, name) => {
        names.push(`${resource} ${namespace}/${name}`);
        return website();
      };
      const answer = await reviewedBy(rule, pod, selector, { find });
      assert.equal(answer.status, 200, answer.body);
      assert.deepEqual(names, found);
    });
  }

  test(`${rule.name} fails, and admits nobody, where a Website cannot be known`, async () => {
    const find: Lookups['find'] = async () => {
      throw new Error('websites are not synced yet');
    };
    assert.match(failureOf(await reviewedBy(rule, websitePod(), 'website', { find })), /not synced yet/);
    // Whoever names none does not notice.
    assert.equal(responseOf(await reviewedBy(rule, unlabelled(), 'label', { find })).allowed, true);
  });
}

function reviewedBy(rule: typeof gitSync, pod: object, selector: string, lookups: Lookups) {
  const engine = engineOf([rule], { lookups, settings: filledIn(rule, {}) });
  const route = { phase: rule.phase, webhook: 'git-sync', selector };
  return review(bytesOf({ object: pod as JsonObject }), route, engine);
}

/** A pod that says which repository, and leaves it to its namespace to ask. */
function unlabelled(): object {
  const pod = webPod() as { metadata: { labels: object } };
  return { ...pod, metadata: { ...pod.metadata, labels: {} } };
}
