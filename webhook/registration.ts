import { isAtLeast, type KubeVersion } from './kube-version.ts';
import { type Route, type RulesInForce, webhookOf } from './match.ts';
import type { Operation, Rule, Selector } from './rule.ts';

/** Where the API server finds the webhooks, and what is known of it. */
export interface Registration {
  /** The name of both configurations. */
  readonly name: string;
  /** Webhooks are named `<webhook>.<domain>` or `<selector>.<webhook>.<domain>`. */
  readonly domain: string;
  readonly target:
    | { readonly url: string }
    | { readonly service: { readonly name: string; readonly namespace: string } };
  /** PEM; left out where something else injects it. */
  readonly caBundle?: string;
  /** The oldest API server that the configurations are for. */
  readonly kubeVersion: KubeVersion;
}

/**
 * The label that takes a namespace out where it says `ignore`, and only for API servers before 1.21: later ones label
 * each namespace with its name, which nobody can change, while whoever may label a namespace could set this one.
 */
export function exclusionLabel({ name, domain }: Pick<Registration, 'name' | 'domain'>) {
  return { key: `${domain}/${name}`, value: 'ignore' };
}

/** Documentation's advice is a few seconds; the API server waits 10 unless told. */
export const DEFAULT_TIMEOUT_SECONDS = 5;

/** A Mutating- or ValidatingWebhookConfiguration of admissionregistration.k8s.io/v1. */
export interface WebhookConfiguration {
  readonly apiVersion: 'admissionregistration.k8s.io/v1';
  readonly kind: 'MutatingWebhookConfiguration' | 'ValidatingWebhookConfiguration';
  readonly metadata: { readonly name: string };
  readonly webhooks: readonly Webhook[];
}

/** An entry of a configuration (protocol.md §2.1). */
export interface Webhook {
  readonly name: string;
  readonly clientConfig: object;
  readonly rules: readonly WebhookRule[];
  readonly [member: string]: unknown;
}

interface WebhookRule {
  readonly operations: readonly Operation[];
  readonly apiGroups: readonly string[];
  readonly apiVersions: readonly string[];
  readonly resources: readonly string[];
  readonly scope: string;
}

/**
 * The configurations that send exactly what the rules in force are for: no operation, resource or namespace more.
 * A phase without rules has an empty one: to leave it out would leave the last one applied in force, for rules that the
 * server no longer has. Deterministic, in the rules' order.
 */
export function configurations(rules: RulesInForce, registration: Registration): WebhookConfiguration[] {
  const phases = [
    ['mutating', 'MutatingWebhookConfiguration'],
    ['validating', 'ValidatingWebhookConfiguration'],
  ] as const;
  return phases.map(([phase, kind]) => ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    metadata: { name: registration.name },
    webhooks: routes(rules)
      .filter((route) => route.phase === phase)
      .map((route) => webhook(route, rules, registration)),
  }));
}

/** Every place where a review for these rules may arrive, in the rules' order. */
export function routes({ rules }: RulesInForce): Route[] {
  const found = new Map<string, Route>();
  for (const { rule } of rules) {
    const place = { phase: rule.phase, webhook: webhookOf(rule) };
    const selectors = Object.keys(rule.routing.selectors ?? {});
    const all: Route[] = selectors.length === 0 ? [place] : selectors.map((selector) => ({ ...place, selector }));
    for (const route of all) found.set(pathOf(route), found.get(pathOf(route)) ?? route);
  }
  return [...found.values()];
}

/** The path of a route's URL: `/mutate/<webhook>[/<selector>]` or `/validate/<webhook>[/<selector>]`. */
export function pathOf({ phase, webhook, selector }: Route): string {
  const verb = phase === 'mutating' ? 'mutate' : 'validate';
  return `/${verb}/${webhook}${selector === undefined ? '' : `/${selector}`}`;
}

/** The name of a route's webhook. */
export function webhookName({ webhook, selector }: Route, domain: string): string {
  return `${selector === undefined ? '' : `${selector}.`}${webhook}.${domain}`;
}

