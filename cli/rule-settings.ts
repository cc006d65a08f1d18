import { Ajv, type ErrorObject } from 'ajv';
import type { RuleInForce } from '../webhook/match.ts';
import { plainFaults } from '../webhook/plain-faults.ts';
import type { Rule } from '../webhook/rule.ts';
import { type Config, whereInConfig } from './config.ts';
import type { RuleConfig } from './config-file.ts';
import { strict } from './config-schema.ts';
import { called } from './faults.ts';
import { schemaFaults } from './schema-faults.ts';
import { settingsSchemaFaults } from './settings-schema.ts';

/** A rule with the settings and the mode that the configuration gives it, and what is wrong with them. */
export interface Settled {
  /** Absent when the rule is off, or at fault. */
  readonly rule?: RuleInForce;
  /** Those without a file are the rule's own. */
  readonly faults: readonly { readonly file?: string; readonly reason: string }[];
}

/** What compiles the settings' schemas: one for all rules. */
export function settingsAjv(): Ajv {
  return new Ajv({ allErrors: true, useDefaults: true, strict: true, strictTypes: false, verbose: true });
}

/**
 * Validates and defaults a rule's settings by its own schema; they are frozen, so that no rule keeps state in them.
 * Those of a rule that is off are held to the schema too: it is to be switched on without surprises. A rule to which the
 * configuration gives no mode has that of the rule that it follows, else it enforces.
 */
export function settle(
  rule: Rule,
  config: Config,
  { ajv, follows }: { readonly ajv: Ajv; readonly follows?: string | undefined },
): Settled {
  // What is no object at all, or cannot be walked, is told with the rule's shape (webhook/rule-faults.ts).
  if (plainFaults('settings', rule.settings).length > 0) return { faults: [] };
  if ((rule.settings as { type?: unknown } | null)?.type !== 'object') return { faults: [] };
  const wrong = (faults: readonly string[]) => faults.map((fault) => ({ reason: `${called(rule)}: ${fault}` }));
  const unheeded = settingsSchemaFaults(rule.settings);
  if (unheeded.length > 0) return { faults: wrong(unheeded) };
  const { mode = givenTo(follows, config).mode ?? 'enforce', settings = {} } = givenTo(rule.name, config);
  const settled = structuredClone(settings);
  try {
    const validate = ajv.compile(strict(rule.settings));
    if (!validate(settled)) return { faults: settingsFaults(rule, config, settings, validate.errors ?? []) };
  } catch (error) {
    return { faults: wrong([`its settings are no valid schema: ${(error as Error).message}`]) };
  }
  if (mode === 'off') return { faults: [] };
  return { rule: { rule, mode, settings: frozen(settled) }, faults: [] };
}

/** A rule's section of the configuration; the name is whatever its author has put there. */
function givenTo(name: unknown, { file }: Config): RuleConfig {
  const given = file?.config.rules ?? {};
  return typeof name === 'string' && Object.hasOwn(given, name) ? (given[name] ?? {}) : {};
}

/** What the configuration does not give came from a default, so the rule's author is to be told. */
function settingsFaults(rule: Rule, config: Config, given: object, errors: readonly ErrorObject[]): Settled['faults'] {
  return schemaFaults(errors).map(({ path, fault, isMissing }) => {
    const at = ['rules', rule.name, 'settings', ...path];
    const decisive = isMissing ? path.slice(0, -1) : path;
    if (!isGiven(given, decisive)) {
      return { reason: `${called(rule)}: the default of its settings.${path.join('.')} ${fault}` };
    }
    const without = config.file === undefined ? ', and there is no portcullis.yaml' : '';
    return { file: whereInConfig(config, at), reason: `${at.join('.')}: ${fault}${without}` };
  });
}

function isGiven(settings: unknown, [step, ...rest]: readonly string[]): boolean {
  if (step === undefined) return true;
  if (typeof settings !== 'object' || settings === null || !Object.hasOwn(settings, step)) return false;
  return isGiven((settings as { readonly [member: string]: unknown })[step], rest);
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const member of Object.values(value)) frozen(member);
  return Object.freeze(value);
}
