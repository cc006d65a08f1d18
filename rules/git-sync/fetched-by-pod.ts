import { annotationOf } from '../pod/metadata.ts';
import type { Pod } from '../pod/types.ts';
import { type AnnotationName, fieldOf, keyOf } from './annotations.ts';
import { type Fetched, type FetchSettings, fetchedFrom, type Place } from './fetched.ts';
import { misspeltAnnotations } from './misspelt.ts';

/** The annotation that says each part. */
export const ANNOTATIONS = {
  repo: 'git-repo',
  ref: 'git-ref',
  period: 'git-period',
  depth: 'git-depth',
  submodules: 'git-submodules',
  secret: 'git-secret',
} as const satisfies { readonly [part in keyof Fetched]: AnnotationName };

/** What a pod's own annotations ask git-sync to fetch, and what is wrong with them. */
export function fetchedByPod(pod: Pod, settings: FetchSettings | undefined): ReturnType<typeof fetchedFrom> {
  const at = (part: keyof Fetched): Place => {
    const name = ANNOTATIONS[part];
    return { value: annotationOf(pod, keyOf(name)), field: fieldOf(name) };
  };
  const places = {
    repo: at('repo'),
    ref: at('ref'),
    period: at('period'),
    depth: at('depth'),
    submodules: at('submodules'),
    secret: at('secret'),
  };
  return fetchedFrom(places, { settings, whichRepo: () => whichRepo(pod) });
}

function whichRepo(pod: Pod): string {
  const misspelt = misspeltAnnotations(pod).find(({ meant }) => meant === 'git-repo');
  const hint = misspelt === undefined ? '' : `; ${keyOf(misspelt.name)} is not known`;
  return `a pod that asks for git-sync says which repository${hint}`;
}
