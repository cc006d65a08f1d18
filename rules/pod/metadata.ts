import type { Pod } from './types.ts';

/** The value of a pod's label; undefined where it has none. */
export function labelOf(pod: Pod, key: string): unknown {
  return valueIn(pod.metadata?.labels, key);
}

/** The value of a pod's annotation; undefined where it has none. A text, unless the review was written by hand. */
export function annotationOf(pod: Pod, key: string): unknown {
  return valueIn(pod.metadata?.annotations, key);
}

/** Sets an annotation in place, and makes the annotations where there are none. */
export function annotate(pod: Pod, key: string, value: string): void {
  if (typeof pod.metadata.annotations !== 'object' || pod.metadata.annotations === null) pod.metadata.annotations = {};
  pod.metadata.annotations[key] = value;
}

/** Tells a mirror pod: the API server's picture of a static pod, which the kubelet runs as its file says. */
export function isMirror(pod: Pod): boolean {
  return annotationOf(pod, 'kubernetes.io/config.mirror') !== undefined;
}

/** `null` counts as missing: the API server reads both alike. */
function valueIn(map: unknown, key: string): unknown {
  if (typeof map !== 'object' || map === null) return undefined;
  return (map as { [key: string]: unknown })[key] ?? undefined;
}
