import { isAtLeast, type KubeVersion } from '../../webhook/kube-version.ts';
import { type Installation, type Manifest, ownMetadata, SELECTED } from './installation.ts';

/**
 * One pod at a time leaves for a node's drain. It is said by who may be away, since with `minAvailable: 1` a Deployment
 * that somebody scaled to one would keep its node from ever being drained; for the same reason pods that do not work may
 * always go.
 */
export function podDisruptionBudget(installation: Installation): Manifest {
  const { kubeVersion } = installation;
  return {
    apiVersion: isAtLeast(kubeVersion, POLICY_V1) ? 'policy/v1' : 'policy/v1beta1',
    kind: 'PodDisruptionBudget',
    metadata: ownMetadata(installation),
    spec: {
      maxUnavailable: 1,
      selector: { matchLabels: SELECTED },
      ...(isAtLeast(kubeVersion, UNHEALTHY_POD_EVICTION) ? { unhealthyPodEvictionPolicy: 'AlwaysAllow' } : {}),
    },
  };
}

/** The first API server that has policy/v1 (the deprecation guide; policy/v1beta1 is gone from 1.25 on). */
const POLICY_V1: KubeVersion = { major: 1, minor: 21 };
/** Beta, and on, from 1.27 (PDBUnhealthyPodEvictionPolicy in features/kube_features.go). */
const UNHEALTHY_POD_EVICTION: KubeVersion = { major: 1, minor: 27 };
