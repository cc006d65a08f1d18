import type { Logger } from 'pino';
import type { ServingCertificate } from '../certs/serving-certificate.ts';
import type { ClusterClient } from '../cluster/client.ts';
import type { Engine } from '../webhook/engine.ts';
import { createHealthServer } from '../webhook/health.ts';
import { DRAIN_DEADLINE_MS, type Limits } from '../webhook/limits.ts';
import { createMetrics, type Metrics } from '../webhook/metrics.ts';
import { createServer } from '../webhook/server.ts';
import { keptCertificate, type SelfSettings } from './certificate.ts';
import { knownClients } from './clients.ts';
import { type ClusterAccess, clusterAccess } from './cluster.ts';
import { type Config, configFrom } from './config.ts';
import { SERVE_FLAGS } from './config-flags.ts';
import { type End, untilSignal } from './end.ts';
import { type HashedRules, loadHashed } from './hashed-rules.ts';
import { type IsolatedRules, isolatedRules } from './isolation.ts';
import { listening, reachableHost } from './listening.ts';
import { followRegistration, type LiveConfiguration, type LiveRegistration } from './live-registration.ts';
import { createLog } from './log.ts';
import { isInPod, mending } from './mending.ts';
import { type ServerState, serverStatus } from './server-status.ts';
import { tryIt } from './try-it.ts';
import { type Given, helpText, parseFlags, UsageError } from './usage.ts';

const USAGE = 'portcullis serve [FLAGS]';
const STORY = `Answers AdmissionReviews over HTTPS, with the built-in rules and those in the folders given.
One JSON line a review goes to standard output. SIGTERM drains: nothing in flight is lost.`;

/** What no configuration says, and a test may: settings of mode `self`, and limits. */
export type Unsaid = SelfSettings & { readonly limits?: Partial<Limits> };

/** `portcullis serve`: runs until it is told to end. Gives the exit code. */
export async function serve(args: readonly string[], unsaid: Unsaid = {}): Promise<number> {
  const given = parseFlags(args, SERVE_FLAGS);
  if (given.flags.help) {
    process.stdout.write(helpText(USAGE, STORY, SERVE_FLAGS));
    return 0;
  }
  if (given.words.length > 0) throw new UsageError(`serve takes no "${given.words[0]}"; see portcullis serve --help`);
  await run(given, unsaid);
  return 0;
}

async function run(given: Given, unsaid: Unsaid): Promise<void> {
  const config = configFrom(given, process.env);
  const end = untilSignal();
  const metrics = createMetrics();
  const { log, written } = createLog(config.logLevel, metrics.logLost);
  const hashed = await loadHashed(config);
  if (end.signal.aborted) return;
  const state: State = { isDraining: false };
  // First of all: a start may have to wait for the API server, and whoever watches wants to know what for.
  const status = () => serverStatus(state, { config, hashed, unready: unready(state) }, process.env);
  const health = createHealthServer(() => unready(state), metrics, status);
  const healthPort = await listening(health, { host: config.host, port: config.healthPort, flag: 'health-port' });
  try {
    await served({ given, config, unsaid, hashed, healthPort, metrics, log, state }, end);
  } catch (error) {
    // What was still waited for ends with the signal.
    if (!end.signal.aborted) throw error;
  }
  state.cluster?.stop();
  await health.close();
  log.info('ended');
  await written();
}

/** What readiness and the status are judged by. */
type State = { -readonly [fact in keyof ServerState]: ServerState[fact] } & {
  isDraining: boolean;
  isolation?: IsolatedRules;
};

/** What is there before anything is waited for. */
interface Begun {
  readonly given: Given;
  readonly config: Config;
  readonly unsaid: Unsaid;
  readonly hashed: HashedRules;
  readonly healthPort: number;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly state: State;
}

