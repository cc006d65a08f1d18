import { gzipSync } from 'node:zlib';
import type { Call, Verdict } from '../replay/api-server-verdict.ts';

/** What the webhooks below answer. */
export const request = {
  uid: 'the-uid',
  namespace: 'ops',
  object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'ops' }, data: { a: '1' } },
};
/** A review that allows, but for what is said. */
export const response = (rest: object) => ({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  response: { uid: 'the-uid', allowed: true, ...rest },
});
const denied = (status?: object) => response({ allowed: false, status });
const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
/** A review that allows with these operations. */
export const patched = (...operations: unknown[]) => response({ patchType: 'JSONPatch', patch: base64(operations) });
const noResponse = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' };
const causes = [{ reason: 'FieldValueRequired', message: 'Required value', field: 'data.a' }];

/** An answer, and what became of it. */
export interface Measured {
  /** kubectl's exit codes with failurePolicy Fail, with Ignore, and as a validating webhook: 1 is a user refused. */
  readonly fails: '0 0 0' | '1 1 1' | '1 0 1' | '0 0 1';
  readonly kind: Verdict['kind'];
  readonly body: unknown;
  readonly status?: number;
  readonly headers?: NonNullable<Call['headers']>;
  /** What the user saw of it. */
  readonly said?: string;
}

const allowed = { fails: '0 0 0', kind: 'allowed' } as const;
const rejected = { fails: '1 1 1', kind: 'rejected' } as const;
const callFailure = { fails: '1 0 1', kind: 'call-failure' } as const;
const internalError = { fails: '1 1 1', kind: 'internal-error' } as const;
const patches = { fails: '0 0 1', kind: 'patched' } as const;

