import { isDeepStrictEqual } from 'node:util';
import type { Engine } from '../webhook/engine.ts';
import type { FieldError } from '../webhook/field-errors.ts';
import type { Route } from '../webhook/match.ts';
import type { Webhook } from '../webhook/registration.ts';
import { type Reviewed, review } from '../webhook/review.ts';
import { apiServerVerdict, type Verdict } from './api-server-verdict.ts';
import type { Cluster, KubeObject } from './cluster.ts';
import { matchWebhook } from './matching.ts';
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
  /** What the CRD's schema says, between the two phases; then no validating webhook is asked. */
  readonly schemaErrors: readonly FieldError[];
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

/** To a prefix the API server adds five characters; here they are always the same. */
const GENERATED = 'x7k2p';

/**
 * Sends a request the whole way as an API server does (protocol.md §2.2): mutating webhooks one after the other, those that
 * want it a second time where a later one changed the object, then the CRD's pruning, defaults and schema, then all
 * validating webhooks. A denial or a failure ends it at once, but for validating webhooks, which are all asked.
 */
export async function runChain(start: Start, gate: Gate): Promise<Chain> {
  const walk = new Walk(start, gate.engine);
  if (start.phase === 'mutating') {
    const isEnd = await walk.mutate(gate.mutating);
    if (isEnd) return walk.end();
    walk.settle();
    if (walk.schemaErrors.length > 0) return walk.end();
  }
  await walk.validate(gate.validating);
  return walk.end();
}

/** A request under way. */
class Walk {
  readonly calls: Call[] = [];
  readonly notCalled: NotCalled[] = [];
  schemaErrors: readonly FieldError[] = [];
  private readonly start: Start;
  private readonly engine: Engine;
  private request: ReviewRequest;
  private isChanged = false;

  constructor(start: Start, engine: Engine) {
    this.start = start;
    this.engine = engine;
    this.request = start.review.request;
  }

  async mutate(webhooks: readonly Registered[]): Promise<boolean> {
    const called: Registered[] = [];
    const again = new Set<Registered>();
    for (const registered of webhooks) {
      const before = this.request.object;
      const call = await this.call(registered, false);
      if (call === undefined) continue;
      if (!this.goesOn(call)) return true;
      // Whoever was called before sees the object anew.
      if (!isDeepStrictEqual(before, this.request.object)) for (const other of called) again.add(other);
      if (registered.webhook.reinvocationPolicy === 'IfNeeded') called.push(registered);
    }
    for (const registered of called.filter((each) => again.has(each))) {
      const call = await this.call(registered, true);
      if (call !== undefined && !this.goesOn(call)) return true;
    }
    return false;
  }

  /** What the API server does between the phases: a name is generated, the schema is asked. */
  settle(): void {
    const { object, operation, oldObject, subResource } = this.request;
    if (object === null || operation === 'CONNECT') return;
    const { name, generateName } = object.metadata as { name?: string; generateName?: string };
    if (operation === 'CREATE' && (name ?? '') === '' && typeof generateName === 'string' && generateName !== '') {
      const generated = `${generateName.slice(0, 58)}${GENERATED}`;
      const metadata = { ...object.metadata, name: generated };
      this.change({ ...this.request, name: generated, object: { ...object, metadata } });
    }
    if (subResource !== undefined && subResource !== '' && subResource !== 'status') return;
    const storage = this.start.cluster.storageOf(object.apiVersion, object.kind);
    this.schemaErrors = storage?.validate(this.request.object, '', oldObject ?? undefined) ?? [];
  }

  async validate(webhooks: readonly Registered[]): Promise<void> {
    for (const registered of webhooks) await this.call(registered, false);
  }

  end(): Chain {
    const { calls, notCalled, schemaErrors } = this;
    const verdict = this.verdict();
    const isStored = verdict === 'allowed' || verdict === 'patched';
    return { verdict, calls, notCalled, schemaErrors, object: isStored ? this.request.object : null };
  }

  private verdict(): Chain['verdict'] {
    const verdicts = this.calls.map(({ verdict }) => verdict);
    if (verdicts.some(({ kind }) => kind === 'rejected')) return 'denied';
    if (verdicts.some((verdict) => isFailure(verdict))) return 'failed';
    if (this.schemaErrors.length > 0) return 'denied';
    return verdicts.some(({ kind }) => kind === 'patched') ? 'patched' : 'allowed';
  }

  private async call(registered: Registered, isReinvocation: boolean): Promise<Call | undefined> {
    const { webhook, route } = registered;
    const match = matchWebhook(webhook, this.request, this.start.cluster);
    if ('reason' in match) {
      if (!isReinvocation) this.notCalled.push({ ...registered, reason: match.reason });
      return undefined;
    }
    const isAsItCame = !this.isChanged && match.request === this.start.review.request;
    const document = { ...this.start.review, request: match.request };
    const bytes = isAsItCame ? this.start.bytes : Buffer.from(JSON.stringify(document));
    const reviewed = await review(bytes, route, this.engine);
    const verdict = apiServerVerdict({
      phase: route.phase,
      request: match.request,
      failurePolicy: webhook.failurePolicy === 'Ignore' ? 'Ignore' : 'Fail',
      httpStatus: reviewed.status,
      body: reviewed.body,
    });
    const call = { ...registered, bytes, request: match.request, reviewed, verdict, isReinvocation };
    this.calls.push(call);
    if (verdict.kind === 'patched' && route.phase === 'mutating') this.take(verdict.object as KubeObject | null);
    return call;
  }

  /** A patched object is decoded again: pruned, and defaulted. */
  private take(patched: KubeObject | null): void {
    if (patched === null) return;
    const own = { ...patched, apiVersion: this.request.object?.apiVersion ?? patched.apiVersion };
    const object = this.start.cluster.storageOf(own.apiVersion, own.kind)?.prepare(own) ?? own;
    this.change({ ...this.request, object: object as KubeObject });
  }

  private change(request: ReviewRequest): void {
    this.request = request;
    this.isChanged = true;
  }

  private goesOn({ verdict }: Call): boolean {
    return verdict.kind !== 'rejected' && !isFailure(verdict);
  }
}

function isFailure(verdict: Verdict): boolean {
  return verdict.kind === 'internal-error' || (verdict.kind === 'call-failure' && !verdict.continues);
}
