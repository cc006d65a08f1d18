import { websiteCrd } from '../../rules/website/crd.ts';
import { websiteValidations } from '../../rules/website/crd-validations.ts';
import { isAtLeast, type KubeVersion } from '../../webhook/kube-version.ts';
import type { Manifest } from './installation.ts';

/** The CustomResourceDefinition of Website, of nothing that this API server would refuse. */
export function crd(kubeVersion: KubeVersion): Manifest {
  const [v1] = websiteCrd.spec.versions;
  const version = {
    ...v1,
    ...(isAtLeast(kubeVersion, RATCHETING)
      ? { schema: { openAPIV3Schema: validated(v1.schema.openAPIV3Schema) } }
      : {}),
    ...(isAtLeast(kubeVersion, SELECTABLE_FIELDS) ? { selectableFields: SELECTABLE } : {}),
  };
  return { ...websiteCrd, spec: { ...websiteCrd.spec, versions: [version] } };
}

/**
 * The version from which a value that breaks a CEL rule and does not change blocks no update, unless somebody switches
 * that off (CRDValidationRatcheting in features/kube_features.go); before, it would lock its object.
 */
const RATCHETING: KubeVersion = { major: 1, minor: 30 };
/** The version in which CustomResourceFieldSelectors cannot be switched off any more (features/kube_features.go). */
const SELECTABLE_FIELDS: KubeVersion = { major: 1, minor: 32 };
const SELECTABLE = [{ jsonPath: '.spec.gitRepo' }, { jsonPath: '.spec.ref' }];

type Schema = (typeof websiteCrd.spec.versions)[0]['schema']['openAPIV3Schema'];

function validated(schema: Schema): object {
  const { spec } = schema.properties;
  const known: { readonly [field: string]: object } = spec.properties;
  const guarded = Object.entries(websiteValidations).map(([field, rules]) => [
    field,
    { ...known[field], 'x-kubernetes-validations': rules },
  ]);
  const properties = { ...known, ...Object.fromEntries(guarded) };
  return { ...schema, properties: { ...schema.properties, spec: { ...spec, properties } } };
}
