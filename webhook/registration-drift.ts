import type { JsonObject } from './decode.ts';
import { isAtLeast, type KubeVersion, NEWEST_KUBE_VERSION, OLDEST_KUBE_VERSION } from './kube-version.ts';
import type { RulesInForce } from './match.ts';
import { configurations, type Registration, type WebhookConfiguration } from './registration.ts';
import { extraWebhooks, type Target, webhookDifferences } from './webhook-differences.ts';

/** The two configurations that an API server has, by their kind; undefined where there is none of the name. */
export type Registered = { readonly [K in WebhookConfiguration['kind']]: JsonObject | undefined };

/** What sets one configuration apart from what should be there. */
export interface Drift {
  readonly kind: WebhookConfiguration['kind'];
  /** A line of words each; none where it is right. */
  readonly differences: readonly string[];
  /** The webhooks among them that are for no rule in force: `kubectl apply` takes away only what it once put there. */
  readonly extra: readonly string[];
}

/**
 * Gives a function that compares what an API server has with what is generated from the rules in force. Which
 * `--kube-version` was said then is not known: right is what comes of any version that suits the API server, its own or
 * an older one, and of any at all while its own is not known. The differences are those from the one that has the fewest.
 */
export function driftFrom(
  rules: RulesInForce,
  registration: Omit<Registration, 'caBundle' | 'kubeVersion'>,
  target: Target,
): (registered: Registered, apiServer: KubeVersion | undefined) => readonly Drift[] {
  const made = new Map<number, readonly WebhookConfiguration[]>();
  return (registered, apiServer = NEWEST_KUBE_VERSION) =>
    KINDS.map((kind) => {
      const all = minorsUpTo(apiServer)
        .flatMap((minor) => generated(minor).filter((one) => one.kind === kind))
        .map((one) => drift(one, registered[kind], target));
      return all.reduce((least, one) => (one.differences.length < least.differences.length ? one : least));
    });

  function generated(minor: number): readonly WebhookConfiguration[] {
    const kubeVersion = { ...OLDEST_KUBE_VERSION, minor };
    const all = made.get(minor) ?? configurations(rules, { ...registration, kubeVersion });
    made.set(minor, all);
    return all;
  }
}

const KINDS = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'] as const;

/** The newest first: of equally good ones it is the one to tell of. */
function minorsUpTo(apiServer: KubeVersion): number[] {
  const newest = isAtLeast(apiServer, NEWEST_KUBE_VERSION) ? NEWEST_KUBE_VERSION : apiServer;
  const { minor: oldest } = OLDEST_KUBE_VERSION;
  return Array.from({ length: Math.max(1, newest.minor - oldest + 1) }, (_, i) => oldest + i).toReversed();
}

/** One that is not there is missed by nobody who would not be asked by it. */
function drift(generated: WebhookConfiguration, live: JsonObject | undefined, target: Target): Drift {
  const { kind, webhooks } = generated;
  if (live !== undefined) {
    return { kind, differences: webhookDifferences(generated, live, target), extra: extraWebhooks(generated, live) };
  }
  const names = webhooks.map(({ name }) => name);
  const missed = names.length === 0 ? [] : [`it is not registered, so nobody is asked by ${names.join(', ')}`];
  return { kind, differences: missed, extra: [] };
}
