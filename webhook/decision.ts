import type { FieldError } from './field-errors.ts';

declare const made: unique symbol;

/** What a validating rule returns when it has nothing against the object. Only `allow()` makes one that counts. */
export interface Allow {
  readonly [made]: 'allow';
}

/** `allow()` as the engine sees it. */
export class Allowed {
  readonly warnings: readonly string[];
  constructor(warnings: readonly string[]) {
    this.warnings = warnings;
  }
}

/** What `deny()` throws: no Error, since a refusal is an ordinary outcome and needs no stack. */
export class Denial {
  readonly problems: readonly (string | FieldError)[];
  readonly warnings: readonly string[];
  constructor(problems: readonly (string | FieldError)[], warnings: readonly string[] = []) {
    this.problems = problems;
    this.warnings = warnings;
  }
}

/** What `skip()` throws. */
export class Skip {
  readonly reason: string;
  readonly sentence: string;
  constructor(reason: string, sentence: string) {
    this.reason = reason;
    this.sentence = sentence;
  }
}

/**
 * The decision that the running rule has thrown, remembered because the rule might catch it, or throw another from a
 * `finally`; a denial is never forgotten for a skip. Rules are synchronous, so it is one rule's; `deny` and `skip` are
 * free functions, so it has nowhere else to live.
 */
let thrown: Denial | Skip | undefined;

/** Returns what `deny()` or `skip()` has thrown since the last call, and forgets it. For the engine alone. */
export function takeThrown(): Denial | Skip | undefined {
  const taken = thrown;
  thrown = undefined;
  return taken;
}

/** Has nothing against the object; each warning is shown to the user as `Warning: …`. */
export function allow(...warnings: string[]): Allow {
  return new Allowed(warnings) as unknown as Allow;
}

/**
 * Ends the rule: refuses the request, with every problem given. Texts are policy (403 Forbidden), field errors
 * are the API server's own (422 Invalid). Never returns, so nothing after it runs and a forgotten `return`
 * cannot admit; a rule that catches it has failed.
 */
export function deny(problem: string | FieldError, ...more: (string | FieldError)[]): never {
  thrown = new Denial([problem, ...more]);
  throw thrown;
}

/**
 * The same, with warnings for the user besides. For schemaRule() alone, whose texts are the API server's: of a field that
 * is missing they cannot say that it was misspelt. The first problem is what makes it a denial.
 */
export function denyWithWarnings(problems: readonly [FieldError, ...FieldError[]], warnings: readonly string[]): never {
  thrown = new Denial(problems, warnings);
  throw thrown;
}

/**
 * Ends a mutating rule: its edits are discarded. `reason` is a code in snake case for metrics and cases,
 * `sentence` is for people. Never returns; in a validating rule it is a failure, since it would admit.
 */
export function skip(reason: string, sentence: string): never {
  const skipped = new Skip(reason, sentence);
  if (!(thrown instanceof Denial)) thrown = skipped;
  throw skipped;
}
