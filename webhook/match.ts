import type { Review } from './decode.ts';
import type { Kind } from './kind.ts';
import type { Operation, Rule } from './rule.ts';

/** What a rule's decision does: `off` rules are not in force at all. */
export type Mode = 'enforce' | 'warn' | 'audit';

/** A rule with the settings and the mode that the configuration gives it. */
export interface RuleInForce {
  readonly rule: Rule;
  /** Valid under the rule's schema, defaults filled in, frozen. */
  readonly settings: unknown;
  readonly mode: Mode;
}

/** Where a review arrives: the phase and the entry of a configuration, and which of its alternatives. */
export interface Route {
  readonly phase: Rule['phase'];
  readonly webhook: string;
  readonly selector?: string;
}

/** The rules that one server, or one replay, runs: indexed once, so that a review costs the same among a thousand. */
export interface RulesInForce {
  readonly rules: readonly RuleInForce[];
  /** Namespaces to be left alone, excluded by selector too; API servers before 1.21 lack the label that it needs. */
  readonly ignoredNamespaces: ReadonlySet<string>;
  readonly index: ReadonlyMap<string, readonly RuleInForce[]>;
}

/** The webhook of a rule that names none. */
export const DEFAULT_WEBHOOK = 'policy';

/** Indexes rules, in their order, by phase, webhook, operation, resource and kind. */
export function rulesInForce(rules: readonly RuleInForce[], ignoredNamespaces: Iterable<string> = []): RulesInForce {
  const index = new Map<string, RuleInForce[]>();
  for (const entry of rules) {
    for (const key of keysOf(entry.rule)) {
      const others = index.get(key);
      if (others === undefined) index.set(key, [entry]);
      else if (!others.includes(entry)) others.push(entry);
    }
  }
  return { rules, ignoredNamespaces: new Set(ignoredNamespaces), index };
}

/** The rules of this webhook that are for this review, in order; empty where there is none. */
export function match({ index }: RulesInForce, { phase, webhook }: Route, review: Review): readonly RuleInForce[] {
  const { operation, resource, subResource, kind } = review;
  const plural = subResource === '' ? resource.resource : `${resource.resource}/${subResource}`;
  return index.get(keyOf(phase, webhook, operation, resource.group, resource.version, plural, kind.kind)) ?? [];
}

/** The webhook that carries a rule. */
export function webhookOf(rule: Rule): string {
  return rule.routing.webhook ?? DEFAULT_WEBHOOK;
}

function* keysOf(rule: Rule): Iterable<string> {
  for (const { group, version, resource, kind } of rule.kinds as readonly Kind[]) {
    for (const operation of rule.operations) {
      yield keyOf(rule.phase, webhookOf(rule), operation, group, version, resource, kind);
    }
  }
}

/** No part can hold a newline in a rule; in a review it would only fail to match. */
function keyOf(
  phase: Rule['phase'],
  webhook: string,
  operation: Operation,
  group: string,
  version: string,
  resource: string,
  kind: string,
): string {
  return `${phase}\n${webhook}\n${operation}\n${group}\n${version}\n${resource}\n${kind}`;
}
