import { isRecord } from './decode.ts';
import { kindFaults } from './kind-faults.ts';
import { literal } from './literal.ts';
import { lookupFaults } from './lookup-faults.ts';
import { webhookOf } from './match.ts';
import { nearest } from './nearest.ts';
import { plainFaults } from './plain-faults.ts';
import { DEFAULT_TIMEOUT_SECONDS } from './registration.ts';
import { LABEL, LABEL_FORM, ROUTING, routingFaults } from './routing-faults.ts';
import type { Rule } from './rule.ts';
import { versionFaults } from './version-faults.ts';

/** What is wrong with one of several rules, in the words of its author. */
export interface RuleFault {
  readonly rule: Rule;
  readonly fault: string;
  /** The rule that it is at odds with, where the two are wrong together. */
  readonly other?: Rule;
}

/**
 * Everything that would make these rules wrong together: a shape that TypeScript would have refused (rules may be
 * plain JavaScript), what the API server would refuse of their configuration, a name that occurs twice, rules of one
 * webhook that disagree in how they are routed or in which versions they list. Empty when they can be in force. Never
 * throws, whatever the rules hold.
 */
export function ruleFaults(rules: readonly Rule[]): RuleFault[] {
  const misshapen = rules.flatMap((rule) => shapeFaults(rule).map((fault) => ({ rule, fault })));
  const inShape = rules.filter((rule) => !misshapen.some((other) => other.rule === rule));
  return [...misshapen, ...duplicates(rules), ...disagreements(inShape), ...versionFaults(inShape)];
}

function shapeFaults(rule: Rule): string[] {
  const faults = unplain(rule).map((fault) => `its ${fault}`);
  // What the rest looks into has to be plain.
  if (faults.length > 0) return faults;
  const check = (isRight: boolean, fault: string): void => {
    if (!isRight) faults.push(fault);
  };
  const { name, phase, decide, settings, lookups } = rule as { readonly [member in keyof Rule]: unknown };
  check(typeof name === 'string' && LABEL.test(name), `its name must be ${LABEL_FORM}`);
  check(typeof decide === 'function', `it has no function ${phase === 'mutating' ? 'mutate' : 'validate'}`);
  faults.push(...kindFaults(rule.kinds).map((fault) => `its kind ${fault}`));
  faults.push(...operationFaults(rule));
  check(isRecord(settings) && settings.type === 'object', 'its settings must be a JSON Schema of type "object"');
  faults.push(...lookupFaults(lookups, rule.kinds));
  return [...faults, ...routingFaults(rule)];
}

function unplain({ kinds, operations, routing, settings, lookups }: Rule): string[] {
  const parts = { kind: kinds, operations, ...routing, settings, lookups };
  return Object.entries(parts).flatMap(([at, part]) => plainFaults(at, part));
}

const OPERATIONS: readonly unknown[] = ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'];

function operationFaults(rule: Rule): string[] {
  const operations: unknown = rule.operations;
  const known = OPERATIONS.map(String);
  if (!Array.isArray(operations) || operations.length === 0) {
    return [`its operations must be a list of some of ${known.join(', ')}`];
  }
  const faults = operations
    .filter((operation) => !OPERATIONS.includes(operation))
    .map(
      (operation) =>
        `its operations have ${literal(operation)}${nearest(typeof operation === 'string' ? operation : '', known)}`,
    );
  if (rule.phase === 'mutating' && operations.includes('DELETE')) {
    faults.push('a mutating rule cannot be for DELETE: the API server refuses any patch there');
  }
  return faults;
}

/** The later of two rules of one name is at fault. */
function duplicates(rules: readonly Rule[]): RuleFault[] {
  const first = new Map<string, Rule>();
  return rules.flatMap((rule) => {
    if (typeof rule.name !== 'string') return [];
    const other = first.get(rule.name);
    if (other !== undefined) return [{ rule, other, fault: 'its name is taken' }];
    first.set(rule.name, rule);
    return [];
  });
}

/** A configuration has one routing for each of its webhooks. */
function disagreements(rules: readonly Rule[]): RuleFault[] {
  const first = new Map<string, Rule>();
  return rules.flatMap((rule) => {
    const key = `${rule.phase} ${webhookOf(rule)}`;
    const other = first.get(key);
    if (other === undefined) {
      first.set(key, rule);
      return [];
    }
    const differing = ROUTING.filter(
      (member) => member !== 'webhook' && routed(rule, member) !== routed(other, member),
    );
    if (differing.length === 0) return [];
    const fault = `its ${differing.join(' and ')} must be those of ${other.name}, with which it shares the webhook ${webhookOf(rule)}; or name a webhook of its own`;
    return [{ rule, other, fault }];
  });
}

const DEFAULTS: { readonly [member: string]: unknown } = {
  failurePolicy: 'Fail',
  timeoutSeconds: DEFAULT_TIMEOUT_SECONDS,
  selectors: {},
  matchConditions: [],
};

/** What a rule says of a member of its routing, so that the same is the same text. */
function routed({ phase, routing }: Rule, member: (typeof ROUTING)[number]): string {
  if (member === 'reinvocationPolicy') return phase === 'mutating' ? (routing.reinvocationPolicy ?? 'IfNeeded') : '';
  return JSON.stringify(routing[member] ?? DEFAULTS[member], (_, value: unknown) =>
    isRecord(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
  );
}