async function served(
  { given, config, unsaid: { limits = {}, ...self }, hashed, healthPort, metrics, log, state }: Begun,
  end: End,
): Promise<void> {
  const { rules } = hashed;
  const known = await knownClients(config);
  const cluster = await clusterAccess(config, rules, { environment: process.env, log, metrics: metrics.lookups });
  state.cluster = cluster;
  if (cluster.client !== undefined) state.live = followed(cluster.client, cluster);
  const certificate = await keptCertificate(config, {
    client: cluster.client,
    log,
    signal: end.signal,
    onRenewed,
    self,
  });
  state.certificateState = certificate.state;
  const engine: Engine = {
    rules,
    lookups: cluster.lookups,
    now: () => performance.now(),
    get kubeVersion() {
      return cluster.kubeVersion();
    },
  };
  const isolation = isolatedRules(config, { engine, sha256: hashed.sha256, given, log });
  state.isolation = isolation;
  await Promise.race([isolation.ready, end.reached]);
  if (end.signal.aborted) return isolation.close();
  const server = createServer({
    engine,
    certificate,
    clients: known.clients,
    log,
    metrics,
    limits,
    deciding: isolation.deciding,
  });
  const stopFollowing = known.follow(server, log);

  // Not before: whatever fails until then has to end a start that cannot succeed.
  keepServing(log);
  const port = await listening(server, { host: config.host, port: config.port, flag: 'port' });
  // From here on it is ready.
  if (state.certificate === undefined) serveWith(certificate);
  const reachable = reachableHost(config.host);
  const url = `https://${reachable}:${port}`;
  const healthUrl = `http://${reachable}:${healthPort}`;
  const names = rules.rules.map(({ rule, mode }) => (mode === 'enforce' ? rule.name : `${rule.name} (${mode})`));
  const { caFile, notAfter } = certificate;
  const clientCa = config.clients?.caFile;
  log.info({ url, healthUrl, rules: names, certificateUntil: notAfter, ca: caFile, clientCa }, 'serving');
  // For a person at a terminal; in a cluster there is none.
  if (caFile !== undefined) {
    process.stderr.write(tryIt({ url, healthUrl, rules, caFile, hasCluster: cluster.client !== undefined, clientCa }));
  }

  const signal = await end.reached;
  log.info({ signal }, 'draining');
  state.isDraining = true;
  certificate.stop();
  stopFollowing();
  // A person at a terminal has nobody to wait for.
  const delay = signal === 'SIGINT' ? 0 : config.drainSeconds * 1000;
  await server.drain({ delay, deadline: DRAIN_DEADLINE_MS });
  isolation.close();

  function followed(client: ClusterClient, { kubeVersion }: ClusterAccess): LiveRegistration {
    const inPod = isInPod(config, process.env);
    const mend = (all: readonly LiveConfiguration[]) => mending(config, all, { inPod, apiServer: kubeVersion() });
    const told = { log, metrics: metrics.registration, mend };
    return followRegistration({ client, config, rules, isInPod: inPod, kubeVersion, signal: end.signal, ...told });
  }

  function onRenewed(next: ServingCertificate): void {
    server.useCertificate(next);
    serveWith(next);
    log.info({ notAfter: next.notAfter }, 'certificate renewed');
  }

  function serveWith(current: ServingCertificate): void {
    state.certificate = current;
    metrics.certificateExpires(current.notAfter);
  }
}

function unready({ certificate, cluster, isolation, isDraining }: State): string[] {
  const missing: string[] = [];
  if (isDraining) missing.push('the server is ending');
  if (certificate === undefined) missing.push('there is no serving certificate yet');
  else if (certificate.notAfter.getTime() <= Date.now()) missing.push('the serving certificate has ended');
  return [...missing, ...(cluster?.unsynced() ?? []), ...(isolation?.unready() ?? [])];
}

/** What a rule leaves behind after its review (a promise, a timer) may fail; nobody's review is to be lost for it. */
function keepServing(log: Logger): void {
  for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
    process.on(event, (error: unknown) => {
      log.error({ reason: error instanceof Error ? error.stack : String(error) }, `${event}: outside of any review`);
    });
  }
}
