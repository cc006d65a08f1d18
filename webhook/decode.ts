import { isUtf8 } from 'node:buffer';
import { excess } from './nesting.ts';
import type { Operation, Request } from './rule.ts';

/** A JSON object whose members nobody has looked at yet. */
export type JsonObject = { [member: string]: unknown };

/** Tells an object of JSON from its lists, from null and from plain values. */
export function isRecord(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One AdmissionReview v1, its envelope checked, its objects as they came. */
export interface Review {
  readonly uid: string;
  readonly operation: Operation;
  /** Of the object, as sent: after `matchPolicy: Equivalent` it is the kind that the webhook asked for. */
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string };
  /** Of the parent, where there is a subresource. */
  readonly resource: { readonly group: string; readonly version: string; readonly resource: string };
  /** `''` where there is none. */
  readonly subResource: string;
  readonly name: string | undefined;
  readonly namespace: string | undefined;
  readonly dryRun: boolean;
  readonly userInfo: Request['userInfo'];
  /** What the rules decide about: the object, the options of a CONNECT, or on DELETE the object about to go. */
  readonly object: JsonObject;
  /** On UPDATE and DELETE alone. */
  readonly oldObject: JsonObject | undefined;
}

/** The body is not an AdmissionReview v1 that an API server would send; the message says what and where. */
export class MalformedReview extends Error {}

/**
 * Reads one AdmissionReview v1 (protocol.md §1.1). Data keys such as `__proto__` arrive as ordinary members.
 * Throws MalformedReview; its text never repeats a value from the body.
 */
export function decode(body: Uint8Array): Review {
  const envelope = record(parsed(body), 'the body');
  checkVersion(envelope);
  const request = record(envelope.request, 'request');
  const operation = operationOf(request);
  const namespace = optionalText(request.namespace, 'request.namespace');
  const { object, oldObject } = objectsOf(request, operation);
  const kind = record(request.kind, 'request.kind');
  if (operation === 'CREATE' && kind.kind !== 'Namespace') nameNamespace(object, namespace);
  const resource = record(request.resource, 'request.resource');
  return {
    uid: uidOf(request),
    operation,
    kind: {
      group: text(kind.group, 'request.kind.group'),
      version: text(kind.version, 'request.kind.version'),
      kind: text(kind.kind, 'request.kind.kind'),
    },
    resource: {
      group: text(resource.group, 'request.resource.group'),
      version: text(resource.version, 'request.resource.version'),
      resource: text(resource.resource, 'request.resource.resource'),
    },
    subResource: optionalText(request.subResource, 'request.subResource') ?? '',
    name: optionalText(request.name, 'request.name'),
    namespace,
    dryRun: dryRunOf(request),
    userInfo: userInfoOf(request),
    object,
    oldObject,
  };
}

function parsed(body: Uint8Array): unknown {
  if (body.length === 0) throw new MalformedReview('the body is empty; an AdmissionReview is expected');
  if (!isUtf8(body)) throw new MalformedReview('the body is not UTF-8');
  const tooMuch = excess(body);
  if (tooMuch !== undefined) throw new MalformedReview(`the body is more than an API server sends: ${tooMuch}`);
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
  } catch (error) {
    // V8's own message quotes the text around the fault, and that may be a Secret's.
    const at = / at position (\d+)/.exec(error instanceof Error ? error.message : '');
    throw new MalformedReview(`the body is not JSON${at === null ? '' : `: fault at character ${at[1]}`}`);
  }
}

function checkVersion({ kind, apiVersion }: JsonObject): void {
  if (kind !== 'AdmissionReview') throw new MalformedReview('kind must be "AdmissionReview"');
  if (apiVersion === 'admission.k8s.io/v1') return;
  const beta = apiVersion === 'admission.k8s.io/v1beta1' ? '; v1beta1 is not served' : '';
  throw new MalformedReview(`apiVersion must be "admission.k8s.io/v1"${beta}`);
}

function uidOf({ uid }: JsonObject): string {
  if (typeof uid === 'string' && uid !== '') return uid;
  throw new MalformedReview('request.uid must be a non-empty string');
}

function operationOf({ operation }: JsonObject): Operation {
  if (operation === 'CREATE' || operation === 'UPDATE' || operation === 'DELETE' || operation === 'CONNECT') {
    return operation;
  }
  throw new MalformedReview('request.operation must be CREATE, UPDATE, DELETE or CONNECT');
}

function objectsOf(request: JsonObject, operation: Operation): Pick<Review, 'object' | 'oldObject'> {
  switch (operation) {
    case 'CONNECT': // options, such as PodExecOptions, have no metadata
      return { object: record(request.object, 'request.object'), oldObject: undefined };
    case 'CREATE':
      return { object: withMetadata(request.object, 'request.object'), oldObject: undefined };
    case 'UPDATE':
      return {
        object: withMetadata(request.object, 'request.object'),
        oldObject: withMetadata(request.oldObject, 'request.oldObject'),
      };
    case 'DELETE': {
      const oldObject = withMetadata(request.oldObject, 'request.oldObject');
      return { object: oldObject, oldObject };
    }
  }
}

/**
 * API servers before 1.24 leave the namespace out of an object that is created without one, as controllers do
 * (protocol.md §1.1), and a rule that asks for it must not be told that there is none. The request of a Namespace names
 * itself. No patch ever mentions it: it is there before and after.
 */
function nameNamespace({ metadata }: JsonObject, namespace: string | undefined): void {
  const named = metadata as JsonObject;
  if (namespace !== undefined && (named.namespace ?? '') === '') named.namespace = namespace;
}

function withMetadata(value: unknown, where: string): JsonObject {
  const object = record(value, where);
  record(object.metadata, `${where}.metadata`);
  return object;
}

function dryRunOf({ dryRun }: JsonObject): boolean {
  if (dryRun === undefined || dryRun === null) return false;
  if (typeof dryRun === 'boolean') return dryRun;
  throw new MalformedReview('request.dryRun must be a boolean');
}

function userInfoOf(request: JsonObject): Request['userInfo'] {
  if (request.userInfo === undefined || request.userInfo === null) return {};
  const given = record(request.userInfo, 'request.userInfo');
  const username = optionalText(given.username, 'request.userInfo.username');
  const { groups } = given;
  if (groups !== undefined && groups !== null && !isTexts(groups)) {
    throw new MalformedReview('request.userInfo.groups must be a list of strings');
  }
  return { ...(username === undefined ? {} : { username }), ...(groups ? { groups } : {}) };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((element) => typeof element === 'string');
}

function record(value: unknown, where: string): JsonObject {
  if (isRecord(value)) return value;
  throw new MalformedReview(`${where} must be an object`);
}

function text(value: unknown, where: string): string {
  if (typeof value === 'string') return value;
  throw new MalformedReview(`${where} must be a string`);
}

function optionalText(value: unknown, where: string): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  return text(value, where);
}
