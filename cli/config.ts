import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type ReadConfig, readConfigFile } from './config-file.ts';
import { type Fault, Faults } from './faults.ts';
import type { Flags, Given } from './usage.ts';
import { UsageError } from './usage.ts';

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
  'health-port': { value: 'PORT', does: '/livez, /readyz, /metrics (default: 8080; 0 takes a free one)' },
  certs: { value: 'FOLDER', does: 'where the dev certificate is kept (default: .portcullis)' },
  'dns-name': { value: 'NAME', does: 'a further name that the certificate is for; may be repeated', isMany: true },
  'drain-seconds': { value: 'SECONDS', does: 'how long to go on serving after SIGTERM (default: 10)' },
  'log-level': { value: 'LEVEL', does: 'debug, info, warn or error (default: info)' },
};

type Environment = { readonly [name: string]: string | undefined };

/**
 * What holds: a flag, else its environment variable (`--health-port` is PORTCULLIS_HEALTH_PORT), else the
 * configuration file, else the default. Throws UsageError for a wrong flag and Faults for a wrong file.
 */
export function configFrom(given: Given, environment: Environment): Config {
  const one = (name: string): string | undefined => given.flags[name]?.[0] ?? environment[variable(name)];
  const many = (name: string): readonly string[] | undefined =>
    given.flags[name] ?? environment[variable(name)]?.split(',').filter((text) => text !== '');
  const file = configFile(one('config'));
  if (file !== undefined && file.read.faults.length > 0) throw new Faults(file.read.faults);
  const { server = {}, certificate = {}, ...config } = file?.read.config ?? {};
  const besideFile = (path: string): string => resolve(file?.folder ?? '.', path);
  const namespace = config.namespace ?? 'portcullis-system';
  const ignored = config.ignoredNamespaces ?? ['kube-system', 'kube-public', 'kube-node-lease'];
  return {
    file: file?.read,
    ruleFolders: many('rules')?.map((path) => resolve(path)) ?? config.ruleFolders?.map(besideFile) ?? [],
    namespace,
    ignoredNamespaces: [...new Set([...ignored, namespace])],
    domain: config.domain ?? 'extensions.example.com',
    host: one('host') ?? server.host ?? '127.0.0.1',
    port: wholeNumber('port', one('port'), 65535) ?? server.port ?? 8443,
    healthPort: wholeNumber('health-port', one('health-port'), 65535) ?? server.healthPort ?? 8080,
    drainSeconds: wholeNumber('drain-seconds', one('drain-seconds'), 300) ?? server.drainSeconds ?? 10,
    logLevel: level(one('log-level')) ?? server.logLevel ?? 'info',
    certificateFolder: resolveFolder(one('certs')) ?? besideFile(certificate.folder ?? '.portcullis'),
    certificateNames: many('dns-name') ?? certificate.names ?? [],
  };
}

function variable(flag: string): string {
  return `PORTCULLIS_${flag.toUpperCase().replaceAll('-', '_')}`;
}

function configFile(path: string | undefined): { read: ReadConfig; folder: string } | undefined {
  if (path === undefined && !existsSync('portcullis.yaml')) return undefined;
  const file = resolve(path ?? 'portcullis.yaml');
  return { read: readConfigFile(file), folder: dirname(file) };
}

function wholeNumber(flag: string, text: string | undefined, maximum: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,5}$/.test(text) && Number(text) <= maximum) return Number(text);
  throw new UsageError(`--${flag} must be a whole number from 0 to ${maximum}, not "${text}"`);
}

function level(text: string | undefined): string | undefined {
  if (text === undefined || ['debug', 'info', 'warn', 'error'].includes(text)) return text;
  throw new UsageError(`--log-level must be debug, info, warn or error, not "${text}"`);
}

function resolveFolder(path: string | undefined): string | undefined {
  return path === undefined ? undefined : resolve(path);
}

/** Where a fault in a rule's configuration is. */
export function whereInConfig({ file }: Config, path: readonly string[]): Pick<Fault, 'file'> {
  return { file: file?.where(path) ?? 'portcullis.yaml' };
}
