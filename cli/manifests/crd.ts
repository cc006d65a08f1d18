import { websiteCrd } from '../../rules/website/crd.ts';
import { isAtLeast, type KubeVersion } from '../../webhook/kube-version.ts';
import type { Manifest } from './installation.ts';

/** The CustomResourceDefinition of Website, of nothing that this API server would refuse. */
export function crd(kubeVersion: KubeVersion): Manifest {
  if (!isAtLeast(kubeVersion, SELECTABLE_FIELDS)) return websiteCrd;
  const [v1] = websiteCrd.spec.versions;
  const selectableFields = [{ jsonPath: '.spec.gitRepo' }, { jsonPath: '.spec.ref' }];
  return { ...websiteCrd, spec: { ...websiteCrd.spec, versions: [{ ...v1, selectableFields }] } };
}

/** The version in which CustomResourceFieldSelectors cannot be switched off any more (features/kube_features.go). */
const SELECTABLE_FIELDS: KubeVersion = { major: 1, minor: 32 };
