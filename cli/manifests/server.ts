import { configMaps } from './config-maps.ts';
import { crd } from './crd.ts';
import { deployment } from './deployment.ts';
import type { Installation, Manifest } from './installation.ts';
import { namespace } from './namespace.ts';
import { networkPolicy } from './network-policy.ts';
import { podDisruptionBudget } from './pod-disruption-budget.ts';
import { rbac, serviceAccount } from './rbac.ts';
import { service } from './service.ts';

/** A server's objects in the order in which kubectl should apply them: each after what it needs. */
export function serverManifests(installation: Installation): Manifest[] {
  const mounted = configMaps(installation);
  return [
    namespace(installation),
    crd(installation.kubeVersion),
    serviceAccount(installation),
    ...rbac(installation),
    ...mounted.map(({ configMap }) => configMap),
    service(installation),
    deployment(installation, mounted),
    podDisruptionBudget(installation),
    networkPolicy(installation),
  ];
}
