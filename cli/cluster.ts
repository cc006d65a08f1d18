import type { Logger } from 'pino';
import { type ClusterClient, connect } from '../cluster/client.ts';
import { keepVersion } from '../cluster/kept-version.ts';
import { type RunningLookups, startLookups } from '../cluster/lookups.ts';
import { resourceName } from '../webhook/kind.ts';
import type { KubeVersion } from '../webhook/kube-version.ts';
import { type LookedUp, lookedUp, noLookups } from '../webhook/lookup.ts';
import type { LookupMetrics } from '../webhook/lookup-metrics.ts';
import type { RulesInForce } from '../webhook/match.ts';
import type { Config } from './config.ts';
import type { Environment } from './environment.ts';
import { UsageError } from './usage.ts';

/** What of the cluster is needed, or nothing. */
export interface ClusterAccess extends RunningLookups {
  /** Undefined where nothing needs the API server: then it is never asked. */
  readonly client?: ClusterClient;
  /** The API server's version, once it is known. */
  kubeVersion(): KubeVersion | undefined;
}

/**
 * Begins to answer the lookups of the rules in force, and connects to the API server where they, or the certificate's
 * mode, need it. Throws UsageError when no API server is known and one is needed, or a kubeconfig is named; rules that
 * can do without are in force without, and the log says so. An API server that does not answer yet is waited for: until
 * then `unsynced` says so.
 */
export async function clusterAccess(
  config: Config,
  rules: RulesInForce,
  { environment, log, metrics }: { environment: Environment; log: Logger; metrics: LookupMetrics },
): Promise<ClusterAccess> {
  const wanted = config.cluster.access === 'none' ? [] : lookedUp(rules);
  const isNeeded = config.certificate.mode === 'self' || wanted.some(({ optional }) => !optional);
  if (wanted.length === 0 && !isNeeded) return withoutCluster;
  const client = await connected(config, environment).catch((error: UsageError) => {
    // Whoever names a kubeconfig means it.
    if (isNeeded || config.cluster.kubeconfig !== undefined) throw error;
    log.info({ reason: error.message }, `no cluster is asked, and ${namesOf(wanted)} cannot be looked up`);
  });
  if (client === undefined) return withoutCluster;
  const version = keepVersion(client, log);
  // Until the first list, too: what was never permitted is to be seen.
  for (const { kind } of wanted) metrics.watching(kind, false);
  // A client is no reason to look up: reviews that wait for no lookup are not timed (webhook/in-time.ts).
  const running = wanted.length === 0 ? withoutCluster : lookingUp(client, wanted);
  return {
    lookups: running.lookups,
    client,
    kubeVersion: version.current,
    unsynced() {
      const problem = version.problem();
      const missing = problem === undefined ? [] : [`the API server has not said its version yet: ${problem}`];
      return [...missing, ...running.unsynced()];
    },
    states: running.states,
    stop() {
      version.stop();
      running.stop();
      client.close();
    },
  };

  function lookingUp(client: ClusterClient, all: readonly LookedUp[]): RunningLookups {
    const optional = new Set(all.filter((one) => one.optional).map(({ kind }) => kind));
    const kinds = all.map(({ kind }) => kind);
    return startLookups({ client, kinds, isOptional: (kind) => optional.has(kind), log, observe: metrics });
  }
}

const withoutCluster: ClusterAccess = {
  lookups: noLookups,
  kubeVersion: () => undefined,
  unsynced: () => [],
  states: () => [],
  stop() {},
};

/** Makes a client of the API server that the configuration names. Throws UsageError where none can be. */
export async function connected({ cluster: { kubeconfig } }: Config, environment: Environment): Promise<ClusterClient> {
  try {
    return await connect({ environment, ...(kubeconfig === undefined ? {} : { kubeconfig }) });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function namesOf(wanted: readonly LookedUp[]): string {
  return wanted.map(({ kind }) => resourceName(kind)).join(', ');
}
