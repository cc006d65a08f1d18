import type { JsonObject } from './decode.ts';
import { apiVersionOf, type Kind } from './kind.ts';
import type { RulesInForce } from './match.ts';
import type { Request, Rule } from './rule.ts';
import { unwaited } from './unwaited.ts';

/**
 * Where declared lookups are answered from: informers in a cluster, a case's files offline. Answers undefined only
 * when the object is known not to exist, and throws when that cannot be known (a cache that is not synced is a
 * failure, never "no match"). What it hands over belongs to the rule that asked.
 */
export interface Lookups {
  find(kind: Kind, namespace: string, name: string): Promise<unknown>;
}

/** For rules in force that look nothing up, or that may not. */
export const noLookups: Lookups = {
  find: async ({ kind }) => {
    throw new Error(`no ${kind} can be looked up: this server has no access to a cluster`);
  },
};

/** What the rule's lookups find for this object. Throws what a lookup throws: that is the rule's failure. */
export async function lookUp(
  rule: Rule,
  object: JsonObject,
  request: Request,
  lookups: Lookups,
): Promise<{ [name: string]: unknown }> {
  const names = Object.entries(rule.lookups);
  const found = await Promise.all(
    names.map(async ([, lookup]) => {
      const name: unknown = lookup.name(object, request);
      // JSON's null is Kubernetes' absent.
      if (name === undefined || name === null || name === '') return undefined;
      if (typeof name !== 'string') {
        unwaited(name);
        throw new TypeError(`a lookup's name must be a string, got ${typeof name}`);
      }
      if (request.namespace === undefined) throw new Error(`${lookup.kind.kind} ${name}: the request has no namespace`);
      return lookups.find(lookup.kind, request.namespace, name);
    }),
  );
  return Object.fromEntries(names.map(([name], i) => [name, found[i]]));
}

/** A kind that rules in force look up: what a server must be able to list and watch. */
export interface LookedUp {
  readonly kind: Kind;
  /** Every rule that looks it up can do without. */
  readonly optional: boolean;
}

/** The kinds that rules in force look up, each once, in the rules' order. */
export function lookedUp({ rules }: RulesInForce): LookedUp[] {
  const found = new Map<string, LookedUp>();
  for (const { kind, optional = false } of rules.flatMap(({ rule }) => Object.values(rule.lookups))) {
    const key = [apiVersionOf(kind), kind.resource].join(' ');
    const other = found.get(key);
    found.set(key, { kind, optional: optional && (other?.optional ?? true) });
  }
  return [...found.values()];
}

/** Tells whether a rule looks anything up; most do not, and then nothing is awaited. */
export function looksUp(rule: Rule): boolean {
  for (const _ in rule.lookups) return true;
  return false;
}
