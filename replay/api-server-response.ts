export type Json = null | boolean | number | string | Json[] | JsonObject;
export type JsonObject = { [member: string]: Json };

/** The answer is no answer: the call has failed. The message is the API server's. */
export class Unreadable extends Error {}

/** A response as Go holds it: what is absent or null is the empty value of its type. */
export interface AdmissionResponse {
  readonly uid: string;
  readonly allowed: boolean;
  readonly status: { readonly code: number; readonly reason: string; readonly message: string };
  /** Decoded; '' where there is none. */
  readonly patch: string;
  readonly patchType: string | undefined;
  readonly warnings: readonly string[];
  readonly auditAnnotations: { readonly [key: string]: string };
}

/**
 * Reads an answer's body as Go's encoding/json does into an AdmissionReview: unknown members are passed over, a member
 * of another JSON type is an error. Throws Unreadable.
 */
export function readReview(text: string): {
  apiVersion: string;
  kind: string;
  response: AdmissionResponse | undefined;
} {
  const envelope = parsed(text);
  const apiVersion = read(envelope.apiVersion, 'apiVersion', 'string', '');
  const kind = read(envelope.kind, 'kind', 'string', '');
  // The API server converts what it gets to v1, and knows no way from anything else that has a version and a kind.
  if (apiVersion !== '' && kind !== '' && `${apiVersion} ${kind}` !== 'admission.k8s.io/v1 AdmissionReview') {
    throw new Unreadable(
      `failed to call webhook: converting (${apiVersion} ${kind}) to (v1.AdmissionReview): unknown conversion`,
    );
  }
  if (isAbsent(envelope.response)) return { apiVersion, kind, response: undefined };
  return { apiVersion, kind, response: readResponse(record(envelope.response, 'response')) };
}

function parsed(text: string): JsonObject {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    throw new Unreadable("failed to call webhook: couldn't get version/kind; json parse error");
  }
  if (isRecord(value)) return value;
  throw new Unreadable(`failed to call webhook: couldn't get version/kind; json parse error: cannot unmarshal`);
}

function readResponse(given: JsonObject): AdmissionResponse {
  const status = isAbsent(given.status) ? {} : record(given.status, 'response.status');
  const warnings = isAbsent(given.warnings) ? [] : list(given.warnings, 'response.warnings');
  const annotations = isAbsent(given.auditAnnotations)
    ? {}
    : record(given.auditAnnotations, 'response.auditAnnotations');
  return {
    uid: read(given.uid, 'response.uid', 'string', ''),
    allowed: read(given.allowed, 'response.allowed', 'boolean', false),
    status: {
      code: read(status.code, 'response.status.code', 'number', 0),
      reason: read(status.reason, 'response.status.reason', 'string', ''),
      message: read(status.message, 'response.status.message', 'string', ''),
    },
    patch: base64Decoded(read(given.patch, 'response.patch', 'string', '')),
    patchType: isAbsent(given.patchType) ? undefined : read(given.patchType, 'response.patchType', 'string', ''),
    warnings: warnings.map((each, i) => read(each, `response.warnings[${i}]`, 'string', '')),
    auditAnnotations: Object.fromEntries(
      Object.entries(annotations).map(([key, value]) => [key, read(value, `response.auditAnnotations`, 'string', '')]),
    ),
  };
}

/** Go's base64.StdEncoding: padded, `+` and `/`, line breaks passed over. */
function base64Decoded(text: string): string {
  const plain = text.replace(/[\r\n]/g, '');
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(plain)) {
    throw new Unreadable('failed to call webhook: illegal base64 data');
  }
  return Buffer.from(plain, 'base64').toString('utf8');
}

function read<T extends string | number | boolean>(value: Json | undefined, path: string, type: string, empty: T): T {
  if (isAbsent(value)) return empty;
  if (typeof value === type) return value as T;
  throw mismatch(value, path);
}

function record(value: Json | undefined, path: string): JsonObject {
  if (isRecord(value)) return value;
  throw mismatch(value, path);
}

function list(value: Json | undefined, path: string): Json[] {
  if (Array.isArray(value)) return value;
  throw mismatch(value, path);
}

function mismatch(value: Json | undefined, path: string): Unreadable {
  const actual = Array.isArray(value) ? 'array' : typeof value;
  return new Unreadable(
    `failed to call webhook: json: cannot unmarshal ${actual} into Go struct field AdmissionResponse.${path}`,
  );
}

function isAbsent(value: Json | undefined): value is null | undefined {
  return value === undefined || value === null;
}

function isRecord(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
