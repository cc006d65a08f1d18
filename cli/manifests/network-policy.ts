import {
  HEALTH_PORT,
  type Installation,
  type Manifest,
  needsCluster,
  ownMetadata,
  SELECTED,
  WEBHOOK_PORT,
} from './installation.ts';

/**
 * In by two ports, from anywhere: an API server and a kubelet are no pods, and what address they have differs from
 * network to network. Out only where the server needs the API server, whose address and port cannot be known either, so
 * all that can be said is TCP, and UDP to where names are looked up: some clusters tell pods a name of it, not an address.
 */
export function networkPolicy(installation: Installation): Manifest {
  const ports = [WEBHOOK_PORT, HEALTH_PORT].map((port) => ({ protocol: 'TCP', port }));
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: ownMetadata(installation),
    spec: {
      podSelector: { matchLabels: SELECTED },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ ports }],
      egress: needsCluster(installation) ? [{ ports: [{ protocol: 'TCP' }, ...DNS] }] : [],
    },
  };
}

/** Where pods that answer DNS listen, since policies see what is behind a Service; the second port is OpenShift's. */
const DNS = [53, 5353].map((port) => ({ protocol: 'UDP', port }));