/** What a real 1.36.2 did with each answer (protocol.md §1.4), by the names used there and a few more of the same kind. */
export const matrix: { [name: string]: Measured } = {
  allow: { ...allowed, body: response({}) },
  deny: { ...rejected, body: denied(), said: 'denied the request without explanation' },
  'deny-msg': {
    ...rejected,
    body: denied({ message: 'nope: policy violated' }),
    said: 'denied the request: nope: policy violated',
  },
  'deny-403': { ...rejected, body: denied({ code: 403, message: 'nope' }), said: 'denied the request: nope' },
  'deny-reasononly': { ...rejected, body: denied({ reason: 'Forbidden' }), said: 'denied the request: Forbidden' },
  'deny-200': { ...rejected, body: denied({ code: 200, message: 'x' }), said: 'denied the request: x' },
  'deny-500': { ...rejected, body: denied({ code: 500, message: 'boom' }), said: 'denied the request: boom' },
  'deny-invalid-1cause': { ...rejected, body: denied({ code: 422, reason: 'Invalid', details: { causes } }) },
  'deny-429': { ...rejected, body: denied({ code: 429, reason: 'TooManyRequests', message: 'later' }) },
  'wrong-uid': {
    ...callFailure,
    body: response({ uid: 'other' }),
    said: 'expected response.uid="the-uid", got "other"',
  },
  'no-uid': {
    ...callFailure,
    body: response({ uid: undefined }),
    said: 'expected response.uid="the-uid", got ""',
  },
  'no-gvk': {
    ...callFailure,
    body: { response: { uid: 'the-uid', allowed: true } },
    said: 'expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview',
  },
  'no-kind': {
    ...callFailure,
    body: { ...response({}), kind: undefined },
    said: 'expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview',
  },
  'wrong-version': {
    ...callFailure,
    body: { ...response({}), apiVersion: 'admission.k8s.io/v1beta1' },
    said: 'unknown conversion',
  },
  'no-response': { ...callFailure, body: noResponse, said: 'webhook response was absent' },
  'response-null': { ...callFailure, body: { ...noResponse, response: null }, said: 'webhook response was absent' },
  'echo-request-too': { ...allowed, body: { ...response({}), request } },
  'extra-fields': { ...allowed, body: { ...response({ more: 1 }), more: {} } },
  'allowed-missing': { ...rejected, body: response({ allowed: undefined }), said: 'without explanation' },
  'allowed-string': { ...callFailure, body: response({ allowed: 'true' }), said: 'cannot unmarshal string' },
  'status-kind-response': {
    ...callFailure,
    body: { apiVersion: 'v1', kind: 'Status', status: 'Failure' },
    said: 'unknown conversion',
  },
  empty: { ...callFailure, body: '', said: '0-length response' },
  notjson: { ...callFailure, body: 'hello', said: 'json parse error' },
  html: { ...callFailure, body: '<html></html>', said: 'json parse error' },
  'json-but-a-list': { ...callFailure, body: '[]', said: 'json parse error' },
  'ct-none': { ...allowed, body: response({}), headers: {} },
  'ct-text': { ...allowed, body: response({}), headers: { 'content-type': 'text/plain' } },
  'ct-charset': { ...allowed, body: response({}), headers: { 'content-type': 'application/json; charset=utf-8' } },
  'ct-bad': {
    ...callFailure,
    body: response({}),
    headers: { 'content-type': 'application/json; charset' },
    said: 'mime: invalid media parameter',
  },
  gzip: { ...allowed, body: gzipSync(JSON.stringify(response({}))), headers: { 'content-encoding': 'gzip' } },
  'gzip-not': { ...callFailure, body: response({}), headers: { 'content-encoding': 'gzip' } },
  'code-201': { ...allowed, body: response({}), status: 201 },
  'code-204': { ...callFailure, body: '', status: 204, said: '0-length response' },
  'code-207': { ...callFailure, body: response({}), status: 207 },
  'code-302': { ...callFailure, body: '', status: 302 },
  'err-400-json': { ...callFailure, body: { error: 'no' }, status: 400 },
  'err-500-text': { ...callFailure, body: 'no', status: 500 },
  'err-500-review': { ...callFailure, body: response({}), status: 500 },
  'err-500-status': {
    ...callFailure,
    body: { kind: 'Status', apiVersion: 'v1', message: 'structured' },
    status: 500,
    said: 'failed to call webhook: structured',
  },
  'err-404': { ...callFailure, body: '', status: 404 },
  warn: { ...allowed, body: response({ warnings: ['short'] }) },
  'warn-number': { ...callFailure, body: response({ warnings: [1] }), said: 'cannot unmarshal number' },
  audit: { ...allowed, body: response({ auditAnnotations: { key: 'value' } }) },
  'audit-number': { ...callFailure, body: response({ auditAnnotations: { key: 1 } }), said: 'cannot unmarshal number' },
  'patch-add': { ...patches, body: patched({ op: 'add', path: '/data/b', value: '2' }) },
  'patch-empty-array': { fails: '0 0 1', kind: 'allowed', body: patched() },
  'patch-notype': { ...callFailure, body: response({ patch: base64([]) }), said: 'but not response.patchType' },
  'patchtype-nopatch': {
    ...callFailure,
    body: response({ patchType: 'JSONPatch' }),
    said: 'but not response.patch',
  },
  'patchtype-null': { ...allowed, body: response({ patchType: null, patch: null }) },
  'patch-emptystring': {
    ...callFailure,
    body: response({ patchType: 'JSONPatch', patch: '' }),
    said: 'but not response.patch',
  },
  'patchtype-merge': {
    ...callFailure,
    body: response({ patchType: 'MergePatch', patch: base64({ data: {} }) }),
    said: 'undecodable patch',
  },
  'patchtype-unknown': { ...callFailure, body: response({ patchType: 'Json', patch: base64([{ op: 'add' }]) }) },
  'patch-raw-array': { ...callFailure, body: response({ patchType: 'JSONPatch', patch: [{}] }) },
  'patch-notb64': { ...callFailure, body: response({ patchType: 'JSONPatch', patch: '!!' }), said: 'illegal base64' },
  'patch-b64url': {
    ...callFailure,
    body: response({ patchType: 'JSONPatch', patch: 'WyI_Pz8-Pj4iXQ==' }),
    said: 'illegal base64',
  },
  'patch-b64-unpadded': {
    ...callFailure,
    body: response({ patchType: 'JSONPatch', patch: 'W10' }),
    said: 'illegal base64',
  },
  'patch-undecodable': {
    ...callFailure,
    body: response({ patchType: 'JSONPatch', patch: Buffer.from('[{').toString('base64') }),
    said: 'undecodable patch',
  },
  'patch-object': {
    ...callFailure,
    body: response({ patchType: 'JSONPatch', patch: base64({ op: 'add' }) }),
    said: 'undecodable patch',
  },
  'patch-missing-parent': {
    ...internalError,
    body: patched({ op: 'add', path: '/metadata/annotations/foo', value: 'x' }),
    said: 'add operation does not apply',
  },
  'patch-remove-missing': {
    ...internalError,
    body: patched({ op: 'remove', path: '/metadata/labels/nope' }),
    said: 'remove operation does not apply',
  },
  'patch-remove-inherited': { ...internalError, body: patched({ op: 'remove', path: '/data/constructor' }) },
  'patch-replace-missing': { ...patches, body: patched({ op: 'replace', path: '/data/b', value: '2' }) },
  'patch-test-fail': { ...internalError, body: patched({ op: 'test', path: '/metadata/name', value: 'b' }) },
  'patch-badop': {
    ...internalError,
    body: patched({ op: 'frob', path: '/data/b', value: '' }),
    said: 'Unexpected kind: frob',
  },
  'patch-wrongtype': {
    ...internalError,
    body: patched({ op: 'add', path: '/metadata/labels', value: 'x' }),
    said: 'json: cannot unmarshal string into Go struct field ObjectMeta.metadata.labels of type map[string]string',
  },
  'patch-number-label': {
    ...internalError,
    body: patched({ op: 'add', path: '/metadata/labels', value: { a: 1 } }),
    said: 'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string',
  },
  'patch-kind': { ...internalError, body: patched({ op: 'replace', path: '/kind', value: 'Secret' }) },
  'patch-name': { ...patches, body: patched({ op: 'replace', path: '/metadata/name', value: 'renamed' }) },
  'patch-ns': {
    ...internalError,
    body: patched({ op: 'replace', path: '/metadata/namespace', value: 'other' }),
    said: 'the namespace of the provided object does not match the namespace sent on the request',
  },
  'patch-deny': {
    ...rejected,
    body: { ...patched({ op: 'add', path: '/data/b', value: '2' }), response: { uid: 'the-uid', allowed: false } },
  },
};
