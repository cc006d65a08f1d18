import { isDeepStrictEqual } from 'node:util';
import { callWebhook } from './call-webhook.ts';
import { type Call, isFailure, type Registered, type Underway } from './chain.ts';
import type { KubeObject } from './cluster.ts';

/**
 * Asks the mutating webhooks one after the other, and then those a second time that want it (`IfNeeded`), were asked the
 * first time, and after whom another one changed the object; one that changes it in that second round brings those along that
 * come later (apiserver, admission/plugin/webhook/mutating: dispatcher, reinvocationcontext). False: the request has ended.
 */
export async function mutatingPhase(way: Underway, webhooks: readonly Registered[]): Promise<boolean> {
  const asked = new Set<Registered>();
  const again = new Set<Registered>();
  for (const isReinvocation of [false, true]) {
    for (const registered of webhooks) {
      if (isReinvocation && !again.has(registered)) continue;
      const call = await callWebhook(way, registered, isReinvocation);
      if (call === undefined) continue;
      if (call.verdict.kind === 'rejected' || isFailure(call.verdict)) return false;
      if (isChange(call)) for (const earlier of asked) again.add(earlier);
      if (registered.webhook.reinvocationPolicy === 'IfNeeded') asked.add(registered);
    }
    prune(way);
  }
  return true;
}

/** A patch that comes to the same is none. */
function isChange({ verdict, request }: Call): boolean {
  return verdict.kind === 'patched' && !isDeepStrictEqual(verdict.object, request.object);
}

/** What webhooks added and the CRD's schema does not know is seen by the webhooks of the same round alone. */
function prune(way: Underway): void {
  const { object } = way.request;
  if (object === null || way.calls.length === 0) return;
  const pruned = way.start.cluster.storageOf(object.apiVersion, object.kind)?.prune(object) as KubeObject | undefined;
  if (pruned !== undefined && pruned !== object) way.request = { ...way.request, object: pruned };
}