function webhook(route: Route, { rules, ignoredNamespaces }: RulesInForce, registration: Registration): Webhook {
  const carried = rules
    .map(({ rule }) => rule)
    .filter((rule) => rule.phase === route.phase && webhookOf(rule) === route.webhook);
  // Rules of one webhook agree in their routing (rule-faults.ts), so that any of them speaks for all.
  const routing = carried[0]?.routing ?? {};
  const selector = route.selector === undefined ? {} : (routing.selectors?.[route.selector] ?? {});
  const { matchConditions } = routing;
  return {
    name: webhookName(route, registration.domain),
    clientConfig: clientConfig(route, registration),
    rules: scope(carried),
    namespaceSelector: namespaceSelector(selector, ignoredNamespaces, registration),
    ...(selector.objectSelector === undefined ? {} : { objectSelector: selector.objectSelector }),
    ...(matchConditions === undefined || !isAtLeast(registration.kubeVersion, MATCH_CONDITIONS)
      ? {}
      : { matchConditions }),
    failurePolicy: routing.failurePolicy ?? 'Fail',
    matchPolicy: 'Equivalent',
    ...(route.phase === 'mutating' ? { reinvocationPolicy: routing.reinvocationPolicy ?? 'IfNeeded' } : {}),
    sideEffects: 'None',
    timeoutSeconds: routing.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS,
    admissionReviewVersions: ['v1'],
  };
}

function clientConfig(route: Route, { target, caBundle }: Registration): object {
  const path = pathOf(route);
  const bundle = caBundle === undefined ? {} : { caBundle: Buffer.from(caBundle).toString('base64') };
  if ('url' in target) return { url: target.url.replace(/\/+$/, '') + path, ...bundle };
  return { service: { ...target.service, path, port: 443 }, ...bundle };
}

/** One entry a resource, then one for all resources that differ in nothing else. */
function scope(rules: readonly Rule[]): WebhookRule[] {
  const operations = new Map<string, { rule: Omit<WebhookRule, 'operations'>; operations: Set<Operation> }>();
  for (const rule of rules) {
    for (const { group, version, resource, scope } of rule.kinds) {
      const key = [group, version, resource, scope].join(' ');
      const entry = operations.get(key) ?? {
        rule: { apiGroups: [group], apiVersions: [version], resources: [resource], scope },
        operations: new Set(),
      };
      for (const operation of rule.operations) entry.operations.add(operation);
      operations.set(key, entry);
    }
  }
  const merged = new Map<string, WebhookRule>();
  for (const { rule, operations: asked } of operations.values()) {
    const entry = { operations: ORDER.filter((operation) => asked.has(operation)), ...rule };
    const key = JSON.stringify({ ...entry, resources: [] });
    const other = merged.get(key);
    merged.set(key, other === undefined ? entry : { ...other, resources: [...other.resources, ...entry.resources] });
  }
  return [...merged.values()];
}

const ORDER: readonly Operation[] = ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'];
/** Beta, and on, from 1.28 (protocol.md §2.1). */
const MATCH_CONDITIONS: KubeVersion = { major: 1, minor: 28 };
/** From 1.21 on each namespace has the label of its name (protocol.md §2.3). */
const NAMESPACE_NAMES: KubeVersion = { major: 1, minor: 21 };

/** The selector's own, and never the namespaces to be left alone. Ignored for cluster-scoped objects. */
function namespaceSelector(
  { namespaceSelector: own }: Selector,
  ignored: ReadonlySet<string>,
  registration: Registration,
): object {
  const { matchExpressions = [], ...rest } = (own ?? {}) as { matchExpressions?: readonly object[] };
  if (ignored.size === 0) return own ?? {};
  const { key, value } = exclusionLabel(registration);
  const exclusion = isAtLeast(registration.kubeVersion, NAMESPACE_NAMES)
    ? { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: [...ignored] }
    : { key, operator: 'NotIn', values: [value] };
  return { ...rest, matchExpressions: [...matchExpressions, exclusion] };
}
