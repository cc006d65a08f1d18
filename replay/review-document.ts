import type { Operation } from '../webhook/rule.ts';
import type { KubeObject } from './cluster.ts';

/** An AdmissionReview v1 as the API server sends it, as far as replay looks at it; all else goes along. */
export interface ReviewDocument {
  readonly kind: string;
  readonly apiVersion: string;
  readonly request: ReviewRequest;
}

/** Its request (protocol.md §1.1). `object` is null on DELETE, and without metadata on CONNECT. */
export interface ReviewRequest {
  readonly uid: string;
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string };
  readonly resource: { readonly group: string; readonly version: string; readonly resource: string };
  readonly subResource?: string;
  readonly requestKind?: ReviewRequest['kind'];
  readonly requestResource?: ReviewRequest['resource'];
  readonly name?: string;
  readonly namespace?: string;
  readonly operation: Operation;
  readonly object: KubeObject | null;
  readonly oldObject: KubeObject | null;
  readonly [member: string]: unknown;
}
