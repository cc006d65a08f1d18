import { stringify } from 'yaml';

/** Documents as kubectl reads them, which is as YAML 1.1: there an `off` without quotes is a boolean. No anchors. */
export function yaml(manifests: readonly object[]): string {
  const options = { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false } as const;
  return manifests.map((manifest) => stringify(manifest, options)).join('---\n');
}
