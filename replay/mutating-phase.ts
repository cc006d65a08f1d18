import { isDeepStrictEqual } from 'node:util';
import { callWebhook } from './call-webhook.ts';
import { type Call, isFailure, type Registered, type Underway } from './chain.ts';

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
  }
  return true;
}

/** A patch that comes to the same is none. */
function isChange({ verdict, request }: Call): boolean {
  return verdict.kind === 'patched' && !isDeepStrictEqual(verdict.object, request.object);
}
