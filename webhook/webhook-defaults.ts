import { isRecord, type JsonObject } from './decode.ts';
import type { WebhookConfiguration } from './registration.ts';

/** What a webhook says besides its name, where it is called and for what, in the API's own order. */
export const SETTINGS = [
  'failurePolicy',
  'matchPolicy',
  'namespaceSelector',
  'objectSelector',
  'sideEffects',
  'timeoutSeconds',
  'admissionReviewVersions',
  'reinvocationPolicy',
  'matchConditions',
] as const;

/**
 * These settings of a webhook, as text to be compared: equal for what was written and what an API server has made of it.
 * That fills in defaults (pkg/apis/admissionregistration/v1/defaults.go) and drops what is empty. Members, and elements
 * of a selector, are in one order, since theirs means nothing. Undefined is a setting without default that is not there.
 */
export function settled(webhook: JsonObject, kind: WebhookConfiguration['kind']): Map<string, string | undefined> {
  const defaults: JsonObject = {
    failurePolicy: 'Fail',
    matchPolicy: 'Equivalent',
    timeoutSeconds: 10,
    ...(kind === 'MutatingWebhookConfiguration' ? { reinvocationPolicy: 'Never' } : {}),
  };
  return new Map(
    SETTINGS.map((name) => {
      const given = isNothing(webhook[name]) ? defaults[name] : webhook[name];
      if (name.endsWith('Selector')) return [name, canonical(selector(given))];
      return [name, given === undefined ? undefined : canonical(given)];
    }),
  );
}

/** An empty selector selects all, whatever it is empty of. */
function selector(value: unknown): JsonObject {
  if (!isRecord(value)) return {};
  const { matchLabels, matchExpressions } = value;
  return {
    ...(isNothing(matchLabels) ? {} : { matchLabels }),
    ...(Array.isArray(matchExpressions) && matchExpressions.length > 0
      ? { matchExpressions: sorted(matchExpressions.map(expression)) }
      : {}),
  };
}

function expression(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const { values, ...rest } = value;
  return { ...rest, ...(Array.isArray(values) && values.length > 0 ? { values: sorted(values) } : {}) };
}

function sorted(values: readonly unknown[]): readonly unknown[] {
  return values.toSorted((a, b) => (canonical(a) < canonical(b) ? -1 : 1));
}

function isNothing(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === undefined || value === null || (isRecord(value) && Object.keys(value).length === 0);
}

/** JSON, whose members are in the order of their names. A text stands for itself, as people write it. */
function canonical(value: unknown): string {
  if (typeof value === 'string') return value;
  return JSON.stringify(value, (_, member: unknown) =>
    isRecord(member) ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1))) : member,
  );
}
