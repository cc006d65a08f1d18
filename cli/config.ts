import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type ConfigFile, type ReadConfig, readConfigFile } from './config-file.ts';
import { SERVE_FLAGS } from './config-flags.ts';
import {
  ACCESS,
  type Access,
  CERTIFICATE_MODES,
  type CertificateMode,
  ISOLATIONS,
  type IsolationMode,
  LOG_LEVELS,
  type LogLevel,
  REGISTRATION,
  type Registration,
} from './config-values.ts';
import { type Environment, type Said, said } from './environment.ts';
import { Faults } from './faults.ts';
import { namespaceName, oneOf, wholeNumber } from './flag-values.ts';
import { type Given, UsageError } from './usage.ts';

/** All that a command may be told, with every default filled in and every path absolute. */
export interface Config {
  readonly file: ReadConfig | undefined;
  readonly ruleFolders: readonly string[];
  readonly namespace: string;
  readonly ignoredNamespaces: readonly string[];
  readonly domain: string;
  readonly host: string;
  readonly port: number;
  readonly healthPort: number;
  readonly drainSeconds: number;
  readonly logLevel: LogLevel;
  readonly isolation: IsolationMode;
  readonly certificate: CertificateConfig;
  readonly registration: Registration;
  readonly cluster: ClusterConfig;
  /** Undefined where anybody may ask. */
  readonly clients: ClientsConfig | undefined;
}

/** Where the serving certificate comes from. */
export interface CertificateConfig {
  readonly mode: CertificateMode;
  /** `dev` keeps its pair here, `files` reads it here. */
  readonly folder: string;
  /** Names that the certificate is for, besides those that follow from its mode. */
  readonly names: readonly string[];
  /** The Secret with the CA of mode `self`, in Portcullis' own namespace. */
  readonly secret: string;
}

/** Who may ask the server, besides being able to reach it. */
export interface ClientsConfig {
  /** PEM of the CAs that sign the certificates of those who may. */
  readonly caFile: string;
  /** Their common names; any will do where there are none. */
  readonly names: readonly string[];
}

/** Whether an API server may be asked, and how it is found. */
export interface ClusterConfig {
  readonly access: Access;
  /** The pod's own service account, else $KUBECONFIG, else ~/.kube/config, unless said. */
  readonly kubeconfig?: string;
}

/**
 * What holds: a flag, else its environment variable (environment.ts), else the configuration file, else the default.
 * Throws UsageError for a wrong flag or variable and Faults for a wrong file.
 */
export function configFrom(given: Given, environment: Environment): Config {
  const words = said(given, SERVE_FLAGS, environment);
  const { one, many } = words;
  const file = configFile(one('config')?.text);
  if (file !== undefined && file.read.faults.length > 0) throw new Faults(file.read.faults);
  const { server = {}, certificate, cluster, ...config } = file?.read.config ?? {};
  const besideFile = (path: string): string => resolve(file?.folder ?? '.', path);
  const namespace = namespaceName(one('namespace')) ?? config.namespace ?? 'portcullis-system';
  const ignored = config.ignoredNamespaces ?? ['kube-system', 'kube-public', 'kube-node-lease'];
  const host = one('host')?.text ?? server.host ?? '127.0.0.1';
  return {
    file: file?.read,
    ruleFolders: many('rules')?.map((path) => resolve(path)) ?? config.ruleFolders?.map(besideFile) ?? [],
    namespace,
    ignoredNamespaces: [...new Set([...ignored, namespace])],
    domain: config.domain ?? 'extensions.example.com',
    host,
    ...ports(wholeNumber(one('port'), 65535), wholeNumber(one('health-port'), 65535), server),
    drainSeconds: wholeNumber(one('drain-seconds'), 300) ?? server.drainSeconds ?? 10,
    logLevel: oneOf(one('log-level'), LOG_LEVELS) ?? server.logLevel ?? 'info',
    registration: oneOf(one('registration'), REGISTRATION) ?? config.registration ?? 'bundle',
    clients: clientsConfig(words, server, besideFile),
    isolation: oneOf(one('isolation'), ISOLATIONS) ?? server.isolation ?? 'loaded',
    ...agreeing(certificateConfig(words, certificate, { besideFile, host }), clusterConfig(one, cluster, besideFile)),
  };
}

