import { isDeepStrictEqual } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { applyAsApiServer, Unapplied } from './api-server-patch.ts';
import { type AdmissionResponse, type Json, type JsonObject, readReview, Unreadable } from './api-server-response.ts';

/** One call of a webhook, as the API server made it and as it was answered. Redirects and retries are not followed. */
export interface Call {
  readonly phase: 'mutating' | 'validating';
  /** The review's `request`, parsed. It is not changed. */
  readonly request: unknown;
  readonly failurePolicy: 'Fail' | 'Ignore';
  readonly httpStatus: number;
  /** Names in lower case. */
  readonly headers?: { readonly [name: string]: string | string[] | undefined };
  readonly body: string | Uint8Array;
}

/** What the API server makes of an answer. */
export type Verdict =
  | (Accepted & { readonly kind: 'allowed' })
  | (Accepted & { readonly kind: 'patched'; readonly patch: readonly Operation[] })
  /** The webhook said no: that stands, whatever the failurePolicy. `message` is without the webhook's name. */
  | (Remarks & { readonly kind: 'rejected'; readonly message: string; readonly code: number; readonly reason: string })
  /** Nobody decided: the failurePolicy does. */
  | { readonly kind: 'call-failure'; readonly message: string; readonly continues: boolean }
  /** Allowed, and the patch leads nowhere: the user gets an error even under Ignore. */
  | { readonly kind: 'internal-error'; readonly message: string; readonly code: 400 | 500 };

interface Accepted extends Remarks {
  /** As the next in the chain gets it; null where there is none. */
  readonly object: Json;
}

interface Remarks {
  readonly warnings: readonly string[];
  readonly auditAnnotations: { readonly [key: string]: string };
  /** What is lost or mended without a word to anybody: a good answer has none of it. */
  readonly silently: readonly string[];
}

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly value?: Json;
  readonly from?: string;
}

/**
 * The verdict of a 1.36 API server on the answer of a webhook, after protocol.md §1.3 (its source) and §1.4 (measured),
 * in its own words where those are known. Written without a line of what it judges.
 */
export function apiServerVerdict(call: Call): Verdict {
  try {
    return verdictOn(responseOf(call), call);
  } catch (error) {
    if (error instanceof Unreadable) {
      return { kind: 'call-failure', message: error.message, continues: call.failurePolicy === 'Ignore' };
    }
    if (error instanceof Unapplied) return { kind: 'internal-error', message: error.message, code: error.code };
    throw error;
  }
}

function responseOf({ phase, request, httpStatus, headers = {}, body }: Call): AdmissionResponse {
  checkMediaType(headers['content-type']);
  const bytes = headers['content-encoding'] === 'gzip' ? unzipped(body) : Buffer.from(body);
  if (httpStatus < 200 || httpStatus > 206) throw new Unreadable(`failed to call webhook: ${errorText(bytes)}`);
  if (bytes.length === 0) throw new Unreadable('failed to call webhook: 0-length response');
  const { apiVersion, kind, response } = readReview(bytes.toString('utf8'));
  if (response === undefined) throw new Unreadable('webhook response was absent');
  const { uid } = request as { uid: string };
  if (response.uid !== uid) throw new Unreadable(`expected response.uid="${uid}", got "${response.uid}"`);
  if (apiVersion !== 'admission.k8s.io/v1' || kind !== 'AdmissionReview') {
    throw new Unreadable(
      `expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got ${apiVersion}, ${kind}`,
    );
  }
  checkPatchMembers(phase, response);
  return response;
}

/** Any type will do, so long as it is one: Go's mime.ParseMediaType. */
function checkMediaType(given: string | string[] | undefined): void {
  const token = "[-\\w!#$%&'*+.^`|~]+";
  const parameter = `\\s*;\\s*${token}=(?:${token}|"(?:[^"\\\\]|\\\\.)*")`;
  if (given === undefined || given === '') return;
  if (new RegExp(`^\\s*${token}(/${token})?(${parameter})*\\s*;?\\s*$`).test(String(given))) return;
  throw new Unreadable('failed to call webhook: Internal error occurred: mime: invalid media parameter');
}

