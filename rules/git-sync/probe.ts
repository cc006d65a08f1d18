import type { Container } from '../pod/types.ts';
import { unexpanded } from './unexpanded.ts';

/**
 * What makes a pod wait for its first checkout: with a native sidecar its other containers do, with a classic one its
 * readiness. A program of the image (coreutils' test) looks whether git-sync has made its link, so that no port is taken:
 * one would be the whole pod's, under hostNetwork the node's, and behind a mesh out of the kubelet's reach. It waits
 * longer than a fetch may take, so that the kubelet does not end one that may yet succeed.
 */
export function startupProbe(link: string, fetchTimeoutSeconds: number): NonNullable<Container['startupProbe']> {
  return {
    exec: { command: ['test', '-e', unexpanded(link)] },
    periodSeconds: 1,
    timeoutSeconds: 5,
    failureThreshold: fetchTimeoutSeconds + 30,
  };
}
