import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { type Document, LineCounter, parseDocument } from 'yaml';
import { configSchema } from './config-schema.ts';
import type { Access, CertificateMode, IsolationMode, LogLevel, Registration, RuleMode } from './config-values.ts';
import { type Fault, readable } from './faults.ts';
import { schemaFaults } from './schema-faults.ts';

/** portcullis.yaml as it is written; every member may be missing. */
export interface ConfigFile {
  readonly rules?: { readonly [name: string]: RuleConfig };
  readonly ruleFolders?: readonly string[];
  readonly namespace?: string;
  readonly ignoredNamespaces?: readonly string[];
  readonly domain?: string;
  readonly server?: {
    readonly host?: string;
    readonly port?: number;
    readonly healthPort?: number;
    readonly drainSeconds?: number;
    readonly logLevel?: LogLevel;
    readonly clientCa?: string;
    readonly clientNames?: readonly string[];
    readonly isolation?: IsolationMode;
  };
  readonly certificate?: {
    readonly mode?: CertificateMode;
    readonly folder?: string;
    readonly names?: readonly string[];
    readonly secret?: string;
  };
  readonly registration?: Registration;
  readonly cluster?: { readonly access?: Access; readonly kubeconfig?: string };
}

/** What portcullis.yaml says of one rule; its settings are held to the rule's own schema later. */
export interface RuleConfig {
  readonly mode?: RuleMode;
  readonly settings?: { readonly [name: string]: unknown };
}

/** A configuration file that was read: what it says, where it says it, and what is wrong with it. */
export interface ReadConfig {
  readonly config: ConfigFile;
  readonly faults: readonly Fault[];
  /** `file:line` of a member, or of the nearest one above it that is there. */
  where(path: readonly string[]): string;
}

/** Reads a configuration file; an empty one says nothing. Never throws: what is wrong with it is among the faults. */
export function readConfigFile(path: string): ReadConfig {
  const name = readable(path);
  const broken = (reason: string): ReadConfig => ({ config: {}, faults: [{ file: name, reason }], where: () => name });
  let source: string;
  try {
    source = readFileSync(path, 'utf8');
  } catch (error) {
    return broken(UNREADABLE[(error as NodeJS.ErrnoException).code ?? ''] ?? `cannot be read: ${String(error)}`);
  }
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  const where = (steps: readonly string[]): string => `${name}:${lineOf(document, lines, steps)}`;
  // A warning is of a tag that nobody knows, so what it stands for is lost.
  const wrong = [...document.errors, ...document.warnings];
  if (wrong.length > 0) {
    const faults = wrong.map(({ pos, code, message }) => ({
      file: `${name}:${lines.linePos(pos[0]).line}`,
      reason: SYNTAX[code] ?? `this is not YAML: ${message}`,
    }));
    return { config: {}, faults, where };
  }
  let config: unknown;
  try {
    config = document.toJS() ?? {};
  } catch (error) {
    return broken(`this is not YAML: ${(error as Error).message}`);
  }
  // What rules settle is checked once they are loaded; here their schemas would be said twice.
  const validate = new Ajv({ allErrors: true, strict: false, verbose: true }).compile(configSchema([]));
  if (validate(config)) return { config: config as ConfigFile, faults: [], where };
  const faults = schemaFaults(validate.errors ?? []).map(({ path: steps, fault }) => ({
    file: where(steps),
    reason: steps.length === 0 ? `it ${fault}` : `${steps.join('.')}: ${fault}`,
  }));
  return { config: {}, faults, where };
}

const UNREADABLE: { readonly [code: string]: string } = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'this is a folder; name the file in it',
  EACCES: 'this user may not read it',
};

const SYNTAX: { readonly [code: string]: string } = {
  DUPLICATE_KEY: 'this member stands twice in one mapping; keep one',
  MULTIPLE_DOCS: 'a second document begins here; a configuration is one',
};

function lineOf(document: Document, lines: LineCounter, path: readonly string[]): number {
  for (let depth = path.length; depth > 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true) as { range?: readonly number[] } | undefined;
    const start = node?.range?.[0];
    if (start !== undefined) return lines.linePos(start).line;
  }
  return 1;
}