/** Mode self keeps its CA in the cluster. */
function agreeing(certificate: CertificateConfig, cluster: ClusterConfig): Pick<Config, 'certificate' | 'cluster'> {
  if (certificate.mode !== 'self' || cluster.access !== 'none') return { certificate, cluster };
  throw new UsageError('certificate mode self needs the cluster, and cluster-access is none: choose mode files or dev');
}

type BesideFile = (path: string) => string;

function certificateConfig(
  { one, many }: Said,
  file: ConfigFile['certificate'] = {},
  { besideFile, host }: { besideFile: BesideFile; host: string },
): CertificateConfig {
  const mode = oneOf(one('certificate'), CERTIFICATE_MODES) ?? file.mode ?? 'dev';
  const folder = pathIn(one('certs')?.text, file.folder, besideFile);
  const names = many('dns-name') ?? file.names ?? [];
  if (mode === 'files' && folder === undefined) {
    throw new UsageError('certificate mode files needs the folder of tls.crt and tls.key: name it with --certs');
  }
  return {
    mode,
    folder: folder ?? besideFile('.portcullis'),
    names: mode === 'dev' ? withHost(names, host) : names,
    secret: file.secret ?? 'portcullis-ca',
  };
}

function clientsConfig(
  { one, many }: Said,
  file: NonNullable<ConfigFile['server']>,
  besideFile: BesideFile,
): ClientsConfig | undefined {
  const caFile = pathIn(one('client-ca')?.text, file.clientCa, besideFile);
  const names = many('client-name') ?? file.clientNames ?? [];
  // A variable has them with commas between them, in a pod too.
  const odd = names.find((name) => name.includes(','));
  if (odd !== undefined) throw new UsageError(`a client's name cannot have a comma in it, as "${odd}" has`);
  if (caFile !== undefined) return { caFile, names };
  if (names.length === 0) return undefined;
  throw new UsageError("clients' names mean nothing without the CA of their certificates: name it with --client-ca");
}

function clusterConfig(one: Said['one'], file: ConfigFile['cluster'] = {}, besideFile: BesideFile): ClusterConfig {
  const kubeconfig = pathIn(one('kubeconfig')?.text, file.kubeconfig, besideFile);
  return {
    access: oneOf(one('cluster-access'), ACCESS) ?? file.access ?? 'auto',
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
  };
}

function configFile(path: string | undefined): { read: ReadConfig; folder: string } | undefined {
  if (path === undefined && !existsSync('portcullis.yaml')) return undefined;
  const file = resolve(path ?? 'portcullis.yaml');
  return { read: readConfigFile(file), folder: dirname(file) };
}

/** The health port is not 8080, where a kubectl without a configuration looks for an API server. */
function ports(
  port: number | undefined,
  healthPort: number | undefined,
  file: { readonly port?: number; readonly healthPort?: number },
): Pick<Config, 'port' | 'healthPort'> {
  const both = { port: port ?? file.port ?? 8443, healthPort: healthPort ?? file.healthPort ?? 8081 };
  if (both.port !== both.healthPort || both.port === 0) return both;
  throw new UsageError(`port and health-port are both ${both.port}: choose another with --port or --health-port`);
}

/** A server that listens on one address is called by it; the loopback names are in every certificate. */
function withHost(names: readonly string[], host: string): readonly string[] {
  return ['0.0.0.0', '::', '127.0.0.1', '::1', 'localhost'].includes(host) ? names : [...names, host];
}

/** What is said is of the working folder, what the file says of its own. */
function pathIn(said: string | undefined, inFile: string | undefined, besideFile: BesideFile): string | undefined {
  if (said !== undefined) return resolve(said);
  return inFile === undefined ? undefined : besideFile(inFile);
}

/** Where a member of the configuration file is, or would be. */
export function whereInConfig({ file }: Config, path: readonly string[]): string {
  return file?.where(path) ?? 'portcullis.yaml';
}
