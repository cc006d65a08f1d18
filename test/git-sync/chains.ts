import assert from 'node:assert/strict';
import type { KubeVersion } from '../../author.ts';
import { configFrom } from '../../cli/config.ts';
import { loadRules } from '../../cli/load.ts';
import { builtInRules } from '../../rules/index.ts';
import type { JsonObject } from '../../webhook/decode.ts';
import { type RulesInForce, rulesInForce } from '../../webhook/match.ts';
import type { PatchOperation } from '../../webhook/patch.ts';
import { review } from '../../webhook/review.ts';
import { bytesOf, responseOf } from '../engine/reviewed.ts';
import { applyOurs } from '../patch/apply.ts';

/** What became of a pod at one webhook. */
export interface Answered {
  readonly allowed: boolean;
  readonly patch: readonly PatchOperation[];
  /** The pod afterwards; the same one where there is no patch. */
  readonly pod: JsonObject;
  readonly warnings: readonly string[];
  /** The fields that a denial names. */
  readonly fields: readonly string[];
}

export type Webhook = 'git-sync' | 'downward-api' | 'git-sync-present';

/** Where a pod is made. */
export interface Place {
  /** What a Website's name leads to, whatever name it is. */
  readonly website: unknown;
  /** As the operator says it. */
  readonly sidecar: (typeof SIDECARS)[number];
  /** The API server's. */
  readonly kubeVersion: KubeVersion | undefined;
}

export const SIDECARS = ['auto', 'native', 'classic'] as const;

const usual = await loadRules(builtInRules, configFrom({ words: [], flags: {} }, {}));
const rules = Object.fromEntries(SIDECARS.map((sidecar) => [sidecar, withSidecar(usual, sidecar)]));

/**
 * Asks a webhook of the built-in rules, configured as a server is with no other word than that of the sidecar, about the
 * pod's creation; `bytes` are those of the review, where they have been made.
 */
export async function ask(
  webhook: Webhook,
  pod: JsonObject,
  { website, sidecar, kubeVersion }: Place,
  bytes = bytesOf({ object: pod }),
): Promise<Answered> {
  const lookups = { find: async () => structuredClone(website) };
  const engine = { rules: rules[sidecar] ?? usual, lookups, kubeVersion, now: () => 0 };
  const answer = await review(bytes, routeOf(webhook, pod), engine);
  assert.equal(answer.status, 200, answer.body);
  const { allowed, warnings = [], status } = responseOf(answer);
  const { details } = (status ?? {}) as { details?: { causes: { field: string }[] } };
  const told = { warnings, fields: details?.causes.map(({ field }) => field) ?? [] };
  const operations = JSON.parse(answer.body).response.patch ?? '';
  const patch = operations === '' ? [] : JSON.parse(Buffer.from(operations, 'base64').toString());
  const after = patch.length === 0 ? pod : (applyOurs(copy(pod), patch) as JsonObject);
  return { allowed, patch, pod: after, ...told };
}

/** Asks one after the other, each about what the one before made of the pod; gives what the last one made of it. */
export async function askAll(webhooks: readonly Webhook[], pod: JsonObject, place: Place): Promise<JsonObject> {
  let last = pod;
  for (const webhook of webhooks) last = (await ask(webhook, last, place)).pod;
  return last;
}

/** The selector of git-sync that the pod's labels meet: that of its namespace, which asks, where it has none. */
export function selectorOf({ metadata }: JsonObject): 'website' | 'label' | 'namespace' {
  const { labels } = metadata as { labels: JsonObject };
  if ('extensions.example.com/website' in labels) return 'website';
  return 'extensions.example.com/git-sync' in labels ? 'label' : 'namespace';
}

function routeOf(webhook: Webhook, pod: JsonObject) {
  const phase = webhook === 'git-sync-present' ? 'validating' : 'mutating';
  if (webhook !== 'downward-api') return { phase, webhook: 'git-sync', selector: selectorOf(pod) } as const;
  const { labels } = pod.metadata as { labels: JsonObject };
  const selector = 'extensions.example.com/downward-api' in labels ? 'pod' : 'namespace';
  return { phase, webhook, selector } as const;
}

function withSidecar({ rules, ignoredNamespaces }: RulesInForce, sidecar: string): RulesInForce {
  const set = rules.map((entry) => {
    return entry.rule.name === 'git-sync' ? { ...entry, settings: { ...(entry.settings as object), sidecar } } : entry;
  });
  return rulesInForce(set, ignoredNamespaces);
}

function copy(pod: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(pod));
}
