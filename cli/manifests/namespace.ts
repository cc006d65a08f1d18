import { NEWEST_KUBE_VERSION, versionText } from '../../webhook/kube-version.ts';
import { exclusionLabel } from '../../webhook/registration.ts';
import { type Installation, type Manifest, NAME, SELECTED } from './installation.ts';

/**
 * The namespace, which takes nothing but restricted pods. Enforced is the standard of a version that our pods were tried
 * on, so that an upgrade of the cluster cannot lock them out; the newest one warns. It says of itself that it is to be
 * left alone, for API servers that do not know namespaces by their names.
 */
export function namespace({ namespace: name, domain }: Installation): Manifest {
  const ignored = exclusionLabel({ name: NAME, domain });
  const podSecurity = 'pod-security.kubernetes.io';
  const labels = {
    ...SELECTED,
    [ignored.key]: ignored.value,
    [`${podSecurity}/enforce`]: 'restricted',
    [`${podSecurity}/enforce-version`]: `v${versionText(NEWEST_KUBE_VERSION)}`,
    [`${podSecurity}/audit`]: 'restricted',
    [`${podSecurity}/warn`]: 'restricted',
  };
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}
