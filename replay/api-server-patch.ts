import jsonPatch, { type Operation } from 'fast-json-patch';
import { rawNumber } from '../schema/exact-json.ts';
import type { Json, JsonObject } from './api-server-response.ts';

/** The patch leads nowhere; the user gets this code, whatever the failurePolicy. The message is the API server's. */
export class Unapplied extends Error {
  readonly code: 400 | 500;
  constructor(message: string, code: 400 | 500 = 500) {
    super(message);
    this.code = code;
  }
}

/**
 * Applies a patch as the API server does (evanphx/json-patch 4, protocol.md §1.3) and decodes what comes of it. Gives a
 * copy, and what was mended silently. Throws Unapplied.
 */
export function applyAsApiServer(
  object: Json,
  patch: readonly { readonly op: string; readonly path: string }[],
  request: JsonObject,
): { object: Json; silently: string[] } {
  if (object === null || object === undefined) {
    throw new Unapplied('attempted to modify the object, which is not supported for this operation');
  }
  const silently: string[] = [];
  let document = bare(object);
  for (const given of patch) {
    const operation = bare(given as unknown as Json) as unknown as Operation;
    if (!OPERATIONS.includes(operation.op)) throw new Unapplied(`Unexpected kind: ${operation.op}`);
    if (isReplaceOfMissing(document, operation)) {
      silently.push(`replace of the missing ${operation.path}`);
      (operation as { op: string }).op = 'add';
    }
    try {
      // The last argument lets a ConfigMap have a key named __proto__.
      document = jsonPatch.applyOperation(document, operation, true, true, false).newDocument;
    } catch (error) {
      throw new Unapplied(`${operation.op} operation does not apply: ${operation.path}: ${(error as Error).name}`);
    }
  }
  const patched = ordinary(document);
  checkDecodes(object as JsonObject, patched, request);
  return { object: patched, silently };
}

const OPERATIONS = ['add', 'remove', 'replace', 'move', 'copy', 'test'];

/** A copy whose objects inherit nothing, so that no key has a meaning of its own in them. Numbers keep their digits. */
function bare(value: Json): Json {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== 'object' || value === null || rawNumber(value) !== undefined) return value;
  const copy = Object.create(null) as JsonObject;
  for (const [key, member] of Object.entries(value)) copy[key] = bare(member);
  return copy;
}

/** The copy back: objects like any others. */
function ordinary(value: Json): Json {
  if (Array.isArray(value)) return value.map(ordinary);
  if (typeof value !== 'object' || value === null || rawNumber(value) !== undefined) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, ordinary(member)]));
}

/** Of an object's member: lists are held to RFC 6902. */
function isReplaceOfMissing(document: Json, { op, path }: Operation): boolean {
  if (op !== 'replace' || typeof path !== 'string') return false;
  const steps = path
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = steps.pop();
  let parent: Json | undefined = document;
  for (const step of steps) {
    if (typeof parent !== 'object' || parent === null) return false;
    parent = (parent as JsonObject)[step];
  }
  return isRecord(parent) && last !== undefined && !(last in parent);
}

/** What every kind has: anything more needs its schema. */
function checkDecodes(before: JsonObject, after: Json, request: JsonObject): void {
  if (!isRecord(after)) throw new Unapplied('json: cannot unmarshal into Go value of an object');
  for (const member of ['apiVersion', 'kind']) {
    if (after[member] !== before[member]) throw new Unapplied(`${member} was changed`);
  }
  const { metadata = null } = after;
  if (metadata === null && (before.metadata ?? null) === null) return;
  if (!isRecord(metadata)) throw mismatch(metadata, 'metadata');
  for (const member of ['labels', 'annotations']) {
    const map = metadata[member] ?? null;
    if (map === null) continue;
    if (!isRecord(map)) throw mismatch(map, `metadata.${member} of type map[string]string`);
    for (const value of Object.values(map)) {
      if (typeof value !== 'string') throw mismatch(value, `metadata.${member} of type string`);
    }
  }
  const namespace = (metadata.namespace ?? '') as string;
  const old = isRecord(before.metadata) ? (before.metadata.namespace ?? '') : '';
  if (namespace !== old && namespace !== request.namespace) {
    throw new Unapplied('the namespace of the provided object does not match the namespace sent on the request', 400);
  }
}

function mismatch(value: Json, what: string): Unapplied {
  const actual = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  return new Unapplied(`json: cannot unmarshal ${actual} into Go struct field ObjectMeta.${what}`);
}

function isRecord(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
