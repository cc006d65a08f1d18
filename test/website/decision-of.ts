import type { Rule } from '../../author.ts';
import { type Allowed, Denial, takeThrown } from '../../webhook/decision.ts';
import type { FieldError } from '../../webhook/field-errors.ts';

/** What a validating rule said: the problems, one line each as kubectl prints them, and the warnings. */
export interface Decision {
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** Asks a rule about a Website; with `oldObject` it is an UPDATE. What the rule throws but for a denial is thrown. */
export function decisionOf(rule: Rule, object: unknown, oldObject?: unknown, settings: object = {}): Decision {
  const operation = oldObject === undefined ? 'CREATE' : 'UPDATE';
  const request = { operation, uid: '0', namespace: 'web', dryRun: false, userInfo: {} } as const;
  try {
    const allowed = rule.decide(object, { request, oldObject, settings, found: {} } as never) as Allowed;
    return { problems: [], warnings: allowed.warnings };
  } catch (thrown) {
    if (takeThrown() !== thrown || !(thrown instanceof Denial)) throw thrown;
    return { problems: thrown.problems.map((problem) => line(problem)), warnings: [] };
  }
}

function line(problem: string | FieldError): string {
  return typeof problem === 'string' ? problem : `${problem.field}: ${problem.message}`;
}

/** A Website that every rule admits, but for what `spec` and `metadata` say otherwise. */
export function website(spec: object = {}, metadata: object = {}): { [member: string]: unknown } {
  return {
    apiVersion: 'extensions.example.com/v1',
    kind: 'Website',
    metadata: { name: 'kubia', namespace: 'web', ...metadata },
    spec: { gitRepo: 'https://github.com/luksa/kubia-website-example.git', ...spec },
  };
}
