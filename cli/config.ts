import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type ReadConfig, readConfigFile } from './config-file.ts';
import { type Environment, type Said, said } from './environment.ts';
import { Faults } from './faults.ts';
import { type Flags, type Given, UsageError } from './usage.ts';

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
  readonly logLevel: string;
  readonly certificateFolder: string;
  readonly certificateNames: readonly string[];
}

/** The flags of every command that loads rules. */
export const CONFIG_FLAGS: Flags = {
  config: { value: 'FILE', does: 'configuration (default: portcullis.yaml here, if there is one)' },
  rules: { value: 'FOLDER', does: 'a folder of rule files of your own; may be repeated', isMany: true },
};

/** The flags of `serve`. */
export const SERVE_FLAGS: Flags = {
  ...CONFIG_FLAGS,
  host: { value: 'ADDRESS', does: 'address to listen on (default: 127.0.0.1)' },
  port: { value: 'PORT', does: 'HTTPS, for API servers (default: 8443; 0 takes a free one)' },
  'health-port': { value: 'PORT', does: '/livez, /readyz, /metrics (default: 8081; 0 takes a free one)' },
  certs: { value: 'FOLDER', does: 'where the dev certificate is kept (default: .portcullis)' },
  'dns-name': { value: 'NAME', does: 'a further name that the certificate is for; may be repeated', isMany: true },
  'drain-seconds': { value: 'SECONDS', does: 'how long to go on serving after SIGTERM (default: 10)' },
  'log-level': { value: 'LEVEL', does: 'debug, info, warn or error (default: info)' },
};

/**
 * What holds: a flag, else its environment variable (environment.ts), else the configuration file, else the default.
 * Throws UsageError for a wrong flag or variable and Faults for a wrong file.
 */
export function configFrom(given: Given, environment: Environment): Config {
  const { one, many } = said(given, SERVE_FLAGS, environment);
  const file = configFile(one('config')?.text);
  if (file !== undefined && file.read.faults.length > 0) throw new Faults(file.read.faults);
  const { server = {}, certificate = {}, ...config } = file?.read.config ?? {};
  const besideFile = (path: string): string => resolve(file?.folder ?? '.', path);
  const namespace = config.namespace ?? 'portcullis-system';
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
    logLevel: level(one('log-level')) ?? server.logLevel ?? 'info',
    certificateFolder: resolveFolder(one('certs')?.text) ?? besideFile(certificate.folder ?? '.portcullis'),
    certificateNames: withHost(many('dns-name') ?? certificate.names ?? [], host),
  };
}

function configFile(path: string | undefined): { read: ReadConfig; folder: string } | undefined {
  if (path === undefined && !existsSync('portcullis.yaml')) return undefined;
  const file = resolve(path ?? 'portcullis.yaml');
  return { read: readConfigFile(file), folder: dirname(file) };
}

function wholeNumber(given: ReturnType<Said['one']>, maximum: number): number | undefined {
  if (given === undefined) return undefined;
  if (/^\d{1,5}$/.test(given.text) && Number(given.text) <= maximum) return Number(given.text);
  throw new UsageError(`${given.by} must be a whole number from 0 to ${maximum}, not "${given.text}"`);
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

function level(given: ReturnType<Said['one']>): string | undefined {
  if (given === undefined || ['debug', 'info', 'warn', 'error'].includes(given.text)) return given?.text;
  throw new UsageError(`${given.by} must be debug, info, warn or error, not "${given.text}"`);
}

/** A server that listens on one address is called by it; the loopback names are in every certificate. */
function withHost(names: readonly string[], host: string): readonly string[] {
  return ['0.0.0.0', '::', '127.0.0.1', '::1', 'localhost'].includes(host) ? names : [...names, host];
}

function resolveFolder(path: string | undefined): string | undefined {
  return path === undefined ? undefined : resolve(path);
}

/** Where a member of the configuration file is, or would be. */
export function whereInConfig({ file }: Config, path: readonly string[]): string {
  return file?.where(path) ?? 'portcullis.yaml';
}
