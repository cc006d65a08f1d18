import { isRecord } from './decode.ts';
import type { Kind } from './kind.ts';
import { kindFaults } from './kind-faults.ts';
import { literal } from './literal.ts';
import { nearest } from './nearest.ts';

/**
 * What is wrong with the lookups of a rule for these kinds; clauses that follow the rule's name. Lookups are for
 * objects in the request's own namespace. Secrets are refused: a lookup is answered from a list of all there are, so it
 * would give this server the Secrets of the whole cluster (DESIGN.md §6: Secrets are never read).
 */
export function lookupFaults(lookups: unknown, kinds: readonly Kind[]): string[] {
  if (!isRecord(lookups)) return ['its lookups must be an object: a name for each, with its kind'];
  const faults = Object.entries(lookups).flatMap(([name, lookup]) =>
    oneLookupsFaults(lookup).map((fault) => `its lookup ${name} ${fault}`),
  );
  const homeless = kinds.filter((kind) => isRecord(kind) && kind.scope === 'Cluster' && kind.resource !== 'namespaces');
  if (homeless.length === 0 || Object.keys(lookups).length === 0) return faults;
  const names = homeless.map(({ resource }) => literal(resource)).join(', ');
  return [...faults, `it has lookups, which are in the request's namespace, and ${names} have none`];
}

function oneLookupsFaults(lookup: unknown): string[] {
  if (!isRecord(lookup)) return ['must be an object with a kind and a function name'];
  if ('resource' in lookup) return ['is a kind itself; write { kind: …, name: (object) => … }'];
  const unknown = Object.keys(lookup).filter((member) => !MEMBERS.includes(member));
  return [
    ...unknown.map((member) => `has the unknown member ${member}${nearest(member, MEMBERS)}`),
    ...(typeof lookup.name === 'function' ? [] : ['has no function name, which says the name of the object to find']),
    ...(['boolean', 'undefined'].includes(typeof lookup.optional)
      ? []
      : ['has an optional that is neither true nor false']),
    ...foundFaults(lookup.kind),
  ];
}

const MEMBERS = ['kind', 'name', 'optional'];

/** The token is one kind here, where a rule may have several. */
function foundFaults(token: unknown): string[] {
  const faults = Array.isArray(token) ? ['must be one token, made by kind()'] : kindFaults([token]);
  if (faults.length > 0) return faults.map((fault) => `has a kind that ${fault}`);
  const { group, resource, scope } = token as Kind;
  if (group === '' && resource === 'secrets') return ['is of Secrets, which Portcullis never reads'];
  if (resource.includes('/')) return [`is of the subresource "${resource}", which cannot be listed`];
  if (scope === 'Cluster')
    return [`is of "${resource}", which are in no namespace; what is found is in the request's own`];
  return [];
}
