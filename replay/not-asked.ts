import { webhookOf } from '../webhook/match.ts';
import type { Rule } from '../webhook/rule.ts';
import { type Call, type Chain, isFailure, type Registered } from './chain.ts';

/** Why nobody asked a rule. */
export interface NotAsked {
  readonly why: string;
  /** The request had ended, or could not be read; otherwise none of its webhooks is for the request. */
  readonly isEnd: boolean;
}

/** Why no webhook asked this rule on the chain's way; undefined where one did. */
export function whyNotAsked({ calls, notCalled, schemaErrors }: Chain, rule: Rule): NotAsked | undefined {
  if (calls.some(({ reviewed }) => reviewed.reports.some(({ entry }) => entry.rule.name === rule.name)))
    return undefined;
  const carries = ({ route }: Registered) => route.phase === rule.phase && route.webhook === webhookOf(rule);
  const passedOver = notCalled.filter(carries);
  const end = calls.find((call) => ends(call) || (carries(call) && call.reviewed.verdict === 'malformed'));
  if (end !== undefined && passedOver.length === 0) {
    return { why: `${end.webhook.name} ends the request first: ${end.reviewed.message ?? ''}`, isEnd: true };
  }
  const [refused] = schemaErrors;
  if (refused !== undefined && rule.phase === 'validating') {
    const why = `the API server itself refuses the object first: ${refused.field}: ${refused.message}`;
    return { why, isEnd: true };
  }
  const others = calls.filter(carries).map(({ webhook }) => `${webhook.name} is called for other rules`);
  const reasons = [...passedOver.map(({ reason }) => reason), ...others];
  if (reasons.length > 0) return { why: reasons.join('; '), isEnd: false };
  return { why: 'the mutating webhooks were asked before (phase: validating)', isEnd: true };
}

function ends({ route, verdict }: Call): boolean {
  return route.phase === 'mutating' && (verdict.kind === 'rejected' || isFailure(verdict));
}
