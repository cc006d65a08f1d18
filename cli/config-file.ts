import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { type Document, LineCounter, parseDocument } from 'yaml';
import { configSchema } from './config-schema.ts';
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
    readonly logLevel?: string;
  };
  readonly certificate?: { readonly mode?: 'dev'; readonly folder?: string; readonly names?: readonly string[] };
}

export interface RuleConfig {
  readonly mode?: 'enforce' | 'warn' | 'audit' | 'off';
  readonly settings?: { readonly [name: string]: unknown };
}

/** A configuration file that was read: what it says, where it says it, and what is wrong with it. */
export interface ReadConfig {
  readonly config: ConfigFile;
  readonly faults: readonly Fault[];
  /** `file:line` of a member, or of the nearest one above it that is there. */
  where(path: readonly string[]): string;
}

/** Reads a configuration file. Never throws: what is wrong with it is among the faults. */
export function readConfigFile(path: string): ReadConfig {
  const name = readable(path);
  const broken = (reason: string): ReadConfig => ({ config: {}, faults: [{ file: name, reason }], where: () => name });
  let source: string;
  try {
    source = readFileSync(path, 'utf8');
  } catch (error) {
    return broken(`cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`);
  }
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  const where = (steps: readonly string[]): string => `${name}:${lineOf(document, lines, steps)}`;
  if (document.errors.length > 0) {
    const faults = document.errors.map(({ pos, message }) => ({
      file: `${name}:${lines.linePos(pos[0]).line}`,
      reason: message,
    }));
    return { config: {}, faults, where };
  }
  const config: unknown = document.toJS() ?? {};
  // What rules settle is checked once they are loaded; here their schemas would be said twice.
  const validate = new Ajv({ allErrors: true, strict: false, verbose: true }).compile(configSchema([]));
  if (validate(config)) return { config: config as ConfigFile, faults: [], where };
  const faults = schemaFaults(validate.errors ?? []).map(({ path: steps, fault }) => ({
    file: where(steps),
    reason: steps.length === 0 ? `it ${fault}` : `${steps.join('.')}: ${fault}`,
  }));
  return { config: {}, faults, where };
}

function lineOf(document: Document, lines: LineCounter, path: readonly string[]): number {
  for (let depth = path.length; depth > 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true) as { range?: readonly number[] } | undefined;
    const start = node?.range?.[0];
    if (start !== undefined) return lines.linePos(start).line;
  }
  return 1;
}
