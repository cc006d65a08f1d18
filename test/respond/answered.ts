import type { Rule } from '../../author.ts';
import { apiServerVerdict, type Verdict } from '../../replay/api-server-verdict.ts';
import { noLookups } from '../../webhook/lookup.ts';
import { type Mode, rulesInForce } from '../../webhook/match.ts';
import { review } from '../../webhook/review.ts';

/** What rules came to, as it is on the wire and as an API server takes it. */
export interface Answered {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into reviews and Statuses
  readonly body: any;
  readonly verdict: Verdict;
}

/**
 * Has rules of the webhook `policy`, all of one phase, decide a review of an object; the request's members can be
 * replaced. With failurePolicy Ignore where the first rule has it.
 */
export async function answered(
  rules: readonly (Rule | readonly [Rule, Mode])[],
  given: { readonly [member: string]: unknown } = {},
  ignoredNamespaces: readonly string[] = [],
): Promise<Answered> {
  const entries = rules.map((each) => ('phase' in each ? ([each, 'enforce'] as const) : each));
  const [first] = entries[0] ?? [];
  if (first === undefined) throw new Error('there is no rule');
  const request = { ...REQUEST, ...given };
  const bytes = Buffer.from(JSON.stringify({ kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', request }));
  const engine = {
    rules: rulesInForce(
      entries.map(([rule, mode]) => ({ rule, mode, settings: {} })),
      ignoredNamespaces,
    ),
    lookups: noLookups,
    now: () => 0,
  };
  const { phase } = first;
  const { status, body } = await review(bytes, { phase, webhook: 'policy' }, engine);
  const failurePolicy = first.routing.failurePolicy ?? 'Fail';
  const verdict = apiServerVerdict({ phase, request, failurePolicy, httpStatus: status, body });
  return { status, body: JSON.parse(body), verdict };
}

const REQUEST = {
  uid: 'u',
  operation: 'CREATE',
  kind: { group: '', version: 'v1', kind: 'ConfigMap' },
  resource: { group: '', version: 'v1', resource: 'configmaps' },
  name: 'a',
  namespace: 'ops',
  object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'ops' }, data: { a: '1' } },
  oldObject: null,
};
