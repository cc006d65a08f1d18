import type {
  V1ConfigMap,
  V1CronJob,
  V1DaemonSet,
  V1Deployment,
  V1Ingress,
  V1Job,
  V1Namespace,
  V1NetworkPolicy,
  V1PersistentVolumeClaim,
  V1Pod,
  V1ReplicaSet,
  V1Secret,
  V1Service,
  V1ServiceAccount,
  V1StatefulSet,
} from '@kubernetes/client-node';
import { kind } from './kind.ts';

const core = { group: '', version: 'v1', scope: 'Namespaced' } as const;
const apps = { group: 'apps', version: 'v1', scope: 'Namespaced' } as const;
const batch = { group: 'batch', version: 'v1', scope: 'Namespaced' } as const;
const networking = { group: 'networking.k8s.io', version: 'v1', scope: 'Namespaced' } as const;

// The kinds that rules are most often for, in the versions that every supported API server (1.20 to 1.36) serves,
// but for CronJob, which is batch/v1 from 1.21 on. Any other is one call of kind() away.
export const Pod = kind<V1Pod>({ ...core, kind: 'Pod', resource: 'pods' });
export const ConfigMap = kind<V1ConfigMap>({ ...core, kind: 'ConfigMap', resource: 'configmaps' });
export const Secret = kind<V1Secret>({ ...core, kind: 'Secret', resource: 'secrets' });
export const Service = kind<V1Service>({ ...core, kind: 'Service', resource: 'services' });
export const ServiceAccount = kind<V1ServiceAccount>({ ...core, kind: 'ServiceAccount', resource: 'serviceaccounts' });
export const PersistentVolumeClaim = kind<V1PersistentVolumeClaim>({
  ...core,
  kind: 'PersistentVolumeClaim',
  resource: 'persistentvolumeclaims',
});
export const Namespace = kind<V1Namespace>({ ...core, kind: 'Namespace', resource: 'namespaces', scope: 'Cluster' });
export const Deployment = kind<V1Deployment>({ ...apps, kind: 'Deployment', resource: 'deployments' });
export const ReplicaSet = kind<V1ReplicaSet>({ ...apps, kind: 'ReplicaSet', resource: 'replicasets' });
export const StatefulSet = kind<V1StatefulSet>({ ...apps, kind: 'StatefulSet', resource: 'statefulsets' });
export const DaemonSet = kind<V1DaemonSet>({ ...apps, kind: 'DaemonSet', resource: 'daemonsets' });
export const Job = kind<V1Job>({ ...batch, kind: 'Job', resource: 'jobs' });
export const CronJob = kind<V1CronJob>({ ...batch, kind: 'CronJob', resource: 'cronjobs' });
export const Ingress = kind<V1Ingress>({ ...networking, kind: 'Ingress', resource: 'ingresses' });
export const NetworkPolicy = kind<V1NetworkPolicy>({
  ...networking,
  kind: 'NetworkPolicy',
  resource: 'networkpolicies',
});
