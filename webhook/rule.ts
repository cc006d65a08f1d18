import type { Allow } from './decision.ts';
import type { Kind, ObjectOf } from './kind.ts';
import type { KubeVersion } from './kube-version.ts';
import type { FromSchema, Schema } from './settings.ts';

export type Operation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';

/** What a rule sees of the review besides the objects. */
export interface Request<O extends Operation = Operation> {
  readonly operation: O;
  readonly uid: string;
  /** Absent while the API server has not generated it (`generateName`, mutating) and for deletecollection. */
  readonly name?: string;
  /** Absent for cluster-scoped objects. */
  readonly namespace?: string;
  readonly dryRun: boolean;
  readonly userInfo: { readonly username?: string; readonly groups?: readonly string[] };
  /** Which of the rule's selector alternatives brought the review here: the last segment of the webhook's path. */
  readonly selector?: string;
}

/** The name of the object to find, in the request's own namespace; undefined when there is nothing to find. */
export interface Lookup<F, T> {
  readonly kind: Kind<F>;
  name(object: T, request: Request): string | undefined;
  /**
   * The rule can do without: it is in force, too, where no cluster may be asked, and where the cluster has no such kind or
   * does not let it be listed. Only a review for which there is a name to find is the rule's failure then.
   */
  readonly optional?: boolean;
}

/** What the declared lookups found, under the names that they were declared with. */
export type Found<L> = { readonly [K in keyof L]: L[K] extends { kind: Kind<infer F> } ? F | undefined : never };

type OldObject<T, O extends Operation> =
  | (O extends 'UPDATE' | 'DELETE' ? T : never)
  | (O extends 'CREATE' | 'CONNECT' ? undefined : never);

/** What a rule is given besides the object. */
export interface Context<T, O extends Operation, S, F> {
  readonly request: Request<O>;
  readonly oldObject: OldObject<T, O>;
  readonly settings: FromSchema<S>;
  readonly found: Found<F>;
  /** The API server's version; undefined without access to a cluster, and until the API server has said it. */
  readonly kubeVersion: KubeVersion | undefined;
}

/** Label selectors in Kubernetes' own form (`matchLabels`, `matchExpressions`). */
export interface Selector {
  readonly objectSelector?: object;
  readonly namespaceSelector?: object;
}

/** How the API server finds the rule, in its own words. A rule that departs from the defaults names its webhook. */
export interface Routing {
  /** The webhook (an entry of a configuration) that carries the rule; 'policy' unless named. Rules of one webhook agree in all below. */
  readonly webhook?: string;
  /** Alternatives, any of which brings a review here. */
  readonly selectors?: { readonly [alternative: string]: Selector };
  /** Fail unless said. */
  readonly failurePolicy?: 'Fail' | 'Ignore';
  /** 5 unless said; 1 to 30. */
  readonly timeoutSeconds?: number;
  /** IfNeeded unless said; mutating rules only. */
  readonly reinvocationPolicy?: 'Never' | 'IfNeeded';
  /** Left out for API servers before 1.28, which do not know them. */
  readonly matchConditions?: readonly { readonly name: string; readonly expression: string }[];
}

interface Common<K, O, S, L> extends Routing {
  readonly name: string;
  readonly kind: K;
  readonly operations: readonly O[];
  readonly settings?: S;
  readonly lookups?: { readonly [N in keyof L]: Lookup<L[N], ObjectOf<K>> };
}

// biome-ignore lint/suspicious/noExplicitAny: a kind of any object, and the objects of several are told apart by is()
type Kinds = Kind<any> | readonly Kind<any>[];
type NoSettings = { type: 'object'; properties: Record<never, never> };

/** A named, inert object: what the rule is for and what it does. Nothing runs until an engine holds it. */
export interface Rule {
  readonly phase: 'mutating' | 'validating';
  readonly name: string;
  readonly kinds: readonly Kind[];
  readonly operations: readonly Operation[];
  readonly routing: Routing;
  readonly settings: Schema;
  readonly lookups: { readonly [name: string]: Lookup<unknown, unknown> };
  /** The author's `validate` or `mutate`. */
  readonly decide: (object: unknown, context: Context<unknown, Operation, unknown, unknown>) => unknown;
}

/** A rule that says yes or no: `validate` returns `allow()` or ends with `deny()`; anything else is its failure. */
export function validatingRule<
  const K extends Kinds,
  const O extends Operation,
  const S extends Schema = NoSettings,
  const L = {},
>(
  rule: Common<K, O, S, L> & {
    validate(object: ObjectOf<K>, context: Context<ObjectOf<K>, O, S, { [N in keyof L]: { kind: Kind<L[N]> } }>): Allow;
  },
): Rule {
  return inert('validating', rule, validatingRule);
}

/** A rule that edits: `mutate` changes the draft and returns nothing, or ends with `skip()` or `deny()`. */
export function mutatingRule<
  const K extends Kinds,
  const O extends Exclude<Operation, 'DELETE'>,
  const S extends Schema = NoSettings,
  const L = {},
>(
  rule: Common<K, O, S, L> & {
    mutate(
      draft: ObjectOf<K>,
      context: Context<ObjectOf<K>, O, S, { [N in keyof L]: { kind: Kind<L[N]> } }>,
    ): undefined;
  },
): Rule {
  return inert('mutating', rule, mutatingRule);
}

const rules = new WeakSet<object>();

/** Tells a rule, made by validatingRule() or mutatingRule(), from anything else that a file may export. */
export function isRule(value: unknown): value is Rule {
  return typeof value === 'object' && value !== null && rules.has(value);
}

/** A rule, and where it was made: a stack whose first frames are the author's. Written out only when it is read. */
export interface Made {
  readonly rule: Rule;
  readonly at: { readonly stack?: string };
}

/**
 * The rules made since they were last taken, remembered because a file may make one and never export it: nothing else
 * would tell that it is not enforced.
 */
let made: Made[] = [];

/** Returns the rules made since the last call, and forgets them. For whoever loads rule files. */
export function takeMade(): readonly Made[] {
  const taken = made;
  made = [];
  return taken;
}

function inert(phase: Rule['phase'], given: Common<unknown, Operation, Schema, unknown>, maker: Function): Rule {
  const { name, kind, operations, settings, lookups, ...rest } = given;
  const verb = phase === 'mutating' ? 'mutate' : 'validate';
  // Only its own verb is taken out: the other one would never run, so it is left among the unknown members.
  const { [verb]: decide, ...routing } = rest as Routing & { readonly [verb: string]: unknown };
  const rule = Object.freeze({
    phase,
    name,
    kinds: (Array.isArray(kind) ? kind : [kind]) as readonly Kind[],
    operations,
    routing,
    settings: settings ?? { type: 'object', properties: {} },
    lookups: (lookups ?? {}) as Rule['lookups'],
    decide: decide as Rule['decide'],
  } satisfies Rule);
  rules.add(rule);
  const at = {};
  Error.captureStackTrace(at, maker);
  made.push({ rule, at });
  return rule;
}
