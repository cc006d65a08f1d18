import { setTimeout as wait } from 'node:timers/promises';
import { type Logger, pino } from 'pino';
import { devCertificate } from '../certs/dev.ts';
import { keepRenewed } from '../certs/keep-renewed.ts';
import type { ServingCertificate } from '../certs/serving-certificate.ts';
import { builtInRules, followed } from '../rules/index.ts';
import { createHealthServer } from '../webhook/health.ts';
import { DRAIN_DEADLINE_MS } from '../webhook/limits.ts';
import { lookedUp, noLookups } from '../webhook/lookup.ts';
import { createMetrics } from '../webhook/metrics.ts';
import { createServer } from '../webhook/server.ts';
import { type Config, configFrom } from './config.ts';
import { SERVE_FLAGS } from './config-flags.ts';
import { Faults } from './faults.ts';
import { listening, reachableHost } from './listening.ts';
import { loadRules } from './load.ts';
import { tryIt } from './try-it.ts';
import { helpText, parseFlags, UsageError } from './usage.ts';

const USAGE = 'portcullis serve [FLAGS]';
const STORY = `Answers AdmissionReviews over HTTPS, with the built-in rules and those in the folders given.
One JSON line a review goes to standard output. SIGTERM drains: nothing in flight is lost.`;

/** `portcullis serve`: runs until it is told to end. Gives the exit code. */
export async function serve(args: readonly string[]): Promise<number> {
  const given = parseFlags(args, SERVE_FLAGS);
  if (given.flags.help) {
    process.stdout.write(helpText(USAGE, STORY, SERVE_FLAGS));
    return 0;
  }
  if (given.words.length > 0) throw new UsageError(`serve takes no "${given.words[0]}"; see portcullis serve --help`);
  try {
    await run(configFrom(given, process.env));
    return 0;
  } catch (error) {
    if (error instanceof Faults) throw new UsageError(error.message);
    throw error;
  }
}

async function run(config: Config): Promise<void> {
  const log = pino({ level: config.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime });
  const rules = await loadRules(builtInRules, config, { followed });
  if (config.certificate.mode !== 'dev') throw new UsageError('only certificate mode dev is served yet');
  if (lookedUp(rules).length > 0) throw new UsageError('rules with lookups are not served yet');
  const certificate = await issued(config);
  const metrics = createMetrics();
  const engine = { rules, lookups: noLookups, now: () => performance.now() };
  const server = createServer({ engine, certificate, log, metrics });
  const state = { certificate: certificate as ServingCertificate, isDraining: false };
  const health = createHealthServer(() => unready(state), metrics);
  metrics.certificateExpires(certificate.notAfter);

  // Not before: whatever fails until then has to end a start that cannot succeed.
  keepServing(log);
  const port = await listening(server, { host: config.host, port: config.port, flag: 'port' });
  const healthPort = await listening(health, { host: config.host, port: config.healthPort, flag: 'health-port' });
  const stopRenewing = keepRenewed({
    current: certificate,
    renew: () => issued(config),
    apply(next) {
      server.useCertificate(next);
      state.certificate = next;
      metrics.certificateExpires(next.notAfter);
      log.info({ notAfter: next.notAfter }, 'certificate renewed');
    },
    onError: (error) => log.error({ reason: String(error) }, 'the certificate was not renewed; the old one stays'),
  });
  const reachable = reachableHost(config.host);
  const url = `https://${reachable}:${port}`;
  const healthUrl = `http://${reachable}:${healthPort}`;
  const names = rules.rules.map(({ rule, mode }) => (mode === 'enforce' ? rule.name : `${rule.name} (${mode})`));
  log.info({ url, healthUrl, rules: names, certificateUntil: certificate.notAfter, ca: certificate.caFile }, 'serving');
  process.stderr.write(tryIt({ url, healthUrl, caFile: certificate.caFile, rules }));

  const signal = await ended();
  log.info({ signal }, 'draining');
  state.isDraining = true;
  stopRenewing();
  // A person at a terminal has nobody to wait for.
  const delay = signal === 'SIGINT' ? 0 : config.drainSeconds * 1000;
  await server.drain({ delay, deadline: DRAIN_DEADLINE_MS });
  await health.close();
  log.info('ended');
}

function issued({ certificate: { folder, names } }: Config): ReturnType<typeof devCertificate> {
  return devCertificate({ folder, names, now: new Date() }).catch((error: Error) => {
    throw new UsageError(error.message);
  });
}

function unready({ certificate, isDraining }: { certificate: ServingCertificate; isDraining: boolean }): string[] {
  const missing: string[] = [];
  if (isDraining) missing.push('the server is ending');
  if (certificate.notAfter.getTime() <= Date.now()) missing.push('the serving certificate has ended');
  return missing;
}

/** Resolves at the first signal to end; a second one ends at once. */
async function ended(): Promise<NodeJS.Signals> {
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  const now = (): never => process.exit(1);
  process.once('SIGTERM', now);
  process.once('SIGINT', now);
  await wait(0);
  return signal;
}

/** What a rule leaves behind after its review (a promise, a timer) may fail; nobody's review is to be lost for it. */
function keepServing(log: Logger): void {
  for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
    process.on(event, (error: unknown) => {
      log.error({ reason: error instanceof Error ? error.stack : String(error) }, `${event}: outside of any review`);
    });
  }
}
