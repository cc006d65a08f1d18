import { itemsOf } from '../pod/lists.ts';
import type { Container, Pod } from '../pod/types.ts';

/**
 * Where git-sync goes among the pod's init containers: first, so that the pod's own find the content; but behind the proxy of a
 * mesh that runs there as a native sidecar. Where the mesh leads traffic to it before any container runs, as the CNI plugins of Istio
 * and Linkerd do, there is no network until it is up, and it would never be: it waits for git-sync.
 */
export function initPlace(pod: Pod): number {
  return itemsOf(pod.spec?.initContainers).reduce((place, { item, index }) => (isProxy(item) ? index + 1 : place), 0);
}

/** Those that injectors put before the pod's own init containers. */
const PROXIES: readonly unknown[] = ['istio-proxy', 'linkerd-proxy', 'kuma-sidecar'];

function isProxy({ name, restartPolicy }: Container): boolean {
  return restartPolicy === 'Always' && PROXIES.includes(name);
}
