import type jsonPatch from 'fast-json-patch';
import { parseExactly } from '../schema/exact-json.ts';
import { decisionOf } from '../webhook/report.ts';
import type { Rule } from '../webhook/rule.ts';
import type { Call, Chain } from './chain.ts';
import { whyNotAsked } from './not-asked.ts';

/**
 * What `expected.yaml` says of a chain (DESIGN.md §8): where no webhook is for the case's rule and this request, why; the final verdict; of each webhook that was called, which rules decided what, and the answer with its patch decoded; what
 * the API server itself refused; the object as it would be stored, where it was changed.
 */
export function described(chain: Chain, rule: Rule | undefined): object {
  const { verdict, calls, schemaErrors, object } = chain;
  const notAsked = rule === undefined ? undefined : whyNotAsked(chain, rule);
  const notCalled = notAsked === undefined || notAsked.isEnd ? {} : { notCalled: notAsked.why };
  if (calls.length === 0 && schemaErrors.length === 0) return notCalled;
  return {
    ...notCalled,
    verdict,
    ...(calls.length === 0 ? {} : { responses: calls.map(describedCall) }),
    ...(schemaErrors.length === 0 ? {} : { schema: schemaErrors.map(({ field, message }) => `${field}: ${message}`) }),
    ...(verdict === 'patched' ? { object } : {}),
  };
}

function describedCall({ webhook, route, reviewed, isReinvocation }: Call): object {
  const { response } = JSON.parse(reviewed.body) as { response?: { [member: string]: unknown } };
  const { patch, patchType: _, uid: __, ...others } = response ?? { message: reviewed.message };
  const rules = reviewed.reports.map((report) => {
    const { entry, outcome } = report;
    return [entry.rule.name, decisionOf(report) + (outcome.decision === 'skip' ? `: ${outcome.reason}` : '')];
  });
  return {
    webhook: webhook.name,
    phase: route.phase,
    ...(isReinvocation ? { reinvoked: true } : {}),
    rules: Object.fromEntries(rules),
    ...others,
    ...(patch === undefined ? {} : { patch: patchIn(reviewed.body) }),
  };
}

/** The operations of a patched answer. */
export function patchIn(body: string): jsonPatch.Operation[] {
  const { response } = JSON.parse(body) as { response: { patch: string } };
  return parseExactly(Buffer.from(response.patch, 'base64').toString()) as jsonPatch.Operation[];
}
