import { Allowed, Denial, Skip, takeThrown } from './decision.ts';
import type { FieldError } from './field-errors.ts';
import type { RuleInForce } from './match.ts';
import type { Context, Operation } from './rule.ts';
import { unwaited } from './unwaited.ts';

/** What running one rule came to. A denial is a decision; a failure is the absence of one. */
export type Outcome =
  | { readonly decision: 'allow'; readonly warnings: readonly string[] }
  | {
      readonly decision: 'deny';
      readonly problems: readonly (string | FieldError)[];
      readonly warnings?: readonly string[];
    }
  | { readonly decision: 'skip'; readonly reason: string; readonly sentence: string }
  | { readonly decision: 'failure'; readonly message: string };

export type RuleContext = Context<unknown, Operation, unknown, unknown>;

/**
 * Runs one rule on one object, whatever the rule does. Only an `allow()` that is returned admits (validating), only
 * returning nothing keeps the edits (mutating); everything else that is no decision is the rule's failure: another
 * value, a promise, a thrown error, a `deny()` that was caught.
 */
export function decide(
  { rule, settings }: RuleInForce,
  object: unknown,
  context: Omit<RuleContext, 'settings'>,
): Outcome {
  takeThrown();
  let returned: unknown;
  try {
    returned = rule.decide(object, { ...context, settings } as RuleContext);
  } catch (error) {
    return decisionThrown(error, rule.phase, takeThrown());
  }
  const caught = takeThrown();
  if (isThenable(returned)) {
    unwaited(returned);
    return failure('it returned a promise; rules are synchronous');
  }
  if (caught !== undefined) {
    return failure(`it caught what ${caught instanceof Denial ? 'deny' : 'skip'}() throws; keep both outside of try`);
  }
  if (rule.phase === 'mutating') {
    return returned === undefined
      ? { decision: 'allow', warnings: [] }
      : failure(`it returned ${named(returned)}; a mutating rule edits its draft and returns nothing`);
  }
  if (!(returned instanceof Allowed))
    return failure(`it returned ${named(returned)}; a validating rule returns allow() or ends with deny()`);
  return { decision: 'allow', warnings: returned.warnings.filter((warning) => typeof warning === 'string') };
}

/** The outcome of an error that ended a rule or what was done for it. */
export function failed(error: unknown): Outcome {
  unwaited(error);
  return failure(described(error));
}

/** The outcome of a rule that was not run, and why. */
export function heldBack(message: string): Outcome {
  return failure(message);
}

function decisionThrown(
  error: unknown,
  phase: 'mutating' | 'validating',
  remembered: Denial | Skip | undefined,
): Outcome {
  if (error instanceof Denial) return denied(error);
  // What a catch or a finally throws in its place does not take it back.
  if (remembered instanceof Denial) return denied(remembered);
  if (error instanceof Skip) {
    if (phase === 'validating')
      return failure('it called skip(), which a validating rule has no use for: return allow()');
    const { reason, sentence } = error;
    if (typeof reason !== 'string' || !/^[a-z][a-z0-9_]{0,62}$/.test(reason))
      return failure(`skip() was given ${named(reason)} as its reason; write a code in snake case`);
    return { decision: 'skip', reason, sentence: typeof sentence === 'string' ? sentence : '' };
  }
  return failed(error);
}

function denied(denial: Denial): Outcome {
  const { warnings } = denial;
  return { decision: 'deny', problems: problemsOf(denial), ...(warnings.length === 0 ? {} : { warnings }) };
}

/** A problem that is none (rules in plain JavaScript) still refuses. */
function problemsOf({ problems }: Denial): readonly (string | FieldError)[] {
  return problems.map((problem) => {
    if (typeof problem === 'string' && problem !== '') return problem;
    return fieldErrorOf(problem) ?? 'denied, and the rule does not say why';
  });
}

/** The field error, read once, so that what was checked is what is told; undefined for anything else. */
function fieldErrorOf(value: unknown): FieldError | undefined {
  try {
    const { field, reason, message } = value as { [member: string]: unknown };
    if (typeof field !== 'string' || typeof reason !== 'string' || typeof message !== 'string') return undefined;
    return { field, reason, message };
  } catch {
    return undefined;
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  try {
    return typeof (value as { then?: unknown }).then === 'function';
  } catch {
    return false;
  }
}

function failure(message: string): Outcome {
  return { decision: 'failure', message };
}

function named(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (value instanceof Allowed) return 'allow()';
  return Array.isArray(value) ? 'an array' : `${typeof value === 'object' ? 'an' : 'a'} ${typeof value}`;
}

/** An error's name and message; whatever else was thrown is only named, since turning it into text runs its code. */
function described(error: unknown): string {
  try {
    if (error instanceof Error) return `${String(error.name)}: ${String(error.message)}`;
    return typeof error === 'string' ? error : `it threw ${named(error)}`;
  } catch {
    return 'it threw something that cannot be described';
  }
}
