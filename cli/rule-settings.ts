import { Ajv, type ValidateFunction } from 'ajv';
import type { RuleInForce } from '../webhook/match.ts';
import type { Rule } from '../webhook/rule.ts';
import { type Config, whereInConfig } from './config.ts';
import { strict } from './config-schema.ts';
import type { Fault } from './faults.ts';
import { schemaFaults } from './schema-faults.ts';

/** A rule with the settings and the mode that the configuration gives it, and what is wrong with them. */
export interface Settled {
  /** Absent when the rule is off, or at fault. */
  readonly rule?: RuleInForce;
  readonly faults: readonly Fault[];
}

/** What compiles the settings' schemas: one for all rules. */
export function settingsAjv(): Ajv {
  return new Ajv({ allErrors: true, useDefaults: true, strict: true, strictTypes: false, verbose: true });
}

/** Validates and defaults a rule's settings by its own schema; they are frozen, so that no rule keeps state in them. */
export function settle(rule: Rule, config: Config, file: string, ajv: Ajv): Settled {
  const given = config.file?.config.rules;
  const own = given !== undefined && Object.hasOwn(given, rule.name) ? given[rule.name] : undefined;
  const { mode = 'enforce', settings = {} } = own ?? {};
  let validate: ValidateFunction;
  try {
    validate = ajv.compile(strict(rule.settings));
  } catch (error) {
    return {
      faults: [{ file, reason: `rule ${rule.name}: its settings are no valid schema: ${(error as Error).message}` }],
    };
  }
  const settled = structuredClone(settings);
  if (!validate(settled)) {
    const at = ['rules', rule.name, 'settings'];
    const faults = schemaFaults(validate.errors ?? []).map(({ path, fault }) => ({
      ...whereInConfig(config, [...at, ...path]),
      reason: `${[...at, ...path].join('.')}: ${fault}`,
    }));
    return { faults };
  }
  if (mode === 'off') return { faults: [] };
  return { rule: { rule, mode, settings: frozen(settled) }, faults: [] };
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const member of Object.values(value)) frozen(member);
  return Object.freeze(value);
}
