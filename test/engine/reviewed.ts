import assert from 'node:assert/strict';
import type { Kind, KubeVersion, Operation, Rule } from '../../author.ts';
import type { JsonObject } from '../../webhook/decode.ts';
import type { Engine } from '../../webhook/engine.ts';
import { type Lookups, noLookups } from '../../webhook/lookup.ts';
import { type Mode, type RuleInForce, rulesInForce } from '../../webhook/match.ts';
import type { PatchOperation } from '../../webhook/patch.ts';
import { type Reviewed, review } from '../../webhook/review.ts';
import { applyOurs } from '../patch/apply.ts';

/** What the API server would ask about; members that are not given are those of the creation of a pod in `web`. */
export interface Asked {
  readonly operation?: Operation;
  readonly kind?: Pick<Kind, 'group' | 'version' | 'kind'>;
  readonly resource?: Pick<Kind, 'group' | 'version' | 'resource'>;
  readonly subResource?: string;
  readonly name?: string | undefined;
  readonly namespace?: string | undefined;
  readonly object?: JsonObject | null;
  readonly oldObject?: JsonObject | null;
}

/** How the engine is set up; a rule is enforced unless its name has another mode. */
export interface SetUp {
  readonly lookups?: Lookups;
  readonly modes?: { readonly [rule: string]: Mode };
  readonly ignoredNamespaces?: readonly string[];
  readonly settings?: unknown;
  readonly kubeVersion?: KubeVersion;
}

/** The bytes of an AdmissionReview v1. */
export function bytesOf(asked: Asked): Uint8Array {
  return Buffer.from(textOf(asked));
}

/** The text of an AdmissionReview v1, for reviews that no JavaScript object can be the model of. */
export function textOf(asked: Asked): string {
  const request = {
    uid: '0b9f7a9e',
    kind: { group: '', version: 'v1', kind: 'Pod' },
    resource: { group: '', version: 'v1', resource: 'pods' },
    name: 'p',
    namespace: 'web',
    operation: 'CREATE',
    userInfo: { username: 'jane', groups: ['dev'] },
    object: pod(),
    oldObject: null,
    dryRun: false,
    ...asked,
  };
  return JSON.stringify({ kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', request });
}

/** A pod of one container with one variable. */
export function pod(more: JsonObject = {}): JsonObject {
  const containers = [{ name: 'app', image: 'one', env: [{ name: 'A', value: 'a' }] }];
  const metadata = { name: 'p', namespace: 'web', labels: { app: 'web' } };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers }, ...more };
}

/** Reviews it with these rules in force, at the default webhook of the first rule's phase. */
export function reviewed(rules: readonly Rule[], asked: Asked = {}, setUp: SetUp = {}): Promise<Reviewed> {
  return reviewedBytes(rules, bytesOf(asked), setUp);
}

export function reviewedBytes(rules: readonly Rule[], bytes: Uint8Array, setUp: SetUp = {}): Promise<Reviewed> {
  const route = { phase: rules[0]?.phase ?? 'mutating', webhook: 'policy' };
  return review(bytes, route, engineOf(rules, setUp));
}

/** An engine with a clock that stands still. */
export function engineOf(rules: readonly Rule[], setUp: SetUp = {}): Engine {
  const { lookups, modes, ignoredNamespaces, settings, kubeVersion } = setUp;
  const inForce = rules.map(
    (rule): RuleInForce => ({
      rule,
      settings: settings ?? {},
      mode: modes?.[rule.name] ?? 'enforce',
    }),
  );
  return { rules: rulesInForce(inForce, ignoredNamespaces), lookups: lookups ?? noLookups, now: () => 0, kubeVersion };
}

/** What the API server reads in an answer with status 200. */
export function responseOf({ status, body }: Reviewed): {
  readonly uid: string;
  readonly allowed: boolean;
  readonly status?: { readonly code: number; readonly reason: string; readonly message: string };
  readonly patch?: string;
  readonly warnings?: readonly string[];
  readonly auditAnnotations?: { readonly [key: string]: string };
} {
  assert.equal(status, 200, body);
  return JSON.parse(body).response;
}

/** The operations of the answer's patch; none where it has none. */
export function patchOf(answer: Reviewed): PatchOperation[] {
  const { allowed, patch } = responseOf(answer);
  assert.ok(allowed, answer.body);
  return patch === undefined ? [] : JSON.parse(Buffer.from(patch, 'base64').toString());
}

/** The object as the API server has it after the answer. */
export function patched(answer: Reviewed, object: JsonObject = pod()): unknown {
  return applyOurs(structuredClone(object), patchOf(answer));
}

/** The message of an answer that says that nobody could decide. */
export function failureOf({ status, body }: Reviewed): string {
  const { kind, code, message } = JSON.parse(body);
  assert.deepEqual([status, kind, code], [500, 'Status', 500], body);
  return message;
}
