import type { Kind } from '../webhook/kind.ts';
import * as kinds from '../webhook/kinds.ts';
import type { Cluster } from './cluster.ts';

/** Where an object's kind lives: what a review says of it, and whether its objects are in namespaces. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** The plural REST name, without a subresource. */
  readonly resource: string;
  readonly scope: 'Namespaced' | 'Cluster';
}

/** The group and version of `apps/v1`; the group of `v1` is the core's, `''`. */
export function parseApiVersion(apiVersion: string): { readonly group: string; readonly version: string } {
  const slash = apiVersion.indexOf('/');
  return { group: apiVersion.slice(0, Math.max(slash, 0)), version: apiVersion.slice(slash + 1) };
}

/**
 * Finds the resource of a kind: among the cluster's CRDs, the kinds that the rules know, and those that authors can import.
 * Undefined for any other: its plural is known to an API server alone.
 */
export function resourceOf(
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
  cluster: Cluster,
  ofRules: readonly Kind[],
): Resource | undefined {
  const { group, version } = parseApiVersion(apiVersion);
  const custom = cluster.crds.find((crd) => crd.group === group && crd.kind === kind);
  if (custom?.versions.some(({ name, served }) => name === version && served)) {
    return { group, version, kind, resource: custom.plural, scope: custom.scope };
  }
  const known = [...ofRules, ...(Object.values(kinds) as Kind[])].find(
    (token) =>
      token.group === group && token.version === version && token.kind === kind && !token.resource.includes('/'),
  );
  return known === undefined ? undefined : { group, version, kind, resource: known.resource, scope: known.scope };
}
