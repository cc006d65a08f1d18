import { isRecord } from './decode.ts';
import { literal } from './literal.ts';

/**
 * A name of at most 63 characters, perhaps with a DNS subdomain before it (apimachinery's IsQualifiedName): a label's key,
 * and the name of a match condition.
 */
export const QUALIFIED_NAME =
  /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
/** A label's value (apimachinery's IsValidLabelValue). */
const VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'];

/**
 * What is wrong with one alternative of a rule's selectors, as clauses that follow its name. The API server prunes what
 * it does not know, and a selector without its conditions selects everything: so unknown members are faults.
 */
export function selectorFaults(selector: unknown): string[] {
  if (!isRecord(selector)) return ['must be an object with objectSelector, namespaceSelector or both'];
  const members = Object.entries(selector);
  if (members.length === 0) return ['is empty; name an objectSelector, a namespaceSelector or both'];
  return members.flatMap(([member, value]) => {
    if (member === 'objectSelector' || member === 'namespaceSelector') return labelSelectorFaults(member, value);
    return [`has the unknown member ${member}; known: objectSelector, namespaceSelector`];
  });
}

function labelSelectorFaults(at: string, value: unknown): string[] {
  if (!isRecord(value)) return [`.${at} must be a label selector: matchLabels, matchExpressions or both`];
  return Object.entries(value).flatMap(([member, part]) => {
    if (member === 'matchLabels') return matchLabelsFaults(`.${at}.matchLabels`, part);
    if (member !== 'matchExpressions') {
      return [`.${at} has the unknown member ${member}; known: matchLabels, matchExpressions`];
    }
    if (!Array.isArray(part)) return [`.${at}.matchExpressions must be a list`];
    return part.flatMap((expression, i) => expressionFaults(`.${at}.matchExpressions[${i}]`, expression));
  });
}

function matchLabelsFaults(at: string, labels: unknown): string[] {
  if (!isRecord(labels)) return [`${at} must be an object of labels`];
  return Object.entries(labels).flatMap(([key, value]) => [
    ...(QUALIFIED_NAME.test(key) ? [] : [`${at} has "${key}", which is no label key`]),
    ...(isLabelValue(value) ? [] : [`${at} has ${literal(value)}, which is no label value`]),
  ]);
}

function expressionFaults(at: string, expression: unknown): string[] {
  if (!isRecord(expression)) return [`${at} must be an object with key, operator and perhaps values`];
  const { key, operator, values, ...unknown } = expression;
  const faults = Object.keys(unknown).map(
    (member) => `${at} has the unknown member ${member}; known: key, operator, values`,
  );
  if (typeof key !== 'string' || !QUALIFIED_NAME.test(key)) faults.push(`${at}.key must be a label key`);
  if (typeof operator !== 'string' || !OPERATORS.includes(operator)) {
    return [...faults, `${at}.operator must be In, NotIn, Exists or DoesNotExist`];
  }
  const wantsValues = operator === 'In' || operator === 'NotIn';
  const hasValues = Array.isArray(values) && values.length > 0;
  if (wantsValues && !(hasValues && values.every(isLabelValue))) {
    faults.push(`${at}.values must be a list of label values, since its operator is ${operator}`);
  }
  if (!wantsValues && values !== undefined && (hasValues || !Array.isArray(values))) {
    faults.push(`${at}.values must not be there, since its operator is ${operator}`);
  }
  return faults;
}

function isLabelValue(value: unknown): boolean {
  return typeof value === 'string' && VALUE.test(value);
}
