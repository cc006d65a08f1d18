import { webhookOf } from './match.ts';
import type { Rule } from './rule.ts';

/** What is wrong with one of several rules, in the words of its author. */
export interface RuleFault {
  readonly rule: string;
  readonly fault: string;
}

/** A DNS label, short enough to stand in a webhook's name and as an audit annotation's key (63 characters). */
const LABEL = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;
const OPERATIONS = ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'];
/** qualified names, as the API server wants them of matchConditions (apimachinery's IsQualifiedName) */
const CONDITION = /^([a-z0-9.-]+\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/**
 * Everything that would make these rules wrong together: a shape that TypeScript would have refused (rules may be
 * plain JavaScript), what the API server would refuse of their configuration, a name that occurs twice, rules of one
 * webhook that disagree in how they are routed. Empty when they can be in force.
 */
export function ruleFaults(rules: readonly Rule[]): RuleFault[] {
  return [...rules.flatMap(shapeFaults), ...duplicateFaults(rules), ...disagreements(rules)];
}

function shapeFaults(rule: Rule): RuleFault[] {
  const name = typeof rule.name === 'string' && rule.name !== '' ? rule.name : '(unnamed rule)';
  const faults: string[] = [];
  const check = (isRight: boolean, fault: string): void => {
    if (!isRight) faults.push(fault);
  };
  const { webhook = 'policy', selectors = {}, failurePolicy = 'Fail', timeoutSeconds = 5 } = rule.routing;
  const { reinvocationPolicy = 'IfNeeded', matchConditions = [] } = rule.routing;
  check(
    LABEL.test(rule.name),
    'its name must be lower-case letters, digits and "-", starting with a letter, at most 63',
  );
  check(typeof rule.decide === 'function', `it has no ${rule.phase === 'mutating' ? 'mutate' : 'validate'} function`);
  check(isListOf(rule.operations, OPERATIONS), 'its operations must be some of CREATE, UPDATE, DELETE, CONNECT');
  check(
    rule.kinds.length > 0 && rule.kinds.every(isKind),
    'its kind must be a token made by kind(), or a list of them',
  );
  check(LABEL.test(webhook), `its webhook ${JSON.stringify(webhook)} must be lower-case letters, digits and "-"`);
  check(
    Object.keys(selectors).every((key) => LABEL.test(key)),
    'the names of its selectors must be lower-case letters, digits and "-"',
  );
  check(failurePolicy === 'Fail' || failurePolicy === 'Ignore', 'its failurePolicy must be Fail or Ignore');
  check(
    Number.isInteger(timeoutSeconds) && timeoutSeconds >= 1 && timeoutSeconds <= 30,
    'its timeoutSeconds must be 1 to 30',
  );
  check(['Never', 'IfNeeded'].includes(reinvocationPolicy), 'its reinvocationPolicy must be Never or IfNeeded');
  check(matchConditions.length <= 64, 'it may have at most 64 matchConditions');
  check(
    matchConditions.every(({ name }) => CONDITION.test(name)),
    'the names of its matchConditions must be qualified names',
  );
  check(
    rule.phase !== 'mutating' || !isListed(rule.operations, 'DELETE'),
    'a mutating rule cannot be for DELETE: the API server refuses any patch',
  );
  const unknown = Object.keys(rule.routing).filter((key) => !ROUTING.includes(key));
  check(
    unknown.length === 0,
    `it has unknown members: ${unknown.join(', ')}; known: name, kind, operations, settings, lookups, ${ROUTING.join(', ')}`,
  );
  check(rule.settings.type === 'object', 'its settings must be a JSON Schema of type object');
  return faults.map((fault) => ({ rule: name, fault }));
}

const ROUTING = ['webhook', 'selectors', 'failurePolicy', 'timeoutSeconds', 'reinvocationPolicy', 'matchConditions'];

function isListOf(list: unknown, known: readonly string[]): boolean {
  return Array.isArray(list) && list.length > 0 && list.every((element) => known.includes(element));
}

function isListed(list: unknown, element: string): boolean {
  return Array.isArray(list) && list.includes(element);
}

function isKind(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { group, version, kind, resource, scope } = value as { [member: string]: unknown };
  return (
    typeof group === 'string' &&
    [version, kind, resource].every((text) => typeof text === 'string' && text !== '') &&
    (scope === 'Namespaced' || scope === 'Cluster')
  );
}

function duplicateFaults(rules: readonly Rule[]): RuleFault[] {
  const seen = new Set<string>();
  return rules.flatMap(({ name }) => {
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [{ rule: name, fault: 'another rule has this name' }];
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
    const fault = `it shares the webhook "${webhookOf(rule)}" with ${other.name}, but differs from it in ${differing.join(', ')}; make them agree, or name a webhook of its own`;
    return [{ rule: rule.name, fault }];
  });
}

const DEFAULTS: { readonly [member: string]: unknown } = {
  failurePolicy: 'Fail',
  timeoutSeconds: 5,
  reinvocationPolicy: 'IfNeeded',
  selectors: {},
  matchConditions: [],
};

function routed({ routing }: Rule, member: string): string {
  return JSON.stringify((routing as { [member: string]: unknown })[member] ?? DEFAULTS[member]);
}
