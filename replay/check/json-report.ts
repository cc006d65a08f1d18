import { decisionOf } from '../../webhook/report.ts';
import type { Operation } from '../../webhook/rule.ts';
import type { Check, CheckedObject } from './check.ts';
import { type Count, countOf } from './count.ts';
import type { Unread } from './manifests.ts';
import type { Problem } from './problems.ts';
import type { CheckedRequest } from './sent.ts';

/** What machines read of a check. Within a version members are added, and none is taken away or changed. */
export interface JsonReport {
  readonly version: 1;
  readonly summary: Count;
  readonly objects: readonly JsonObject[];
  readonly unread: readonly Unread[];
}

/** What would become of one object. */
export interface JsonObject {
  readonly file: string;
  readonly line: number;
  readonly apiVersion: string;
  readonly kind: string;
  /** Left out where the manifest has none, as is the name. */
  readonly namespace?: string;
  readonly name?: string;
  readonly isRefused: boolean;
  readonly isAsked: boolean;
  readonly problems: readonly Problem[];
  readonly requests: readonly JsonRequest[];
}

/** One request that it comes to. */
export interface JsonRequest {
  readonly operation: Operation;
  /** `spec.template` and the like for Pods that a controller makes of it; left out for its own. */
  readonly template?: string;
  readonly verdict: 'allowed' | 'patched' | 'denied' | 'failed';
  readonly decisions: readonly { readonly webhook: string; readonly rule: string; readonly decision: string }[];
  readonly notCalled: readonly string[];
  readonly notEvaluated: readonly string[];
  readonly missed: readonly string[];
}

/** The report as one JSON object. */
export function jsonReport(check: Check): JsonReport {
  return { version: 1, summary: countOf(check), objects: check.objects.map(objectOf), unread: check.unread };
}

function objectOf({ manifest, problems, requests, isRefused, isAsked }: CheckedObject): JsonObject {
  const { file, object, lineOf } = manifest;
  const { apiVersion, kind, metadata } = object;
  return {
    file,
    line: lineOf([]),
    apiVersion,
    kind,
    ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
    ...(metadata.name === undefined ? {} : { name: metadata.name }),
    isRefused,
    isAsked,
    problems,
    requests: requests.map(requestOf),
  };
}

function requestOf({ operation, at, chain, missed }: CheckedRequest): JsonRequest {
  return {
    operation,
    ...(at.length === 0 ? {} : { template: at.join('.') }),
    verdict: chain?.verdict ?? 'allowed',
    decisions: (chain?.calls ?? []).flatMap(({ webhook, reviewed }) =>
      reviewed.reports.map((report) => ({
        webhook: webhook.name,
        rule: report.entry.rule.name,
        decision: decisionOf(report),
      })),
    ),
    notCalled: (chain?.notCalled ?? []).map(({ reason }) => reason),
    notEvaluated: chain?.notEvaluated ?? [],
    missed,
  };
}
