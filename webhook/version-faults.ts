import { resourceName } from './kind.ts';
import { webhookOf } from './match.ts';
import type { Operation, Rule } from './rule.ts';
import type { RuleFault } from './rule-faults.ts';

/**
 * Rules of one webhook that list different versions of a resource for one operation. With matchPolicy Equivalent the API
 * server converts an object only where no entry of the webhook lists its version (ShouldCallHook in apiserver's
 * admission/plugin/webhook/generic/webhook.go): a rule for v1 would never see what is written as the v2 of another rule.
 * One fault for each rule that it is at odds with, resource by resource; expects rules in shape.
 */
export function versionFaults(rules: readonly Rule[]): RuleFault[] {
  const first = new Map<string, Rule>();
  return rules.flatMap((rule) => {
    const conflicts = new Map<string, Conflict>();
    for (const resource of new Set(rule.kinds.map(resourceName))) {
      for (const operation of new Set(rule.operations)) {
        const key = [rule.phase, webhookOf(rule), resource, operation].join(' ');
        const other = first.get(key);
        if (other === undefined) first.set(key, rule);
        else if (versions(other, resource) !== versions(rule, resource)) noted(conflicts, other, resource, operation);
      }
    }
    return [...conflicts.values()].map((conflict) => ({ rule, other: conflict.other, fault: told(rule, conflict) }));
  });
}

interface Conflict {
  readonly other: Rule;
  readonly resource: string;
  readonly operations: Operation[];
}

function noted(conflicts: Map<string, Conflict>, other: Rule, resource: string, operation: Operation): void {
  const key = `${other.name} ${resource}`;
  const conflict = conflicts.get(key) ?? { other, resource, operations: [] };
  conflict.operations.push(operation);
  conflicts.set(key, conflict);
}

function told(rule: Rule, { other, resource, operations }: Conflict): string {
  const differing = `its kind lists ${versions(rule, resource)} of ${resource} on ${operations.sort().join(' and ')} where ${other.name} lists ${versions(other, resource)}`;
  return `${differing}, and they share the webhook ${webhookOf(rule)}: the API server converts nothing that any rule of a webhook lists, so list the same versions in both (kind: [A, B]), or name a webhook of its own`;
}

function versions({ kinds }: Rule, resource: string): string {
  const listed = kinds.filter((kind) => resourceName(kind) === resource).map(({ version }) => version);
  return [...new Set(listed)].sort().join(' and ');
}
