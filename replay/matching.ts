import type { Webhook } from '../webhook/registration.ts';
import type { Cluster, KubeObject, Labels } from './cluster.ts';
import { converted, otherVersions } from './conversion.ts';
import type { ReviewRequest } from './review-document.ts';
import { selects } from './selects.ts';

/** What the API server asks a webhook about; or why it does not. */
export type Match = { readonly request: ReviewRequest } | { readonly reason: string };

/**
 * Whether an API server calls the webhook for this request, as it decides (apiserver, admission/plugin/webhook/generic and
 * predicates): operation, group, version, resource and subresource, scope, namespaceSelector, objectSelector on the old or
 * the new object. `matchPolicy: Equivalent` asks in the first version of the CRD that a rule names. matchConditions are
 * not evaluated. Throws FileFault where the case's cluster lacks what the API server would look at.
 */
export function matchWebhook(webhook: Webhook, request: ReviewRequest, cluster: Cluster): Match {
  if (isExempt(request)) return { reason: `an API server asks no webhook about a ${request.kind.kind}` };
  const version = versionFor(webhook, request, cluster);
  if (version === undefined) return { reason: whyNotFor(webhook, request) };
  if (!selectsNamespace(webhook.namespaceSelector as object | undefined, request, cluster)) {
    return { reason: `the namespaceSelector of ${webhook.name} does not match` };
  }
  if (!selectsObject(webhook.objectSelector as object | undefined, request)) {
    return { reason: `the objectSelector of ${webhook.name} does not match` };
  }
  return { request: version === request.resource.version ? request : converted(request, version, cluster) };
}

/** A webhook cannot keep itself from being mended (predicates/rules). */
function isExempt({ kind }: ReviewRequest): boolean {
  return (
    kind.group === 'admissionregistration.k8s.io' &&
    /^(Mutating|Validating)(WebhookConfiguration|AdmissionPolicy|AdmissionPolicyBinding)$/.test(kind.kind)
  );
}

function whyNotFor({ name, rules, matchPolicy }: Webhook, request: ReviewRequest): string {
  const { resource, subResource = '', operation } = request;
  const path = `${resource.resource}${subResource === '' ? '' : `/${subResource}`}`;
  const what = `${name} is not for ${operation} of ${path}${resource.group === '' ? '' : `.${resource.group}`}`;
  const versions = rules.flatMap((rule) => rule.apiVersions.filter((version) => covers(rule, request, version)));
  if (versions.length === 0) return what;
  const converted = matchPolicy === 'Exact' ? '' : ', to which an API server may convert it, and replay cannot';
  return `${what} in ${resource.version}, but in ${versions.join(', ')}${converted}`;
}

/** That of the request, or another one of its CRD that the webhook's rules name: the first that they name. */
function versionFor(webhook: Webhook, request: ReviewRequest, cluster: Cluster): string | undefined {
  const { version } = request.resource;
  if (webhook.rules.some((rule) => covers(rule, request, version))) return version;
  if (webhook.matchPolicy === 'Exact') return undefined;
  const others = otherVersions(request, cluster);
  return webhook.rules.flatMap((rule) => others.filter((other) => covers(rule, request, other)))[0];
}

function covers(rule: Webhook['rules'][number], request: ReviewRequest, version: string): boolean {
  const { operation, resource, subResource = '' } = request;
  const has = (list: readonly string[], one: string) => list.includes('*') || list.includes(one);
  return (
    has(rule.operations, operation) &&
    has(rule.apiGroups, resource.group) &&
    has(rule.apiVersions, version) &&
    isInScope(rule.scope, request) &&
    rule.resources.some((path) => {
      const [plural, below = ''] = path.split('/', 2);
      return (plural === '*' || plural === resource.resource) && (below === '*' || below === subResource);
    })
  );
}

/** A Namespace is in no namespace, though its request says its own name. */
function isInScope(scope: string, { resource, namespace = '' }: ReviewRequest): boolean {
  const isNamespaced = namespace !== '' && !(resource.group === '' && resource.resource === 'namespaces');
  return scope === '*' || (scope === 'Namespaced') === isNamespaced;
}

/** What is in no namespace is never exempted, but for Namespaces themselves (predicates/namespace). */
function selectsNamespace(selector: object | undefined, request: ReviewRequest, cluster: Cluster): boolean {
  const { resource, subResource = '', operation, namespace = '', object, oldObject } = request;
  const isNamespace = resource.resource === 'namespaces';
  if (isEmpty(selector) || (namespace === '' && !isNamespace)) return true;
  if (!isNamespace) return selects(selector, cluster.namespaceLabels(namespace));
  const isChange = subResource === '' && (operation === 'CREATE' || operation === 'UPDATE');
  // Any other request finds the labels that the namespace had before.
  const labelled = isChange ? object : (oldObject ?? object);
  return selects(selector, labelled?.metadata?.labels ?? {});
}

/** What has no metadata, the options of CONNECT, no selector selects that says anything (predicates/object). */
function selectsObject(selector: object | undefined, { object, oldObject }: ReviewRequest): boolean {
  if (isEmpty(selector)) return true;
  return [object, oldObject].some((one) => one?.metadata !== undefined && selects(selector, labelsOf(one)));
}

function isEmpty(selector: object | undefined): boolean {
  const { matchLabels = {}, matchExpressions = [] } = (selector ?? {}) as {
    readonly matchLabels?: object;
    readonly matchExpressions?: readonly unknown[];
  };
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}

function labelsOf({ metadata }: KubeObject): Labels {
  return metadata.labels ?? {};
}
