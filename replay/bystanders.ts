/** What is expected, with what others let pass put in, and where its answers stood. */
export interface Padded {
  readonly expected: { readonly [member: string]: unknown };
  /** The place in `expected.yaml` of the answer at this place; the next one's for an answer that was put in. */
  placeOf(at: number): number;
}

/** An answer of `described`, as far as it matters here. */
interface Answer {
  readonly webhook?: unknown;
  readonly phase?: unknown;
  readonly reinvoked?: unknown;
  readonly rules?: { readonly [rule: string]: unknown };
  readonly [member: string]: unknown;
}

/**
 * Puts into what a case expects what it need not say: rules that it does not name and that let the object pass, and the
 * answers of webhooks that it does not name and whose rules all do. A rule that is new makes no case of another stale.
 */
export function withBystanders(expected: { readonly [member: string]: unknown }, came: unknown): Padded {
  const wanted = answersIn(expected);
  const answers = answersIn(came);
  if (wanted === undefined || answers === undefined) return { expected, placeOf: (at) => at };
  const padded: unknown[] = [];
  const places: number[] = [];
  let next = 0;
  for (const [at, answer] of answers.entries()) {
    const one = wanted[next];
    places.push(next);
    if (one !== undefined && isOfSame(one, answer)) {
      padded.push({ ...one, rules: withOthers(one.rules, answer.rules) });
      next += 1;
    } else if (isBystander(answer)) {
      padded.push(answer);
    } else if (one === undefined || answers.slice(at + 1).some((later) => isOfSame(one, later))) {
      padded.push(undefined);
    } else {
      padded.push(one);
      next += 1;
    }
  }
  const rest = wanted.slice(next);
  places.push(...rest.map((_, at) => next + at));
  return {
    expected: { ...expected, responses: [...padded, ...rest] },
    placeOf: (at) => places[at] ?? at,
  };
}

function answersIn(value: unknown): readonly Answer[] | undefined {
  const { responses } = (value ?? {}) as { responses?: unknown };
  const isList = Array.isArray(responses) && responses.every((each) => typeof each === 'object' && each !== null);
  return isList ? responses : undefined;
}

function isOfSame(one: Answer, other: Answer): boolean {
  return one.webhook === other.webhook && one.phase === other.phase && one.reinvoked === other.reinvoked;
}

const QUIET = new Set(['webhook', 'phase', 'reinvoked', 'rules', 'allowed']);

/** It says nothing but yes. */
function isBystander(answer: Answer): boolean {
  const isQuiet = answer.allowed === true && Object.keys(answer).every((name) => QUIET.has(name));
  return isQuiet && Object.values(answer.rules ?? {}).every(letsPass);
}

function letsPass(decision: unknown): boolean {
  return decision === 'allow' || (typeof decision === 'string' && decision.startsWith('skip'));
}

function withOthers(expected: unknown, came: Answer['rules'] = {}): unknown {
  if (typeof expected !== 'object' || expected === null || Array.isArray(expected)) return expected;
  const others = Object.entries(came).filter(([rule, did]) => !Object.hasOwn(expected, rule) && letsPass(did));
  return { ...expected, ...Object.fromEntries(others) };
}
