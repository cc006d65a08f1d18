import { isRecord } from '../webhook/decode.ts';
import { type RuleInForce, type RulesInForce, rulesInForce } from '../webhook/match.ts';
import { closeTo, nearest } from '../webhook/nearest.ts';
import { plainFaults } from '../webhook/plain-faults.ts';
import type { Rule } from '../webhook/rule.ts';
import { ruleFaults } from '../webhook/rule-faults.ts';
import { type Config, whereInConfig } from './config.ts';
import { called, type Fault, Faults } from './faults.ts';
import { importRules, type Loaded } from './import-rules.ts';
import { settingsAjv, settle } from './rule-settings.ts';

/** How long a rule file may take to load, its imports included; ten times what a slow disk takes. */
const MAX_IMPORT_MS = 10_000;

/**
 * Loads the rules: the built-in ones, then those in the folders' files, by file name; settles each by the
 * configuration; leaves out those whose mode is off. `followed` says which rule (by name) has the mode of which, where the
 * configuration gives it none. Throws Faults with every fault there is: nothing is half-loaded.
 */
export async function loadRules(
  builtIn: readonly Rule[],
  config: Config,
  { maxImportMs = MAX_IMPORT_MS, followed = {} }: LoadOptions = {},
): Promise<RulesInForce> {
  const imported = await importRules(config.ruleFolders, maxImportMs);
  const faults: Fault[] = [...imported.faults];
  const loaded: readonly Loaded[] = [
    ...builtIn.map((rule) => ({ rule, where: () => 'built-in rules' })),
    ...imported.loaded,
  ];
  const where = new Map(loaded.map((one) => [one.rule, one.where]));
  const at = (rule: Rule): string => where.get(rule)?.() ?? 'rules';
  const rules = loaded.map(({ rule }) => rule);
  for (const { rule, fault, other } of ruleFaults(rules)) {
    const besides = other === undefined ? '' : ` (${called(other)}: ${at(other)})`;
    faults.push({ file: at(rule), reason: `${called(rule)}: ${fault}${besides}` });
  }
  faults.push(...unknownRules(config, rules, imported.faults.length > 0));
  const settled: RuleInForce[] = [];
  const ajv = settingsAjv();
  const leaders = new Map(Object.entries(followed));
  for (const { rule, where } of loaded) {
    const result = settle(rule, config, { ajv, follows: leaders.get(rule.name) });
    faults.push(...result.faults.map(({ file = where(), reason }) => ({ file, reason })));
    if (result.rule !== undefined) settled.push(result.rule);
    const isOff = result.rule === undefined && result.faults.length === 0;
    if (config.cluster.access === 'none' && !isOff) faults.push(...withoutAccess(rule, where));
  }
  if (faults.length > 0) throw new Faults(faults);
  return rulesInForce(settled, config.ignoredNamespaces);
}

interface LoadOptions {
  readonly maxImportMs?: number;
  readonly followed?: { readonly [follower: string]: string };
}

/** While files are at fault, a rule that is not known may be in one of them; a slip of the pen is told all the same. */
function unknownRules(config: Config, rules: readonly Rule[], mayBeInFault: boolean): Fault[] {
  const names = rules.map(({ name }) => name).filter((name) => typeof name === 'string');
  return Object.keys(config.file?.config.rules ?? {})
    .filter((name) => !names.includes(name) && !(mayBeInFault && closeTo(name, names).length === 0))
    .map((name) => ({
      file: whereInConfig(config, ['rules', name]),
      reason: `rules.${name}: there is no such rule${nearest(name, names)}`,
    }));
}

/** Looked-up objects come from a cluster, and with `cluster-access: none` nobody may ask one. */
function withoutAccess(rule: Rule, where: () => string): Fault[] {
  // What is misshapen is told already (webhook/rule-faults.ts).
  if (!isRecord(rule.lookups) || plainFaults('lookups', rule.lookups).length > 0) return [];
  const names = Object.keys(rule.lookups).filter((name) => rule.lookups[name]?.optional !== true);
  if (names.length === 0) return [];
  const reason = `${called(rule)}: it has lookups (${names.join(', ')}), and cluster-access is none`;
  return [{ file: where(), reason }];
}
