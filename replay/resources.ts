import { apiVersionOf, type Kind } from '../webhook/kind.ts';
import * as kinds from '../webhook/kinds.ts';
import { closeTo } from '../webhook/nearest.ts';
import type { Cluster } from './cluster.ts';

/** Where objects of a kind are sent, and whether they are in namespaces. */
export interface Resource {
  readonly group: string;
  readonly version: string;
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
 * Finds the resource of a kind: among the cluster's CRDs, the kinds that the rules know, and those that authors can import;
 * of what a subresource alone carries (PodExecOptions, Scale), the parent that a rule's kind names. Undefined for any
 * other, and where there are several: which one is meant is known to an API server alone.
 */
export function resourceOf(
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
  cluster: Cluster,
  ofRules: readonly Kind[],
  subresource?: string,
): Resource | undefined {
  const { group, version } = parseApiVersion(apiVersion);
  const custom = cluster.crds.find((crd) => crd.group === group && crd.kind === kind);
  if (custom?.versions.some(({ name, served }) => name === version && served)) {
    return { group, version, resource: custom.plural, scope: custom.scope };
  }
  const known = knownKinds(ofRules);
  const own = known.find(
    (token) =>
      token.group === group && token.version === version && token.kind === kind && !token.resource.includes('/'),
  );
  if (own !== undefined) return { group, version, resource: own.resource, scope: own.scope };
  const parents = known.filter((token) => token.kind === kind && token.resource.endsWith(`/${subresource}`));
  const [parent] = parents;
  if (parent === undefined || parents.some(({ resource }) => resource !== parent.resource)) return undefined;
  const [resource = ''] = parent.resource.split('/');
  return { group: parent.group, version: parent.version, resource, scope: parent.scope };
}

/** What a kind that is not known may have been meant to be, for the end of a message: `; did you mean v1 Pod?`, else ''. */
export function meantKinds({ kind }: { readonly kind: string }, ofRules: readonly Kind[]): string {
  const known = knownKinds(ofRules);
  const close = closeTo(
    kind,
    known.map((token) => token.kind),
  );
  const meant = known.filter((token) => close.includes(token.kind) && !token.resource.includes('/'));
  const names = new Set(meant.map((token) => `${apiVersionOf(token)} ${token.kind}`));
  return names.size === 0 ? '' : `; did you mean ${[...names].join(' or ')}?`;
}

function knownKinds(ofRules: readonly Kind[]): Kind[] {
  return [...ofRules, ...(Object.values(kinds) as Kind[])];
}
