import type { Engine } from '../webhook/engine.ts';
import type { FieldError } from '../webhook/field-errors.ts';
import type { Route } from '../webhook/match.ts';
import type { Webhook } from '../webhook/registration.ts';
import type { Reviewed } from '../webhook/review.ts';
import type { Verdict } from './api-server-verdict.ts';
import { betweenPhases } from './between-phases.ts';
import { callWebhook } from './call-webhook.ts';
import type { Cluster, KubeObject } from './cluster.ts';
import { mutatingPhase } from './mutating-phase.ts';
import type { ReviewDocument, ReviewRequest } from './review-document.ts';

/** A webhook that the generated configurations have, and where its reviews arrive. */
export interface Registered {
  readonly webhook: Webhook;
  readonly route: Route;
}

/** One call of a webhook. */
export interface Call extends Registered {
  /** As they were sent. */
  readonly bytes: Buffer;
  readonly request: ReviewRequest;
  readonly reviewed: Reviewed;
  /** What the API server makes of the answer. */
  readonly verdict: Verdict;
  /** The second time, because a later webhook changed the object. */
  readonly isReinvocation: boolean;
}

/** A webhook that was not called, and why. */
export interface NotCalled extends Registered {
  readonly reason: string;
}

/** What became of a request on its whole way. */
export interface Chain {
  readonly verdict: 'allowed' | 'patched' | 'denied' | 'failed';
  readonly calls: readonly Call[];
  /** Of the webhooks that were not called. */
  readonly notCalled: readonly NotCalled[];
  /** As the API server would store it; null where nothing is stored. */
  readonly object: KubeObject | null;
  /** What the API server itself refuses between the two phases, metadata or by the CRD's schema; then no validating webhook is asked. */
  readonly schemaErrors: readonly FieldError[];
  /** What an API server evaluates and nobody here: a line each, empty for most. */
  readonly notEvaluated: readonly string[];
}

/** What requests are sent through. */
export interface Gate {
  readonly engine: Engine;
  /** In the order of the configurations. */
  readonly mutating: readonly Registered[];
  readonly validating: readonly Registered[];
}

/** What a chain begins with. */
export interface Start {
  readonly review: ReviewDocument;
  /** Of the review as it came, which the first webhooks get. */
  readonly bytes: Buffer;
  readonly cluster: Cluster;
  /** `validating`: the mutating webhooks have been asked before. */
  readonly phase: 'mutating' | 'validating';
}

/** A request under way: what it is by now, and what has become of it so far. */
export interface Underway {
  readonly start: Start;
  readonly engine: Engine;
  request: ReviewRequest;
  readonly calls: Call[];
  readonly notCalled: NotCalled[];
  schemaErrors: readonly FieldError[];
  readonly notEvaluated: Set<string>;
}

/**
 * Sends a request the whole way as an API server does (protocol.md §2.2): the mutating webhooks one after the other, some of them
 * a second time, then the CRD's schema, then all validating webhooks. A denial or a failure ends it at once, but for
 * validating webhooks, which are all asked. Throws FileFault where the case's cluster cannot say how it goes on.
 */
export async function runChain(start: Start, gate: Gate): Promise<Chain> {
  const { request } = start.review;
  const way: Underway = {
    start,
    engine: gate.engine,
    request,
    calls: [],
    notCalled: [],
    schemaErrors: [],
    notEvaluated: new Set(),
  };
  if (start.phase === 'mutating') {
    const goesOn = await mutatingPhase(way, gate.mutating);
    if (!goesOn) return outcome(way);
    betweenPhases(way);
    if (way.schemaErrors.length > 0) return outcome(way);
  }
  for (const registered of gate.validating) await callWebhook(way, registered);
  return outcome(way);
}

function outcome(way: Underway): Chain {
  const { calls, notCalled, schemaErrors, notEvaluated } = way;
  const verdict = verdictOf(way);
  const isStored = verdict === 'allowed' || verdict === 'patched';
  const { object } = way.request;
  const stored = isStored && object !== null ? way.start.cluster.stored(object) : null;
  return { verdict, calls, notCalled, object: stored, schemaErrors, notEvaluated: [...notEvaluated] };
}

function verdictOf({ calls, schemaErrors }: Underway): Chain['verdict'] {
  const verdicts = calls.map(({ verdict }) => verdict);
  if (verdicts.some(({ kind }) => kind === 'rejected')) return 'denied';
  if (verdicts.some(isFailure)) return 'failed';
  if (schemaErrors.length > 0) return 'denied';
  return verdicts.some(({ kind }) => kind === 'patched') ? 'patched' : 'allowed';
}

/** Nobody decided, and the request goes no further for that. */
export function isFailure(verdict: Verdict): boolean {
  return verdict.kind === 'internal-error' || (verdict.kind === 'call-failure' && !verdict.continues);
}
