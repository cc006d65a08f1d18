import type { Logger } from 'pino';
import { type ClusterClient, connect } from '../cluster/client.ts';
import { type RunningLookups, startLookups } from '../cluster/lookups.ts';
import { serverVersion } from '../cluster/version.ts';
import { isAtLeast, OLDEST_KUBE_VERSION, versionText } from '../webhook/kube-version.ts';
import { lookedUp, noLookups } from '../webhook/lookup.ts';
import type { LookupMetrics } from '../webhook/lookup-metrics.ts';
import type { RulesInForce } from '../webhook/match.ts';
import type { Config } from './config.ts';
import type { Environment } from './environment.ts';
import { UsageError } from './usage.ts';

/** What of the cluster is needed, or nothing. */
export interface ClusterAccess extends RunningLookups {
  /** Undefined where nothing needs the API server: then it is never asked. */
  readonly client?: ClusterClient;
}

/**
 * Begins to answer the lookups of the rules in force, and connects to the API server where they, or the certificate's
 * mode, need it. Throws UsageError when no API server is known. One that does not answer yet is waited for: until then
 * `unsynced` says so.
 */
export async function clusterAccess(
  config: Config,
  rules: RulesInForce,
  { environment, log, metrics }: { environment: Environment; log: Logger; metrics: LookupMetrics },
): Promise<ClusterAccess> {
  const kinds = lookedUp(rules);
  if (kinds.length === 0 && config.certificate.mode !== 'self') return nothingLookedUp;
  const client = await connected(config, environment);
  void tellVersion(client, log);
  // Until the first list, too: what was never permitted is to be seen.
  for (const kind of kinds) metrics.watching(kind, false);
  // A client is no reason to look up: reviews that wait for no lookup are not timed (webhook/in-time.ts).
  const running = kinds.length === 0 ? nothingLookedUp : startLookups({ client, kinds, log, observe: metrics });
  return {
    ...running,
    client,
    stop() {
      running.stop();
      client.close();
    },
  };
}

const nothingLookedUp: RunningLookups = { lookups: noLookups, unsynced: () => [], stop() {} };

async function connected({ cluster: { kubeconfig } }: Config, environment: Environment): Promise<ClusterClient> {
  try {
    return await connect({ environment, ...(kubeconfig === undefined ? {} : { kubeconfig }) });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** Nothing waits for it: what it says is for whoever reads the log. */
async function tellVersion(client: ClusterClient, log: Logger): Promise<void> {
  const { server } = client;
  try {
    const version = await serverVersion(client);
    const kubernetes = versionText(version);
    if (isAtLeast(version, OLDEST_KUBE_VERSION)) log.info({ server, kubernetes }, 'the API server');
    else log.warn({ server, kubernetes }, 'this API server is older than any that Portcullis is made for');
  } catch (error) {
    log.warn({ server, reason: String(error) }, 'the API server does not say its version');
  }
}
