import type { JsonObject, Review } from './decode.ts';
import { copyOf, type Draft, draftOf, type Origins, traced } from './draft.ts';
import type { Engine } from './engine.ts';
import { looksUp, lookUp } from './lookup.ts';
import type { RuleInForce } from './match.ts';
import { checkMutated } from './mutated.ts';
import { decide, failed, heldBack, type Outcome } from './outcome.ts';
import { diff, NotJson, type PatchOperation } from './patch.ts';
import type { RuleReport } from './report.ts';
import type { Request } from './rule.ts';

/** What the mutating rules did: a report each, and the patch that all of them together come to. */
export interface Mutation {
  readonly reports: readonly RuleReport[];
  readonly patch: readonly PatchOperation[];
}

/**
 * Lets the rules edit one draft, in order, each seeing the edits before it. Each is a transaction: a rule that
 * skips, denies, fails or is not enforced leaves nothing behind. Never throws.
 */
export async function mutate(
  review: Review,
  request: Request,
  rules: readonly RuleInForce[],
  engine: Engine,
): Promise<Mutation> {
  const reports: RuleReport[] = [];
  let state: State = { object: review.object, origins: undefined };
  const steps: Step[] = [];
  for (const entry of rules) {
    const started = engine.now();
    const step = await run(review, state, request, entry, rules.length === 1, engine);
    reports.push({ entry, outcome: step.outcome, patch: step.patch, seconds: (engine.now() - started) / 1000 });
    if (step.patch.length === 0 || entry.mode !== 'enforce') continue;
    state = step.state;
    steps.push(step);
  }
  return { reports, patch: combined(review, steps, state) };
}

/** One rule's own patch is the whole one; after several, what they made is compared with what came in. */
function combined(review: Review, steps: readonly Step[], state: State): readonly PatchOperation[] {
  if (steps.length < 2) return steps[0]?.patch ?? [];
  try {
    return diff(review.object, state.object, state.origins ?? new Map());
  } catch (error) {
    // Each step could be told, and the whole cannot without sending a rounded integer: so the steps are sent.
    if (error instanceof NotJson) return steps.flatMap(({ patch }) => patch);
    throw error;
  }
}

/** The state that a draft leaves, out of reach of a rule that kept hold of it: what it does later is nobody's edit. */
function after(state: State, draft: Draft<JsonObject>): State {
  const { object, origins } = draftOf(draft.object);
  const before = traced(origins, draft.origins);
  return { object, origins: state.origins === undefined ? before : traced(before, state.origins) };
}

/** The patch with values of its own, for the same reason. */
function settled(patch: readonly PatchOperation[]): readonly PatchOperation[] {
  return patch.map((operation) =>
    'value' in operation ? { ...operation, value: copyOf(operation.value) } : operation,
  );
}

/** The object as edited so far, and where its list elements were in the object that came in. */
interface State {
  readonly object: JsonObject;
  readonly origins: Origins | undefined;
}

interface Step {
  readonly outcome: Outcome;
  readonly patch: readonly PatchOperation[];
  readonly state: State;
}

async function run(
  review: Review,
  state: State,
  request: Request,
  entry: RuleInForce,
  isAlone: boolean,
  { lookups, kubeVersion, begins }: Engine,
): Promise<Step> {
  const held = begins?.(entry);
  if (held !== undefined) return { outcome: heldBack(held), patch: [], state };
  try {
    const draft: Draft<JsonObject> = draftOf(state.object);
    const found = looksUp(entry.rule) ? await lookUp(entry.rule, draft.object, request, lookups) : {};
    const outcome = decide(entry, draft.object, {
      request,
      oldObject: copyOf(review.oldObject),
      found,
      kubeVersion,
    } as never);
    if (outcome.decision !== 'allow') return { outcome, patch: [], state };
    const patch = settled(diff(state.object, draft.object, draft.origins));
    if (patch.length === 0) return { outcome, patch, state };
    checkMutated(review, draft.object);
    // Nobody asks what a lone rule leaves: its patch says it all.
    return { outcome, patch, state: isAlone ? state : after(state, draft) };
  } catch (error) {
    return { outcome: failed(error), patch: [], state };
  }
}
