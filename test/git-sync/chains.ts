import assert from 'node:assert/strict';
import { configFrom } from '../../cli/config.ts';
import { loadRules } from '../../cli/load.ts';
import { builtInRules } from '../../rules/index.ts';
import type { JsonObject } from '../../webhook/decode.ts';
import { noLookups } from '../../webhook/lookup.ts';
import type { PatchOperation } from '../../webhook/patch.ts';
import { review } from '../../webhook/review.ts';
import { bytesOf, patchOf, responseOf } from '../engine/reviewed.ts';
import { applyOurs } from '../patch/apply.ts';

/** What became of a pod at one webhook. */
export interface Answered {
  readonly allowed: boolean;
  readonly patch: readonly PatchOperation[];
  /** The pod afterwards; the same one where there is no patch. */
  readonly pod: JsonObject;
}

export type Webhook = 'git-sync' | 'downward-api' | 'git-sync-present';

const rules = await loadRules(builtInRules, configFrom({ words: [], flags: {} }, {}));
const engine = { rules, lookups: noLookups, now: () => 0 };

/**
 * Asks a webhook of the built-in rules, configured as a server is without a configuration, about the pod's creation;
 * `bytes` are those of the review, where they have been made.
 */
export async function ask(webhook: Webhook, pod: JsonObject, bytes = bytesOf({ object: pod })): Promise<Answered> {
  const answer = await review(bytes, routeOf(webhook, pod), engine);
  assert.equal(answer.status, 200, answer.body);
  if (!responseOf(answer).allowed) return { allowed: false, patch: [], pod };
  const patch = patchOf(answer);
  return { allowed: true, patch, pod: patch.length === 0 ? pod : (applyOurs(copy(pod), patch) as JsonObject) };
}

/** Asks one after the other, each about what the one before made of the pod; gives what the last one made of it. */
export async function askAll(webhooks: readonly Webhook[], pod: JsonObject): Promise<JsonObject> {
  let last = pod;
  for (const webhook of webhooks) last = (await ask(webhook, last)).pod;
  return last;
}

function routeOf(webhook: Webhook, { metadata }: JsonObject) {
  const phase = webhook === 'git-sync-present' ? 'validating' : 'mutating';
  if (webhook !== 'downward-api') return { phase, webhook: 'git-sync', selector: 'label' } as const;
  const { labels } = metadata as { labels: JsonObject };
  const selector = 'extensions.example.com/downward-api' in labels ? 'pod' : 'namespace';
  return { phase, webhook, selector } as const;
}

function copy(pod: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(pod));
}
