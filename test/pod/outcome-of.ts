import { Ajv, type ValidateFunction } from 'ajv';
import type { KubeVersion, Rule } from '../../author.ts';
import type { JsonObject } from '../../webhook/decode.ts';
import { draftOf } from '../../webhook/draft.ts';
import { decide, type Outcome, type RuleContext } from '../../webhook/outcome.ts';
import { diff, type PatchOperation } from '../../webhook/patch.ts';

/** What one rule made of a pod: its decision, the pod as it left it, and the patch between the two. */
export interface Ruled {
  readonly outcome: Outcome;
  // biome-ignore lint/suspicious/noExplicitAny: pods here are as odd as tests want them
  readonly pod: any;
  readonly patch: readonly PatchOperation[];
}

/** What a rule is given besides the pod. */
export interface Given {
  readonly settings?: object | undefined;
  readonly selector?: string | undefined;
  /** What its lookups found. */
  readonly found?: { readonly [lookup: string]: unknown } | undefined;
  readonly kubeVersion?: KubeVersion | undefined;
}

/**
 * Runs a rule on a pod as the engine would on the creation of one in the namespace `web`; `settings` are filled in
 * from the rule's schema, and faulty ones throw. The pod given is not changed.
 */
export function outcomeOf(rule: Rule, pod: unknown, given: Given = {}): Ruled {
  const settings = filledIn(rule, given.settings ?? {});
  const request = {
    operation: 'CREATE',
    uid: '0',
    namespace: 'web',
    dryRun: false,
    userInfo: {},
    ...(given.selector === undefined ? {} : { selector: given.selector }),
  } as const;
  const draft = draftOf(pod as JsonObject);
  const entry = { rule, settings, mode: 'enforce' } as const;
  const { found = {}, kubeVersion } = given;
  const context = { request, oldObject: undefined, found, kubeVersion } as unknown as RuleContext;
  const outcome = decide(entry, draft.object, context);
  return { outcome, pod: draft.object, patch: diff(pod as JsonObject, draft.object, draft.origins) };
}

/** The settings with their defaults, frozen as the engine hands them over; or an error that says what is wrong with them. */
export function filledIn(rule: Rule, given: object): object {
  const settings = structuredClone(given);
  const validate = validators.get(rule) ?? new Ajv({ useDefaults: true, allErrors: true }).compile(rule.settings);
  validators.set(rule, validate);
  if (!validate(settings)) throw new Error(JSON.stringify(validate.errors));
  return frozen(settings);
}

/** Compiling takes longer than all else here. */
const validators = new WeakMap<Rule, ValidateFunction>();

function frozen<T extends object>(value: T): T {
  for (const member of Object.values(value)) if (typeof member === 'object' && member !== null) frozen(member);
  return Object.freeze(value);
}
