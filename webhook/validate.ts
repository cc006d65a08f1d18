import type { Review } from './decode.ts';
import { copyOf } from './draft.ts';
import type { Engine } from './engine.ts';
import { looksUp, lookUp } from './lookup.ts';
import type { RuleInForce } from './match.ts';
import { decide, failed, heldBack, type Outcome } from './outcome.ts';
import type { RuleReport } from './report.ts';
import type { Request } from './rule.ts';

/**
 * Lets every rule decide, each on an object of its own: what one does to it, no other sees. Never throws; a rule
 * that fails is reported so, and the others still decide.
 */
export async function validate(
  review: Review,
  request: Request,
  rules: readonly RuleInForce[],
  engine: Engine,
): Promise<RuleReport[]> {
  const reports: RuleReport[] = [];
  for (const [i, entry] of rules.entries()) {
    const started = engine.now();
    const isLast = i === rules.length - 1;
    const outcome = await outcomeOf(review, request, entry, engine, isLast);
    reports.push({ entry, outcome, seconds: (engine.now() - started) / 1000 });
  }
  return reports;
}

async function outcomeOf(
  review: Review,
  request: Request,
  entry: RuleInForce,
  { lookups, kubeVersion, begins }: Engine,
  isLast: boolean,
): Promise<Outcome> {
  const held = begins?.(entry);
  if (held !== undefined) return heldBack(held);
  try {
    const object = isLast ? review.object : copyOf(review.object);
    const oldObject = review.operation === 'DELETE' ? object : isLast ? review.oldObject : copyOf(review.oldObject);
    const found = looksUp(entry.rule) ? await lookUp(entry.rule, object, request, lookups) : {};
    return decide(entry, object, { request, oldObject, found, kubeVersion } as never);
  } catch (error) {
    return failed(error);
  }
}
