import { annotationOf } from '../pod/metadata.ts';
import type { Pod } from '../pod/types.ts';

/** What a pod's annotations say about its git-sync, by their names without the prefix. */
export type AnnotationName =
  | 'git-repo'
  | 'git-ref'
  | 'git-period'
  | 'git-depth'
  | 'git-submodules'
  | 'git-secret'
  | 'git-mode'
  | 'git-container'
  | 'content-path'
  | 'mount-path';

const PREFIX = 'extensions.example.com/';

/** The annotation's or label's key as the pod carries it. */
export function keyOf(name: string): string {
  return `${PREFIX}${name}`;
}

/** The annotation's field path, as the API server writes that of a map's entry. */
export function fieldOf(name: string): string {
  return `metadata.annotations[${keyOf(name)}]`;
}

/** The annotation's name without the prefix, or undefined for a key that has another. */
export function nameIn(key: string): string | undefined {
  return key.startsWith(PREFIX) ? key.slice(PREFIX.length) : undefined;
}

/** Tells whether the pod has the annotation. */
export function hasAnnotation(pod: Pod, name: AnnotationName): boolean {
  return annotationOf(pod, keyOf(name)) !== undefined;
}
