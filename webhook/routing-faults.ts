import { literal } from './literal.ts';
import { nearest } from './nearest.ts';
import type { Rule } from './rule.ts';
import { QUALIFIED_NAME, selectorFaults } from './selector-faults.ts';

/** A DNS label that begins with a letter: a rule's name, and each part of a webhook's. */
export const LABEL = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;
/** The same in words, to follow "must be". */
export const LABEL_FORM = 'lower-case letters, digits and "-", beginning with a letter, 63 at most';

/** The members by which a rule is routed. */
export const ROUTING = [
  'webhook',
  'selectors',
  'failurePolicy',
  'timeoutSeconds',
  'reinvocationPolicy',
  'matchConditions',
] as const;

/** What the API server would refuse, or misunderstand, of how a rule is routed (protocol.md §2.1); clauses that begin with "its". */
export function routingFaults({ phase, routing }: Rule): string[] {
  const { webhook, selectors, failurePolicy, timeoutSeconds, reinvocationPolicy, matchConditions, ...unknown } =
    routing as { readonly [member: string]: unknown };
  const faults = Object.keys(unknown).map((member) => unknownMember(phase, member));
  const check = (value: unknown, isRight: boolean, fault: string): void => {
    if (value !== undefined && !isRight) faults.push(`${fault}, not ${literal(value)}`);
  };
  check(webhook, typeof webhook === 'string' && LABEL.test(webhook), `its webhook must be ${LABEL_FORM}`);
  check(
    failurePolicy,
    failurePolicy === 'Fail' || failurePolicy === 'Ignore',
    'its failurePolicy must be Fail or Ignore',
  );
  check(timeoutSeconds, isWhole(timeoutSeconds, 1, 30), 'its timeoutSeconds must be a whole number from 1 to 30');
  check(
    reinvocationPolicy,
    reinvocationPolicy === 'Never' || reinvocationPolicy === 'IfNeeded',
    'its reinvocationPolicy must be Never or IfNeeded',
  );
  return [...faults, ...alternativeFaults(selectors), ...conditionFaults(matchConditions)];
}

function unknownMember(phase: Rule['phase'], member: string): string {
  if (member === 'mutate') return 'it has mutate, which never runs in a validating rule: make that with mutatingRule()';
  if (member === 'validate') {
    return 'it has validate, which never runs in a mutating rule: make that with validatingRule()';
  }
  const verb = phase === 'mutating' ? 'mutate' : 'validate';
  const known = ['name', 'kind', 'operations', 'settings', 'lookups', verb, ...ROUTING];
  return `it has the unknown member ${member}${nearest(member, known)}`;
}

function alternativeFaults(selectors: unknown): string[] {
  if (selectors === undefined) return [];
  if (typeof selectors !== 'object' || selectors === null || Array.isArray(selectors)) {
    return ['its selectors must be an object: a name for each alternative, and its label selectors'];
  }
  return Object.entries(selectors).flatMap(([name, selector]) => [
    ...(LABEL.test(name) ? [] : [`its selector "${name}" must be named by ${LABEL_FORM}`]),
    ...selectorFaults(selector).map((fault) => `its selector ${name}${fault.startsWith('.') ? '' : ' '}${fault}`),
  ]);
}

function conditionFaults(conditions: unknown): string[] {
  if (conditions === undefined) return [];
  if (!Array.isArray(conditions)) return ['its matchConditions must be a list'];
  const faults = conditions.length > 64 ? [`it has ${conditions.length} matchConditions; 64 are allowed`] : [];
  const names = new Set<unknown>();
  for (const [i, condition] of conditions.entries()) {
    const { name, expression, ...unknown } = Object(condition) as { readonly [member: string]: unknown };
    const isNamed = typeof name === 'string' && QUALIFIED_NAME.test(name);
    if (!isNamed) faults.push(`its matchConditions[${i}].name must be a qualified name, like "not-a-node"`);
    else if (names.has(name)) faults.push(`its matchConditions[${i}].name ${name} stands twice`);
    names.add(name);
    if (typeof expression !== 'string' || expression.trim() === '') {
      faults.push(`its matchConditions[${i}].expression must be a CEL expression`);
    }
    for (const member of Object.keys(unknown)) {
      faults.push(`its matchConditions[${i}] has the unknown member ${member}; known: name, expression`);
    }
  }
  return faults;
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}
