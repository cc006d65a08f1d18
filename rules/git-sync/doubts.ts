import { itemsOf } from '../pod/lists.ts';
import { annotationOf } from '../pod/metadata.ts';
import type { Pod } from '../pod/types.ts';
import { isAbbreviatedHash } from '../website/ref.ts';
import { fieldOf, keyOf } from './annotations.ts';
import { misspeltAnnotations } from './misspelt.ts';
import { endsByItself, modeOf } from './modes.ts';
import { CONTAINER } from './names.ts';

/** What the author of a pod with git-sync probably meant otherwise, a warning each. */
export function doubtsAbout(pod: Pod): string[] {
  const doubts: string[] = [];
  const ref = annotationOf(pod, keyOf('git-ref'));
  if (typeof ref === 'string' && isAbbreviatedHash(ref)) {
    doubts.push(`${fieldOf('git-ref')}: git-sync needs all 40 digits of a commit hash`);
  }
  if (annotationOf(pod, keyOf('git-mode')) === 'sidecar' && endsByItself(pod) && !hasNative(pod)) {
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
