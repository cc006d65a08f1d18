import { annotate, annotationOf } from '../pod/metadata.ts';
import type { Pod } from '../pod/types.ts';

/**
 * Adds the volumes to those that the cluster autoscaler may lose with a node: an emptyDir that is not listed keeps a
 * node from being scaled down (injection.md §2.3). A pod that says `safe-to-evict` has decided for itself.
 */
export function allowEviction(pod: Pod, volumes: readonly string[]): void {
  if (annotationOf(pod, 'cluster-autoscaler.kubernetes.io/safe-to-evict') !== undefined) return;
  const key = 'cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes';
  const given = annotationOf(pod, key) ?? '';
  if (typeof given !== 'string') return;
  const listed = given.split(',').map((name) => name.trim());
  const added = volumes.filter((name) => !listed.includes(name));
  if (added.length > 0) annotate(pod, key, [...(given === '' ? [] : [given]), ...added].join(','));
}
