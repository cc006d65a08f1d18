import type { Webhook } from '../webhook/registration.ts';
import type { Cluster, CustomResource, KubeObject, Labels } from './cluster.ts';
import type { ReviewRequest } from './review-document.ts';
import { selects } from './selects.ts';

/** What the API server asks a webhook about; or why it does not. */
export type Match = { readonly request: ReviewRequest } | { readonly reason: string };

/**
 * Whether an API server calls the webhook for this request, as it decides (apiserver, admission/plugin/webhook/generic):
 * operation, group, version, resource and subresource, scope, namespaceSelector, objectSelector on the old or the new
 * object. `matchPolicy: Equivalent` asks in the rule's version where the CRD converts by nothing but the version's name.
 */
export function matchWebhook(webhook: Webhook, request: ReviewRequest, cluster: Cluster): Match {
  const asked = inVersionOf(webhook, request, cluster);
  if (asked === undefined) return { reason: `${webhook.name} is not for ${request.operation} of ${pathOf(request)}` };
  const labels = namespaceLabels(request, cluster);
  if (labels !== undefined && !selects(webhook.namespaceSelector as object, labels)) {
    return { reason: `the namespaceSelector of ${webhook.name} does not match` };
  }
  const objects = [request.object, request.oldObject].filter((object) => object !== null);
  if (objects.length > 0 && !objects.some((object) => selects(webhook.objectSelector as object, labelsOf(object)))) {
    return { reason: `the objectSelector of ${webhook.name} does not match` };
  }
  return { request: asked };
}

function pathOf({ resource, subResource }: ReviewRequest): string {
  const path =
    subResource === undefined || subResource === '' ? resource.resource : `${resource.resource}/${subResource}`;
  return resource.group === '' ? path : `${path}.${resource.group}`;
}

/** The request as it is, or in a version that the webhook's rules name; undefined where they are not for it. */
function inVersionOf(webhook: Webhook, request: ReviewRequest, cluster: Cluster): ReviewRequest | undefined {
  if (webhook.rules.some((rule) => covers(rule, request, request.resource.version))) return request;
  if (webhook.matchPolicy === 'Exact') return undefined;
  const { group, resource } = request.resource;
  const custom = cluster.crds.find((crd) => crd.group === group && crd.plural === resource);
  const other = equivalents(custom, request.resource.version).find((version) =>
    webhook.rules.some((rule) => covers(rule, request, version)),
  );
  return other === undefined ? undefined : converted(request, other);
}

function covers(
  rule: Webhook['rules'][number],
  { operation, resource, subResource, namespace, kind }: ReviewRequest,
  version: string,
) {
  const path =
    subResource === undefined || subResource === '' ? resource.resource : `${resource.resource}/${subResource}`;
  const has = (list: readonly string[], one: string) => list.includes('*') || list.includes(one);
  const isNamespaced = namespace !== undefined && kind.kind !== 'Namespace';
  const isInScope = rule.scope === '*' || (rule.scope === 'Namespaced') === isNamespaced;
  return (
    has(rule.operations, operation) &&
    has(rule.apiGroups, resource.group) &&
    has(rule.apiVersions, version) &&
    rule.resources.includes(path) &&
    isInScope
  );
}

/** The other served versions of a CRD. */
function equivalents(custom: CustomResource | undefined, version: string): string[] {
  const served = custom?.versions.filter(({ served }) => served).map(({ name }) => name) ?? [];
  return served.includes(version) ? served.filter((name) => name !== version) : [];
}

/** As `conversion: None` does: nothing changes but the apiVersion. */
function converted(request: ReviewRequest, version: string): ReviewRequest {
  const { group } = request.resource;
  const inVersion = (object: KubeObject | null) =>
    object === null ? null : { ...object, apiVersion: group === '' ? version : `${group}/${version}` };
  return {
    ...request,
    kind: { ...request.kind, version },
    resource: { ...request.resource, version },
    requestKind: request.requestKind ?? request.kind,
    requestResource: request.requestResource ?? request.resource,
    object: inVersion(request.object),
    oldObject: inVersion(request.oldObject),
  };
}

/** Undefined where no namespace is to be looked at; a Namespace is looked at itself. */
function namespaceLabels(request: ReviewRequest, cluster: Cluster): Labels | undefined {
  const { kind, namespace, object, oldObject } = request;
  if (kind.kind === 'Namespace' && kind.group === '') return labelsOf((object ?? oldObject) as KubeObject);
  return namespace === undefined || namespace === '' ? undefined : cluster.namespaceLabels(namespace);
}

function labelsOf(object: KubeObject): Labels {
  return object.metadata?.labels ?? {};
}
