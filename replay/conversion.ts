import { apiVersionOf } from '../webhook/kind.ts';
import type { Cluster, KubeObject } from './cluster.ts';
import type { CustomResource } from './custom-resource.ts';
import { parseApiVersion } from './resources.ts';
import type { ReviewRequest } from './review-document.ts';
import { FileFault } from './yaml-file.ts';

/** The other versions in which an API server could ask about the request's object: those that its CRD serves. */
export function otherVersions({ resource }: ReviewRequest, cluster: Cluster): string[] {
  const { version } = resource;
  const served =
    customResourceOf(resource, cluster)
      ?.versions.filter((one) => one.served)
      .map(({ name }) => name) ?? [];
  return served.includes(version) ? served.filter((name) => name !== version) : [];
}

/**
 * The request in another version of its CRD, as `conversion: None` makes it: the apiVersion changes, and nothing else, not even
 * what the other version's schema does not know. Throws FileFault where the CRD has a webhook for it.
 */
export function converted(request: ReviewRequest, version: string, cluster: Cluster): ReviewRequest {
  const custom = customResourceOf(request.resource, cluster);
  if (custom?.isConvertedByWebhook === true) {
    throw new FileFault(
      `${custom.file}: ${custom.plural}.${custom.group} is converted by a webhook, which nobody asks here; write the case in ${version}, the version that the rules are for`,
    );
  }
  const other = (object: KubeObject | null) => (object === null ? null : inVersion(object, version));
  return {
    ...request,
    kind: { ...request.kind, version },
    resource: { ...request.resource, version },
    requestKind: request.requestKind ?? request.kind,
    requestResource: request.requestResource ?? request.resource,
    object: other(request.object),
    oldObject: other(request.oldObject),
  };
}

/** An object of a CRD in a version of it: as it is, where it is in that one. */
export function inVersion(object: KubeObject, version: string): KubeObject {
  const { group, version: own } = parseApiVersion(object.apiVersion);
  return own === version ? object : { ...object, apiVersion: apiVersionOf({ group, version }) };
}

function customResourceOf(
  { group, resource }: ReviewRequest['resource'],
  { crds }: Cluster,
): CustomResource | undefined {
  return crds.find((crd) => crd.group === group && crd.plural === resource);
}
