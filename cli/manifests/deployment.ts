import { isAtLeast, type KubeVersion } from '../../webhook/kube-version.ts';
import { DRAIN_DEADLINE_MS } from '../../webhook/limits.ts';
import type { MountedConfigMap } from './config-maps.ts';
import { container } from './container.ts';
import {
  CERTIFICATE_SECRET,
  type Installation,
  type Manifest,
  NAME,
  needsCluster,
  ownMetadata,
  SELECTED,
} from './installation.ts';

/**
 * Two replicas that are replaced one by one, each only once the next has served for a while. No PriorityClass: those that
 * every cluster has are for kube-system alone where quotas guard them, and one of our own would outrank other people's.
 */
export function deployment(installation: Installation, mounted: readonly MountedConfigMap[]): Manifest {
  const { version } = installation;
  const labels = { ...SELECTED, 'app.kubernetes.io/version': version };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { ...ownMetadata(installation), labels },
    spec: {
      replicas: 2,
      // Enough to go back to; each keeps its ConfigMaps in use.
      revisionHistoryLimit: 5,
      // Until every API server's node has heard of the new pod, the old one is needed.
      minReadySeconds: 5,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      selector: { matchLabels: SELECTED },
      template: { metadata: { labels }, spec: podSpec(installation, mounted) },
    },
  };
}

function podSpec(installation: Installation, mounted: readonly MountedConfigMap[]): object {
  const { certificate, drainSeconds, kubeVersion } = installation;
  const certificateVolume = { name: 'certificate', secret: { secretName: CERTIFICATE_SECRET } };
  const volumes = [
    ...(certificate.mode === 'files' ? [certificateVolume] : []),
    ...mounted.map(({ volume, configMap }) => ({ name: volume, configMap: { name: configMap.metadata.name } })),
  ];
  return {
    serviceAccountName: NAME,
    automountServiceAccountToken: needsCluster(installation),
    // Variables for each Service of the namespace: beside a Service named portcullis they look like settings of ours.
    enableServiceLinks: false,
    terminationGracePeriodSeconds: drainSeconds + DRAIN_DEADLINE_MS / 1000 + GRACE_MARGIN_SECONDS,
    // The image says which user; a number here is refused where each namespace has users of its own (OpenShift).
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    topologySpreadConstraints: ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map((topologyKey) =>
      spreadOver(topologyKey, kubeVersion),
    ),
    containers: [container(installation, mounted)],
    ...(volumes.length === 0 ? {} : { volumes }),
  };
}

/** What is left, once the drain is over, to close and to end. */
const GRACE_MARGIN_SECONDS = 5;

/**
 * A wish: a cluster of one node gets both replicas too. Pods of one rollout are counted by themselves: among those that
 * they replace, both would often come to lie on one node.
 */
function spreadOver(topologyKey: string, kubeVersion: KubeVersion): object {
  return {
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: SELECTED },
    ...(isAtLeast(kubeVersion, MATCH_LABEL_KEYS) ? { matchLabelKeys: ['pod-template-hash'] } : {}),
  };
}

/** Beta, and on, from 1.27 (MatchLabelKeysInPodTopologySpread in features/kube_features.go). */
const MATCH_LABEL_KEYS: KubeVersion = { major: 1, minor: 27 };
