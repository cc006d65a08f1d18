import { itemsOf } from '../pod/lists.ts';
import type { Container, Pod } from '../pod/types.ts';

/** git-sync's usual port for those who ask how it is (injection.md §1.7). */
const PORT = 2020;

/** The argument that makes git-sync answer there: 503 before the first checkout, 200 after it. */
export const HTTP_BIND = `--http-bind=:${PORT}`;

/**
 * Tells whether git-sync may listen: its port is the whole pod's, and under hostNetwork the node's, where the next
 * pod would want it too. Without it, a pod is ready before its content is there.
 */
export function mayListen(pod: Pod): boolean {
  const containers = [...itemsOf(pod.spec?.initContainers), ...itemsOf(pod.spec?.containers)];
  const ports = containers.flatMap(({ item }) => itemsOf(item.ports).map((port) => port.item.containerPort));
  return pod.spec?.hostNetwork !== true && !ports.includes(PORT);
}

/**
 * What makes a pod not ready before its first checkout. 150 s are more than the 120 s that git-sync gives a fetch
 * (`--sync-timeout`), so that the kubelet does not end one that may yet succeed.
 */
export function probed(): Pick<Container, 'ports' | 'startupProbe'> {
  return {
    ports: [{ name: 'git-sync-http', containerPort: PORT }],
    startupProbe: { httpGet: { path: '/', port: PORT }, periodSeconds: 1, failureThreshold: 150 },
  };
}
