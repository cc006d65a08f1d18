import { decode, MalformedReview, type Review } from './decode.ts';
import type { Engine } from './engine.ts';
import { match, type Route } from './match.ts';
import { mutate } from './mutate.ts';
import { type Answer, failedAnswer, malformedAnswer, respond } from './respond.ts';
import type { Request } from './rule.ts';
import { shown } from './shown.ts';
import { validate } from './validate.ts';

/** An answer, and what it answers where that could be read. */
export interface Reviewed extends Answer {
  readonly review?: Review;
}

/**
 * One AdmissionReview's whole way, bytes to bytes: the server and offline replay both call this, so they cannot
 * disagree. A pure function of the bytes, the rules in force and what the lookups find. Never throws.
 */
export async function review(body: Uint8Array, route: Route, engine: Engine): Promise<Reviewed> {
  let decoded: Review | undefined;
  try {
    decoded = decode(body);
    return { ...(await decide(decoded, route, engine)), review: decoded };
  } catch (error) {
    if (error instanceof MalformedReview) return malformedAnswer(error.message);
    const answer = failedAnswer(shown(`the review could not be decided: ${String(error)}`, 1000));
    return decoded === undefined ? answer : { ...answer, review: decoded };
  }
}

async function decide(review: Review, route: Route, engine: Engine): Promise<Answer> {
  if (review.namespace !== undefined && engine.rules.ignoredNamespaces.has(review.namespace)) {
    return respond(review, [], []);
  }
  const rules = match(engine.rules, route, review);
  if (rules.length === 0) return failedAnswer(nobodyFor(review, route));
  const request = requestOf(review, route);
  if (route.phase === 'validating') return respond(review, await validate(review, request, rules, engine), []);
  const { reports, patch } = await mutate(review, request, rules, engine);
  return respond(review, reports, patch);
}

/** Never an accidental allow: the configuration sends what the rules here are not for. */
function nobodyFor({ operation, kind, resource, subResource }: Review, { phase, webhook }: Route): string {
  const what = `${operation} of ${kind.kind} (${[resource.resource, ...(subResource ? [subResource] : [])].join('/')}, ${resource.group || 'core'}/${resource.version})`;
  return shown(
    `no ${phase} rule of the webhook "${webhook}" is for ${what}: the webhook configuration and the rules differ; apply the output of "portcullis manifests webhooks"`,
    1000,
  );
}

/** Frozen all through: every rule of the review is handed the same. */
function requestOf({ operation, uid, name, namespace, dryRun, userInfo }: Review, { selector }: Route): Request {
  Object.freeze(userInfo.groups);
  return Object.freeze({
    operation,
    uid,
    dryRun,
    userInfo: Object.freeze(userInfo),
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(selector === undefined ? {} : { selector }),
  });
}
