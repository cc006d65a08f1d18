import assert from 'node:assert/strict';
import { test } from 'node:test';
import fastJsonPatch from 'fast-json-patch';
import type { JsonObject } from '../../webhook/decode.ts';
import { type Draft, draftOf } from '../../webhook/draft.ts';
import { diff, type PatchOperation } from '../../webhook/patch.ts';
import { disagreement } from './apply.ts';
import { nodesOf, placesIn } from './edits.ts';
import { anyObject, anyValue, podLike, put } from './objects.ts';
import type { Random } from './random.ts';
import { type Trial, tryOut } from './trials.ts';

test('insertions alone give one add each, in lists of any kind and in objects', (t) => {
  tryOut(t, 20_000, (random, size, count) => {
    const base = baseOf(random, size);
    const { object, origins } = draftOf(base);
    const nodes = nodesOf(object);
    const edits = Array.from({ length: count }, (_, i) => inserted(random, random.pick(nodes), i));
    return {
      base,
      edits,
      patch: () => diff(base, object, origins),
      faultOf: (operations) => others('add', operations, count) ?? disagreement(base, operations, object),
    };
  });
});

test('removals from a list alone give one remove each', (t) => {
  tryOut(t, 10_000, (random, size) => {
    const base = baseOf(random, size);
    const { object, origins } = draftOf(base);
    const places = placesIn(object).filter(({ list }) => list.length > 0);
    const place = places.length === 0 ? undefined : random.pick(places);
    const edits = place?.list.flatMap((_, i) => (random.chance(0.5) ? [`remove ${i} of ${place.key}`] : [])) ?? [];
    for (const edit of edits.toReversed()) place?.list.splice(Number(edit.split(' ')[1]), 1);
    return {
      base,
      edits,
      patch: () => diff(base, object, origins),
      faultOf: (operations) => others('remove', operations, edits.length) ?? disagreement(base, operations, object),
    };
  });
});

test('one element inserted, removed or replaced gives no more operations than comparing by position', (t) => {
  tryOut(t, 10_000, (random, size) => {
    const base = baseOf(random, size);
    const draft = draftOf(base);
    const places = placesIn(draft.object);
    const edits = places.length === 0 ? [] : [changedOnce(random, random.pick(places).list)];
    return atMostCompared(base, draft, edits);
  });
});

test('a list of plain values never gives more operations than comparing by position, however it is edited', (t) => {
  const words = ['a', 'b', 'c', 1, null, true];
  tryOut(t, 10_000, (random, size, count) => {
    const base = { list: Array.from({ length: size * 2 }, () => random.pick(words)) };
    const draft = draftOf(base);
    const edits = Array.from({ length: count }, () => {
      const [at, removed, word] = [random.below(draft.object.list.length + 1), random.below(3), random.pick(words)];
      draft.object.list.splice(at, removed, word);
      return `at ${at}, ${removed} removed, ${word} put in`;
    });
    return atMostCompared(base, draft, edits);
  });
});

test('a long list of plain values that was edited at both ends and in between sends nothing else', () => {
  const base = longList(2000);
  const { object, origins } = draftOf(base);
  object.list.unshift('first');
  object.list.splice(1000, 1, 'new', 'new');
  object.list.push('last');
  const operations = diff(base, object, origins);
  assert.equal(operations.length, 4);
  assert.equal(disagreement(base, operations, object), undefined);
});

test('a long list of plain values in another order gives a patch that is right', () => {
  const base = longList(2000);
  const { object, origins } = draftOf(base);
  object.list.sort().reverse();
  assert.equal(disagreement(base, diff(base, object, origins), object), undefined);
});

test('plain values of a huge list are not moved: to count where each stands would take a minute', () => {
  const base = longList(100_000);
  const { object, origins } = draftOf(base);
  object.list.reverse();
  const operations = diff(base, object, origins);
  assert.deepEqual(new Set(operations.map(({ op }) => op)), new Set(['remove', 'add']));
  assert.ok(operations.length < 200_000);
});

function longList(length: number): { list: string[] } {
  return { list: Array.from({ length }, (_, i) => `v${i}`) };
}

function baseOf(random: Random, size: number): JsonObject {
  return random.chance(0.5) ? podLike(random, size) : { member: {}, ...anyObject(random, size + 1) };
}

function inserted(random: Random, node: object, i: number): string {
  const value = anyValue(random, 2);
  if (Array.isArray(node)) {
    const at = random.below(node.length + 1);
    node.splice(at, 0, value);
    return `insert ${JSON.stringify(value)} at ${at}`;
  }
  put(node as JsonObject, `new ${i}`, value);
  return `set new ${i} to ${JSON.stringify(value)}`;
}

/** The new element is flat: what two nested lists have in common is another question. */
function changedOnce(random: Random, list: unknown[]): string {
  const flat = random.chance(0.5) ? anyValue(random, 0) : { name: anyValue(random, 0), a: anyValue(random, 0) };
  const at = random.below(list.length + 1);
  const removed = Math.min(random.below(2), list.length - at);
  if (removed === 1 && random.chance(0.3)) list.splice(at, 1);
  else list.splice(at, removed, flat);
  return `at ${at}, ${removed} removed, then ${JSON.stringify(flat)}`;
}

function others(op: string, operations: readonly PatchOperation[], count: number): string | undefined {
  const fine = operations.length === count && operations.every((operation) => operation.op === op);
  return fine ? undefined : `not ${count} times ${op}`;
}

function atMostCompared<T extends JsonObject>(base: T, { object, origins }: Draft<T>, edits: string[]): Trial {
  return {
    base,
    edits,
    patch: () => diff(base, object, origins),
    faultOf(operations) {
      const compared = fastJsonPatch.compare(base, object).length;
      return operations.length <= compared ? disagreement(base, operations, object) : `compare needs only ${compared}`;
    },
  };
}
