import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../webhook/decode.ts';
import { type Draft, draftOf, traced } from '../../webhook/draft.ts';
import { diff, type PatchOperation } from '../../webhook/patch.ts';
import { asked, disagreement } from './apply.ts';
import { EDITS, edit, nodesOf } from './edits.ts';
import { anyObject, podLike, put } from './objects.ts';
import type { Random } from './random.ts';
import { tryOut } from './trials.ts';

test('the patch of whatever authors do gives exactly the edited object', (t) => {
  tryOut(t, 40_000, (random, size, count) => {
    const base = baseOf(random, size);
    const text = JSON.stringify(base);
    const { object, origins } = draftOf(base);
    return {
      base,
      edits: edit(random, object, EDITS, count),
      patch: () => diff(base, object, origins),
      faultOf(operations) {
        if (JSON.stringify(base) !== text) return 'the base was modified';
        const again = JSON.stringify(diff(base, object, origins));
        if (again !== JSON.stringify(operations)) return `a second time it is ${again}`;
        return malformed(operations) ?? disagreement(base, operations, object);
      },
    };
  });
  for (const [name, times] of Object.entries(asked)) assert.ok(times > asked.ours / 2, `${name}: ${times} cases`);
});

test('rules that edit one after the other come to one patch of the original, and each to one of its own', (t) => {
  tryOut(t, 20_000, (random, size, count) => {
    const base = baseOf(random, size);
    const first = draftOf(base);
    const edits = edit(random, first.object, EDITS, count);
    const second = draftOf(first.object);
    edits.push('the next rule', ...edit(random, second.object, EDITS, count));
    const third = draftOf(second.object);
    edits.push('the next rule', ...edit(random, third.object, EDITS, count));
    const origins = traced(third.origins, traced(second.origins, first.origins));
    return {
      base,
      edits,
      patch: () => diff(base, third.object, origins),
      faultOf: (operations) =>
        malformed(operations) ??
        disagreement(base, operations, third.object) ??
        ownFault(first.object, second) ??
        ownFault(second.object, third),
    };
  });
});

test('elements that stay in their list, wherever they go in it, are never sent back', (t) => {
  const keeping = EDITS.filter(({ keepsElements }) => keepsElements);
  tryOut(t, 20_000, (random, size, count) => {
    const base = baseOf(random, size);
    mark(base, random);
    const first = draftOf(base);
    const edits = edit(random, first.object, keeping, count);
    const second = draftOf(first.object);
    edits.push('the next rule', ...edit(random, second.object, keeping, count));
    return {
      base,
      edits,
      patch: () => diff(base, second.object, traced(second.origins, first.origins)),
      faultOf(operations) {
        const values = JSON.stringify(operations.map((operation) => ('value' in operation ? operation.value : null)));
        const sent = /marked \d+|9007199254740992/.exec(values)?.[0];
        return sent === undefined ? disagreement(base, operations, second.object) : `it sends ${sent} back`;
      },
    };
  });
});

test('a draft that nobody edited, and one whose edits were undone, give no patch', (t) => {
  tryOut(t, 20_000, (random, size, count) => {
    const base = baseOf(random, size);
    const { object, origins } = draftOf(base);
    const untouched = diff(base, object, origins);
    const undo = undoing(object);
    const edits = edit(random, object, EDITS, count);
    undo();
    return { base, edits, patch: () => [...untouched, ...diff(base, object, origins)], faultOf: anyOperation };
  });
});

test('a draft that was rebuilt from its own text, so that no element is known, gives no patch', (t) => {
  tryOut(t, 5_000, (random, size) => {
    const base = baseOf(random, size);
    return {
      base,
      edits: ['rebuild'],
      patch: () => diff(base, structuredClone(base), new Map()),
      faultOf: anyOperation,
    };
  });
});

function anyOperation(operations: readonly PatchOperation[]): string | undefined {
  return operations.length === 0 ? undefined : 'there are operations';
}

/** What is wrong with the patch of one rule's own edits, made to what the rule before it left. */
function ownFault(before: JsonObject, { object, origins }: Draft<JsonObject>): string | undefined {
  return disagreement(before, diff(before, object, origins), object);
}

function baseOf(random: Random, size: number): JsonObject {
  return random.chance(0.5) ? podLike(random, size) : anyObject(random, size + 1);
}

/** Marks whatever is in a list with a text that occurs once, and some of it with an integer that JavaScript rounds. */
function mark(base: JsonObject, random: Random): void {
  let marks = 0;
  for (const node of nodesOf(base)) {
    if (Array.isArray(node)) {
      for (const element of node) if (Array.isArray(element)) element.push({});
    }
  }
  for (const node of nodesOf(base)) {
    if (Array.isArray(node) || node === base) continue;
    put(node as JsonObject, 'mark', `marked ${marks++}`);
    if (random.chance(0.3)) put(node as JsonObject, 'generation', Number('9007199254740993'));
  }
}

/** Remembers what every list and object of the draft holds now; the function returned puts it all back. */
function undoing(draft: JsonObject): () => void {
  const memory = nodesOf(draft).map((node) => [node, Array.isArray(node) ? node.slice() : { ...node }] as const);
  return () => {
    for (const [node, was] of memory) {
      if (Array.isArray(node)) node.splice(0, node.length, ...(was as unknown[]));
      else {
        for (const key of Object.keys(node)) delete (node as JsonObject)[key];
        for (const [key, value] of Object.entries(was)) put(node as JsonObject, key, value);
      }
    }
  };
}

const MEMBERS: { readonly [op: string]: string } = {
  add: 'op,path,value',
  replace: 'op,path,value',
  remove: 'op,path',
  move: 'from,op,path',
};

/** Each operation has the members that RFC 6902 §4 gives it; each path is a pointer (RFC 6901 §3) below the root. */
function malformed(operations: readonly object[]): string | undefined {
  for (const operation of operations) {
    const { op, path, from = '/' } = operation as { op: string; path: string; from?: string };
    if (Object.keys(operation).sort().join() !== MEMBERS[op]) return `not an operation: ${JSON.stringify(operation)}`;
    if (![path, from].every((pointer) => /^(\/([^~/]|~[01])*)+$/u.test(pointer))) return `no pointer: ${path} ${from}`;
  }
  return undefined;
}
