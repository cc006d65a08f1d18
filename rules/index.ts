import type { Rule } from '../author.ts';
import { downwardApi } from './downward-api/downward-api.ts';
import { downwardApiLabel } from './downward-api/downward-api-label.ts';
import { gitSync } from './git-sync/git-sync.ts';
import { gitSyncPresent } from './git-sync/git-sync-present.ts';
import { podTemplate } from './pod-template/pod-template.ts';
import { websiteSchema } from './website/website-schema.ts';
import { websiteSource } from './website/website-source.ts';

/** The built-in rules, in the order in which they run. */
export const builtInRules: readonly Rule[] = [
  gitSync,
  downwardApi,
  websiteSchema,
  websiteSource,
  gitSyncPresent,
  downwardApiLabel,
  podTemplate,
];

/**
 * Which rule follows which, as follower: leader. What checks or explains another rule's work has that one's mode, unless
 * the configuration gives it one of its own: where git-sync only warns, git-sync-present would refuse every pod that asks.
 */
export const followed: { readonly [follower: string]: string } = {
  [gitSyncPresent.name]: gitSync.name,
  [downwardApiLabel.name]: downwardApi.name,
  [podTemplate.name]: gitSync.name,
};