function unzipped(body: Call['body']): Buffer {
  try {
    return gunzipSync(body);
  } catch {
    throw new Unreadable('failed to call webhook: gzip: invalid header');
  }
}

/** A v1 Status is shown by its message, other texts are not trusted to be one. */
function errorText(body: Buffer): string {
  try {
    const status = JSON.parse(body.toString('utf8')) as { kind?: unknown; apiVersion?: unknown; message?: unknown };
    if (status.kind === 'Status' && status.apiVersion === 'v1') return String(status.message);
  } catch {}
  return 'an error on the server has prevented the request from succeeding';
}

function checkPatchMembers(phase: Call['phase'], { patch, patchType }: AdmissionResponse): void {
  if (phase === 'validating') {
    if (patch !== '') throw new Unreadable('validating webhook may not return response.patch');
    if (patchType !== undefined) throw new Unreadable('validating webhook may not return response.patchType');
    return;
  }
  if (patch !== '' && patchType === undefined) {
    throw new Unreadable('webhook returned response.patch but not response.patchType');
  }
  if (patch === '' && patchType !== undefined) {
    throw new Unreadable('webhook returned response.patchType but not response.patch');
  }
}

function verdictOn(response: AdmissionResponse, { request }: Call): Verdict {
  const remarks = remarksOf(response);
  if (!response.allowed) return rejection(response, remarks);
  const { object } = request as { object: Json };
  if (response.patch === '') return { kind: 'allowed', object, ...remarks };
  const patch = operationsOf(response);
  if (patch.length === 0) return { kind: 'allowed', object, ...remarks };
  const applied = applyAsApiServer(object, patch, request as JsonObject);
  if (isDeepStrictEqual(applied.object, object)) applied.silently.push('the patch changes nothing');
  const silently = [...remarks.silently, ...applied.silently];
  return { kind: 'patched', object: applied.object, patch, ...remarks, silently };
}

/** kubectl prints a text that the denial lacks itself. */
function rejection({ status }: AdmissionResponse, remarks: Remarks): Verdict {
  const said = status.message || status.reason;
  const message = said === '' ? 'denied the request without explanation' : `denied the request: ${said}`;
  return { kind: 'rejected', message, code: Math.max(status.code, 400), reason: status.reason, ...remarks };
}

function operationsOf({ patch, patchType }: AdmissionResponse): readonly Operation[] {
  const undecodable = (why: string) => new Unreadable(`received undecodable patch in webhook response: ${why}`);
  let operations: unknown;
  try {
    operations = JSON.parse(patch);
  } catch {
    throw undecodable('it is not JSON');
  }
  if (!Array.isArray(operations)) throw undecodable('it is not an array');
  if (!operations.every((each) => typeof each === 'object' && each !== null && !Array.isArray(each))) {
    throw undecodable('an operation is not an object');
  }
  if (operations.length > 0 && patchType !== 'JSONPatch') throw new Unreadable('unsupported patch type');
  return operations as readonly Operation[];
}

const CONTROL_CHARACTER = /\p{Cc}/u;
/** Beyond this the API server cuts all to 256, and drops what then is too much still. */
const MAX_WARNINGS_IN_TOTAL = 4096;
/** The name after the webhook's in a qualified name. */
const ANNOTATION_KEY = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

function remarksOf({ warnings, auditAnnotations }: AdmissionResponse): Remarks {
  const silently: string[] = [];
  for (const [i, warning] of warnings.entries()) {
    if (warning === '') silently.push(`warning ${i} is empty`);
    if (CONTROL_CHARACTER.test(warning)) silently.push(`warning ${i} holds a control character`);
    if (warnings.indexOf(warning) !== i) silently.push(`warning ${i} has been said before`);
  }
  const total = warnings.reduce((sum, warning) => sum + [...warning].length, 0);
  if (total > MAX_WARNINGS_IN_TOTAL) silently.push(`the warnings are ${total} characters long together`);
  for (const key of Object.keys(auditAnnotations)) {
    if (!ANNOTATION_KEY.test(key)) silently.push(`the audit annotation ${JSON.stringify(key)} is no qualified name`);
  }
  return { warnings, auditAnnotations, silently };
}
