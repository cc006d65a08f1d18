import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Logger } from 'pino';
import { gitSync } from '../../rules/git-sync/git-sync.ts';
import { gitSyncPresent } from '../../rules/git-sync/git-sync-present.ts';
import type { JsonObject } from '../../webhook/decode.ts';
import { review } from '../../webhook/review.ts';
import { logReview } from '../../webhook/review-log.ts';
import { summaryOf } from '../../webhook/summary.ts';
import { bytesOf, engineOf } from '../engine/reviewed.ts';
import { filledIn } from '../pod/outcome-of.ts';
import { website } from '../website/decision-of.ts';
import { webPod, websitePod } from './pods.ts';

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

/** Each a credential, or a part of one that no hiding would leave whole. */
const SECRETS = ['hunter2', 'ghp_hunter2', 'hun$(ter2', 'hunter2/..'];

/** Everywhere in a pod, and in the Website that it names, where somebody might paste an address. */
const PLACES: { [place: string]: (text: string) => { pod: object; found?: unknown } } = {
  'the annotation git-repo': (text) => ({ pod: webPod({}, { 'git-repo': text }) }),
  "a Website's spec.gitRepo": (text) => ({ pod: websitePod(), found: website({ gitRepo: text }) }),
  "a Website's spec.ref": (text) => ({ pod: websitePod(), found: website({ ref: text }) }),
  "a Website's spec.period": (text) => ({ pod: websitePod(), found: website({ period: text }) }),
  "a Website's spec.submodules": (text) => ({ pod: websitePod(), found: website({ submodules: text }) }),
  "a Website's spec.credentials.secretName": (text) => ({
    pod: websitePod(),
    found: website({ credentials: { secretName: text } }),
  }),
  'the label of a Website': (text) => ({ pod: websitePod({}, {}, { 'extensions.example.com/website': text }) }),
  'the label of a Website, and git-repo besides': (text) => ({
    pod: websitePod({}, { 'git-repo': text }, { 'extensions.example.com/website': text }),
  }),
};
const ANNOTATIONS = [
  ...['git-ref', 'git-period', 'git-depth', 'git-submodules', 'git-secret'],
  ...['git-mode', 'git-container', 'content-path', 'mount-path'],
];
for (const name of ANNOTATIONS) PLACES[`the annotation ${name}`] = (text) => ({ pod: webPod({}, { [name]: text }) });

for (const [place, given] of Object.entries(PLACES)) {
  test(`a credential in ${place} is refused, and neither message, causes, warnings nor log say it`, async () => {
    for (const carrier of CARRIERS) {
      for (const secret of SECRETS) {
        const text = carrier(secret);
        const { pod, found } = given(text);
        for (const rule of [gitSync, gitSyncPresent]) {
          const { allowed, said } = await saidBy(rule, pod, found);
          assert.equal(allowed, false, text);
          assert.ok(!said.includes('hun') && !said.includes('ter2'), `${text}: ${said}`);
        }
      }
    }
  });
}

test('a token, a password and a key in place of a Secret are not said either', async () => {
  for (const secret of [
    'ghp_hunter2',
    'Hunter2',
    'alice:hunter2',
    '-----BEGIN KEY-----\nhunter2\n',
    'aHVudGVy/hunter2==',
  ]) {
    for (const { pod, found } of [
      { pod: webPod({}, { 'git-secret': secret }), found: undefined },
      { pod: websitePod(), found: website({ credentials: { secretName: secret } }) },
    ]) {
      const { allowed, said } = await saidBy(gitSync, pod, found);
      assert.equal(allowed, false, secret);
      assert.ok(!/hunter2/i.test(said), said);
    }
  }
});

/** All that a rule's answer says, and all that the log says of it. */
async function saidBy(rule: typeof gitSync, pod: object, found: unknown): Promise<{ allowed: boolean; said: string }> {
  const lookups = { find: async () => found };
  const engine = engineOf([rule], { lookups, settings: filledIn(rule, {}) });
  const selector = JSON.stringify(pod).includes('example.com/website') ? 'website' : 'label';
  const route = { phase: rule.phase, webhook: 'git-sync', selector };
  const reviewed = await review(bytesOf({ object: pod as JsonObject }), route, engine);
  const lines: unknown[] = [];
  const write = (line: unknown) => lines.push(line);
  logReview({ info: write, warn: write, error: write } as unknown as Logger, summaryOf(reviewed), '/mutate/git-sync', {
    seconds: 0,
    nearMiss: undefined,
  });
  assert.equal(lines.length, 1, 'there is a line');
  const { response } = JSON.parse(reviewed.body);
  assert.ok(response.status.details === undefined || response.status.details.causes.length > 0);
  return { allowed: response.allowed, said: reviewed.body + JSON.stringify(lines) };
}
