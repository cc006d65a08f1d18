import { review } from '../webhook/review.ts';
import { apiServerVerdict } from './api-server-verdict.ts';
import type { Call, Registered, Underway } from './chain.ts';
import type { KubeObject } from './cluster.ts';
import { inVersion } from './conversion.ts';
import { inKeyOrder } from './key-order.ts';
import { matchWebhook } from './matching.ts';
import { parseApiVersion } from './resources.ts';

/**
 * Asks a webhook about the request as it is by now, takes its patch over, and notes what came. Undefined: the API server
 * does not ask it; where it was asked before (`isReinvocation`) that is not noted again.
 */
export async function callWebhook(
  way: Underway,
  { webhook, route }: Registered,
  isReinvocation = false,
): Promise<Call | undefined> {
  const { start, engine } = way;
  const match = matchWebhook(webhook, way.request, start.cluster);
  if ('reason' in match) {
    if (!isReinvocation) way.notCalled.push({ webhook, route, reason: match.reason });
    return undefined;
  }
  if (webhook.matchConditions !== undefined) {
    way.notEvaluated.add(`${webhook.name} has matchConditions, which are taken to be true`);
  }
  const { request } = match;
  // A recorded review goes as it came, as long as nobody has changed it.
  const bytes =
    request === start.review.request ? start.bytes : Buffer.from(JSON.stringify({ ...start.review, request }));
  const reviewed = await review(bytes, route, engine);
  const verdict = apiServerVerdict({
    phase: route.phase,
    request,
    failurePolicy: webhook.failurePolicy === 'Ignore' ? 'Ignore' : 'Fail',
    httpStatus: reviewed.status,
    body: reviewed.body,
  });
  const call = { webhook, route, bytes, request, reviewed, verdict, isReinvocation };
  way.calls.push(call);
  if (verdict.kind === 'patched') takeOver(way, verdict.object as KubeObject);
  return call;
}

/** With the defaults that the patch took away, and in the request's own version again. */
function takeOver(way: Underway, patched: KubeObject): void {
  const { cluster } = way.start;
  const { version } = parseApiVersion((way.request.object as KubeObject).apiVersion);
  const filled = (cluster.storageOf(patched.apiVersion, patched.kind)?.fillIn(patched) ?? patched) as KubeObject;
  way.request = { ...way.request, object: inKeyOrder(inVersion(filled, version), cluster) };
}
