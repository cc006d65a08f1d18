import type { Engine } from '../webhook/engine.ts';
import { type KubeVersion, NEWEST_KUBE_VERSION } from '../webhook/kube-version.ts';
import { noLookups } from '../webhook/lookup.ts';
import type { RulesInForce } from '../webhook/match.ts';
import { configurations, routes, webhookName } from '../webhook/registration.ts';
import type { Gate, Registered } from './chain.ts';

/**
 * What requests are sent through: the webhooks of the configurations that are generated for these rules, in their order,
 * and the engine that the server runs. Of an API server whose version is not said, rules are told none.
 */
export function gateOf(rules: RulesInForce, domain: string, kubeVersion?: KubeVersion): Gate {
  const target = { url: 'https://127.0.0.1' };
  const registration = { name: 'portcullis', domain, target, kubeVersion: kubeVersion ?? NEWEST_KUBE_VERSION };
  const webhooks = new Map(
    configurations(rules, registration).flatMap(({ kind, webhooks }) =>
      webhooks.map((webhook) => [`${kind} ${webhook.name}`, webhook] as const),
    ),
  );
  const registered = (
    phase: 'mutating' | 'validating',
    kind: 'MutatingWebhookConfiguration' | 'ValidatingWebhookConfiguration',
  ): Registered[] =>
    routes(rules)
      .filter((route) => route.phase === phase)
      .flatMap((route) => {
        const webhook = webhooks.get(`${kind} ${webhookName(route, domain)}`);
        return webhook === undefined ? [] : [{ webhook, route }];
      });
  const engine: Engine = { rules, lookups: noLookups, now: () => 0, kubeVersion };
  return {
    engine,
    mutating: registered('mutating', 'MutatingWebhookConfiguration'),
    validating: registered('validating', 'ValidatingWebhookConfiguration'),
  };
}

/** The same in a cluster whose objects these lookups find, and whose API server has this version: the gate's unless said. */
export function inCluster(
  gate: Gate,
  { lookups, kubeVersion = gate.engine.kubeVersion }: Pick<Engine, 'lookups' | 'kubeVersion'>,
): Gate {
  return { ...gate, engine: { ...gate.engine, lookups, kubeVersion } };
}
