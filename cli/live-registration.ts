import type { Logger } from 'pino';
import { reasonOf } from '../certs/patiently.ts';
import type { ClusterClient } from '../cluster/client.ts';
import { type FollowTimes, followObjects } from '../cluster/follow-objects.ts';
import type { JsonObject } from '../webhook/decode.ts';
import type { KubeVersion } from '../webhook/kube-version.ts';
import type { RulesInForce } from '../webhook/match.ts';
import { driftFrom } from '../webhook/registration-drift.ts';
import type { RegistrationMetrics } from '../webhook/registration-metrics.ts';
import type { Config } from './config.ts';
import { NAME } from './manifests/installation.ts';

/** A webhook configuration as the API server had it when it was looked at last. */
export interface LiveConfiguration {
  /** `validatingwebhookconfigurations/portcullis`. */
  readonly configuration: string;
  /** Undefined where there is none. */
  readonly object: JsonObject | undefined;
  /** What sets it apart from the one that the rules in force generate: a line each. */
  readonly differences: readonly string[];
  /** The names of its webhooks that are for no rule in force. */
  readonly extra: readonly string[];
}

/** What is registered, as it was seen last. */
export interface LiveRegistration {
  /** Both; empty until they were read for the first time. */
  configurations(): readonly LiveConfiguration[];
  /** Why they could not be read, the last time that it was tried. */
  problem(): string | undefined;
}

/** What is followed, and who is told. */
export interface Following {
  readonly client: ClusterClient;
  readonly config: Config;
  readonly rules: RulesInForce;
  /** In a pod, the Service is what API servers are to call; elsewhere a person chose what they do. */
  readonly isInPod: boolean;
  readonly kubeVersion: () => KubeVersion | undefined;
  /** What mends their drift, for the log. */
  readonly mend: (configurations: readonly LiveConfiguration[]) => readonly string[];
  readonly metrics: RegistrationMetrics;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  readonly signal: AbortSignal;
  readonly times?: FollowTimes;
}

/**
 * Compares both webhook configurations in the cluster with those that the rules in force generate, whenever they change.
 * What differs is counted, and logged when it becomes something else, with what mends it. Nothing is changed, and
 * nobody's readiness hangs on it: the server is there first, its webhooks come after.
 */
export function followRegistration(following: Following): LiveRegistration {
  const { client, config, rules, isInPod, kubeVersion, mend, metrics, log, signal, times } = following;
  const { namespace, domain } = config;
  const registration = { name: NAME, domain, target: { service: { name: NAME, namespace } } };
  const compare = driftFrom(rules, registration, isInPod ? 'service' : 'path');
  const places = RESOURCES.map((resource) => ({
    path: `/apis/admissionregistration.k8s.io/v1/${resource}`,
    name: NAME,
  }));
  let configurations: readonly LiveConfiguration[] = [];
  let problem: string | undefined;
  let logged: string | undefined;
  let loggedProblem: string | undefined;
  void followObjects(client, places, { read, failed }, { signal, ...(times === undefined ? {} : { times }) });
  return { configurations: () => configurations, problem: () => problem };

  function read([mutating, validating]: readonly (JsonObject | undefined)[]): void {
    problem = loggedProblem = undefined;
    const registered = { MutatingWebhookConfiguration: mutating, ValidatingWebhookConfiguration: validating };
    configurations = compare(registered, kubeVersion()).map(({ kind, ...drift }) => {
      const configuration = `${kind.toLowerCase()}s/${NAME}`;
      metrics.compared(configuration, drift.differences.length);
      return { configuration, object: registered[kind], ...drift };
    });
    tell(driftIn(configurations));
  }

  function tell(drift: readonly string[]): void {
    const what = JSON.stringify(drift);
    if (what === logged) return;
    logged = what;
    if (drift.length === 0) log.info('what is registered is what the rules in force generate');
    // Whoever runs it on their own machine may have registered nothing, and may want to.
    else
      log[isInPod ? 'warn' : 'info'](
        { drift, mend: mend(configurations) },
        'what is registered is not what the rules in force generate',
      );
  }

  function failed(error: unknown): void {
    problem = reasonOf(error);
    if (problem === loggedProblem) return;
    loggedProblem = problem;
    log.warn({ reason: problem }, 'what is registered cannot be read; trying on');
  }
}

const RESOURCES = ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'] as const;

/** All differences of both, a line each: `validatingwebhookconfigurations/portcullis: …`; few enough to be read. */
export function driftIn(configurations: readonly LiveConfiguration[]): string[] {
  const hasNone = configurations.every(({ object }) => object === undefined);
  const isMissed = configurations.some(({ differences }) => differences.length > 0);
  if (hasNone && isMissed) return ['nothing is registered: nobody is asked'];
  return configurations.flatMap(({ configuration, differences }) => [
    ...differences.slice(0, MOST).map((text) => `${configuration}: ${text}`),
    ...(differences.length > MOST ? [`${configuration}: ${differences.length - MOST} more differences`] : []),
  ]);
}

/** Of each configuration. Who has more of them has seen enough. */
const MOST = 20;
