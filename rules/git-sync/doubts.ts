import { itemsOf } from '../pod/lists.ts';
import { annotationOf } from '../pod/metadata.ts';
import type { Pod } from '../pod/types.ts';
import { isAbbreviatedHash } from '../website/ref.ts';
import { fieldOf, keyOf } from './annotations.ts';
import type { Decision } from './decide.ts';
import { misspeltAnnotations } from './misspelt.ts';
import { endsByItself, modeOf } from './modes.ts';
import { CONTAINER } from './names.ts';

/**
 * What the author of a pod that is not refused is told, a warning each: that it gets no git-sync, where they did not have that
 * in mind, or else what they probably meant otherwise. `isNative` says that its git-sync runs on beside containers that end.
 */
export function doubtsAbout(pod: Pod, decision: Admitted, isNative = hasNative(pod)): string[] {
  if (decision.verdict === 'inject') return doubtsAboutWords(pod, isNative);
  if (UNEXPECTED.has(decision.reason)) return [`no git-sync: ${decision.sentence}`];
  return LOOKED_AT.has(decision.reason) ? doubtsAboutWords(pod, isNative) : [];
}

/** What becomes of a pod that is not refused. */
export type Admitted = Exclude<Decision, { readonly verdict: 'deny' }>;

/** Reasons for which a pod is left alone that its author did not have in mind. */
const UNEXPECTED: ReadonlySet<string> = new Set(['invalid_value', 'windows', 'conflict']);

/** Reasons for which what a pod says of git-sync may be misspelt all the same. */
const LOOKED_AT: ReadonlySet<string> = new Set(['already_injected', 'not_requested']);

function doubtsAboutWords(pod: Pod, isNative: boolean): string[] {
  const doubts: string[] = [];
  const ref = annotationOf(pod, keyOf('git-ref'));
  if (typeof ref === 'string' && isAbbreviatedHash(ref)) {
    doubts.push(`${fieldOf('git-ref')}: git-sync needs all 40 digits of a commit hash`);
  }
  if (annotationOf(pod, keyOf('git-mode')) === 'sidecar' && endsByItself(pod) && !isNative) {
    doubts.push(
      `${keyOf('git-mode')}: no sidecar: with restartPolicy ${pod.spec?.restartPolicy} the content is fetched once`,
    );
  }
  // What they meant comes first, since a long warning is cut at its end.
  for (const { name, meant } of misspeltAnnotations(pod)) {
    const hint = meant === undefined ? '' : `did you mean ${meant}? `;
    doubts.push(`${hint}git-sync knows no annotation ${keyOf(name)}`);
  }
  return doubts;
}

function hasNative(pod: Pod): boolean {
  return itemsOf(pod.spec?.initContainers).some(
    ({ item }) => item.name === CONTAINER && modeOf(item, 'initContainers') === 'native',
  );
}
