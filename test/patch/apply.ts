import fastJsonPatch, { type Operation } from 'fast-json-patch';
import { applyPatch as applyRfc6902 } from 'rfc6902';
import type { PatchOperation } from '../../webhook/patch.ts';
import { put } from './objects.ts';

/** How often each implementation had its say: a check that hardly ever runs proves nothing. */
export const asked = { rfc6902: 0, 'fast-json-patch': 0, ours: 0 };

/**
 * Applies the patch, as it goes over the wire, to the base, under three implementations; says which of them does not
 * come to the expected object, or undefined. Patches with the words `__proto__`, `constructor` and `prototype` are
 * left to ours: fast-json-patch 3.1.1 cannot make a member `__proto__` and forbids `move` to heed the flag that
 * allows it; rfc6902 5.4.0 finds nothing under either, and takes `/constructor/prototype` for another path.
 */
export function disagreement(
  base: unknown,
  operations: readonly PatchOperation[],
  expected: unknown,
): string | undefined {
  const wire = JSON.stringify(operations);
  const goal = canonical(copy(expected));
  for (const [name, apply] of Object.entries(IMPLEMENTATIONS)) {
    if (name !== 'ours' && /__proto__|constructor|prototype/.test(wire)) continue;
    asked[name as keyof typeof asked]++;
    try {
      const result = canonical(apply(copy(base), JSON.parse(wire)));
      if (result !== goal) return `${name} comes to ${result} instead of ${goal}`;
    } catch (error) {
      return `${name} refuses: ${error}`;
    }
  }
  return undefined;
}

const IMPLEMENTATIONS = {
  ours: applyOurs,
  'fast-json-patch': (document: unknown, operations: Operation[]) =>
    fastJsonPatch.applyPatch(document, operations, true, true, false).newDocument,
  rfc6902: (document: unknown, operations: Operation[]) => {
    const errors = applyRfc6902(document, operations as Parameters<typeof applyRfc6902>[1]);
    if (errors.some((error) => error !== null)) throw errors.find((error) => error !== null);
    return document;
  },
};

/** A JSON value's text with its members in one order, so that equal values have equal texts. */
export function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`;
}

/** RFC 6902 for the four operations that Portcullis sends, refusing whatever has no place. */
export function applyOurs(document: unknown, operations: readonly PatchOperation[]): unknown {
  const root = { '': document };
  for (const operation of operations) {
    if (operation.op === 'add') add(root, operation.path, operation.value);
    else if (operation.op === 'remove') remove(root, operation.path);
    else if (operation.op === 'move') add(root, operation.path, remove(root, operation.from));
    else {
      remove(root, operation.path);
      add(root, operation.path, operation.value);
    }
  }
  return root[''];
}

function add(root: unknown, path: string, value: unknown): void {
  const [parent, key] = located(root, path);
  if (!Array.isArray(parent)) put(parent as { [key: string]: unknown }, key, value);
  else parent.splice(index(key, parent.length), 0, value);
}

function remove(root: unknown, path: string): unknown {
  const [parent, key] = located(root, path);
  if (Array.isArray(parent)) return parent.splice(index(key, parent.length - 1), 1)[0];
  if (!Object.hasOwn(parent, key)) throw new Error(`nothing at ${path}`);
  const value = (parent as { [key: string]: unknown })[key];
  delete (parent as { [key: string]: unknown })[key];
  return value;
}

function located(root: unknown, path: string): [object, string] {
  const steps = path.split('/').map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const key = steps.pop() ?? '';
  let parent = root;
  for (const step of steps) {
    if (typeof parent !== 'object' || parent === null || !Object.hasOwn(parent, step)) throw new Error(`no ${path}`);
    parent = (parent as { [key: string]: unknown })[step];
  }
  if (typeof parent !== 'object' || parent === null) throw new Error(`no ${path}`);
  return [parent, key];
}

function index(key: string, last: number): number {
  if (!/^(0|[1-9]\d*)$/.test(key) || Number(key) > last) throw new Error(`no element ${key} of ${last + 1}`);
  return Number(key);
}

function copy(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
