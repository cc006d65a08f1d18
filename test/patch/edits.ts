import type { JsonObject } from '../../webhook/decode.ts';
import { anyValue, put } from './objects.ts';
import type { Random } from './random.ts';

/** What authors do to a draft. */
export interface Edit {
  readonly name: string;
  /** Whether an element that is still there afterwards is the draft's own, in the list that it came in. */
  readonly keepsElements: boolean;
  /** Does it somewhere in the draft and says where; undefined where the draft has no place for it. */
  make(random: Random, draft: JsonObject): string | undefined;
}

/** A list in a draft, and where it hangs. */
interface Place {
  readonly list: unknown[];
  readonly holder: JsonObject;
  readonly key: string;
}

/** Makes `count` edits, or fewer where the draft has no place for one, and tells what was done. */
export function edit(random: Random, draft: JsonObject, edits: readonly Edit[], count: number): string[] {
  return Array.from({ length: count }, () => random.pick(edits)).flatMap(({ name, make }) => {
    const where = make(random, draft);
    return where === undefined ? [] : [`${name} ${where}`];
  });
}

/** Every list of a draft, with its holder. Both lists and objects may hold; a list's indexes are its keys. */
export function placesIn(draft: JsonObject): Place[] {
  return nodesOf(draft).flatMap((holder) =>
    Object.entries(holder).flatMap(([key, list]) =>
      Array.isArray(list) ? [{ list, key, holder: holder as JsonObject }] : [],
    ),
  );
}

/** Every object of a draft, itself included. */
export function objectsIn(draft: JsonObject): JsonObject[] {
  return nodesOf(draft).filter((node): node is JsonObject => !Array.isArray(node));
}

/** Every object and list that can be reached, each once. */
export function nodesOf(value: unknown): object[] {
  const found = new Set<object>();
  const visit = (node: unknown): void => {
    if (!isObject(node) || found.has(node)) return;
    found.add(node);
    for (const member of Object.values(node)) visit(member);
  };
  visit(value);
  return [...found];
}

export const EDITS: readonly Edit[] = [
  kept('push', (random, { list }) => list.push(fresh(random))),
  kept('unshift', (random, { list }) => list.unshift(fresh(random), fresh(random))),
  kept('insert into', (random, { list }) => list.splice(random.below(list.length + 1), 0, fresh(random))),
  kept('remove from', (random, { list }) => list.splice(random.below(list.length), 1 + random.below(2))),
  kept('replace in', (random, { list }) => list.splice(random.below(list.length), 1, fresh(random))),
  kept('sort', (_, { list }) => list.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))),
  kept('reverse', (_, { list }) => list.reverse()),
  kept('swap two of', (random, { list }) => {
    const [i, j] = [random.below(list.length), random.below(list.length)];
    if (list.length > 0) [list[i], list[j]] = [list[j], list[i]];
  }),
  kept('move within', (random, { list }) => {
    list.splice(random.below(list.length), 0, ...list.splice(random.below(list.length), 1));
  }),
  kept('clear', (_, { list }) => list.splice(0)),
  kept('truncate', (random, { list }) => {
    list.length = random.below(list.length + 1);
  }),
  kept('filter', (random, { list, holder, key }) => {
    const left = list.filter(() => random.chance(0.6));
    if (!Array.isArray(holder)) put(holder, key, left);
  }),
  kept('prepend by a list of its own to', (random, { list, holder, key }) => {
    if (!Array.isArray(holder)) put(holder, key, [fresh(random), ...list]);
  }),
  notKept('map with spread', (_, { list, holder, key }) => {
    const copies = list.map((element) => (isObject(element) && !Array.isArray(element) ? { ...element } : element));
    put(holder, key, copies);
  }),
  notKept('clone and change', (random, { list }) => {
    const i = random.below(list.length);
    const clone = structuredClone(list[i]);
    if (isObject(clone) && !Array.isArray(clone)) put(clone as JsonObject, 'a', fresh(random));
    if (list.length > 0) list[i] = clone;
  }),
  notKept('repeat an element of', (random, { list }) => {
    if (list.length > 0) list.splice(random.below(list.length), 0, random.pick(list));
  }),
  {
    name: 'move to another list',
    keepsElements: false,
    make(random, draft) {
      const places = placesIn(draft).filter(({ list }) => list.length > 0);
      if (places.length < 2) return undefined;
      const [from, to] = [random.pick(places), random.pick(places)];
      const i = random.below(from.list.length);
      const element = from.list[i];
      if (nodesOf(element).includes(to.list)) return undefined;
      from.list.splice(i, 1);
      to.list.splice(random.below(to.list.length + 1), 0, element);
      return `${from.key} to ${to.key}`;
    },
  },
  onMember('set', (random, object) => put(object, random.pick(['name', 'a', 'x/y', '~', '', 'new']), fresh(random))),
  onMember('change a member of', (random, object, key) => put(object, key, fresh(random))),
  onMember('delete a member of', (_, object, key) => delete object[key]),
  onMember('leave undefined a member of', (random, object, key) =>
    put(object, random.chance(0.7) ? key : 'never there', undefined),
  ),
  onMember('make null a member of', (_, object, key) => put(object, key, null)),
];

function kept(name: string, change: (random: Random, place: Place) => unknown): Edit {
  return { name, keepsElements: true, make: onList(change) };
}

function notKept(name: string, change: (random: Random, place: Place) => unknown): Edit {
  return { name, keepsElements: false, make: onList(change) };
}

function onList(change: (random: Random, place: Place) => unknown): Edit['make'] {
  return (random, draft) => {
    const places = placesIn(draft);
    if (places.length === 0) return undefined;
    const place = random.pick(places);
    change(random, place);
    return place.key;
  };
}

/** The member is any of the object's; of an object that has none, one called `none`. */
function onMember(name: string, change: (random: Random, object: JsonObject, key: string) => unknown): Edit {
  return {
    name,
    keepsElements: true,
    make(random, draft) {
      const object = random.pick(objectsIn(draft));
      const key = random.pick([...Object.keys(object), 'none']);
      change(random, object, key);
      return JSON.stringify(key);
    },
  };
}

function fresh(random: Random): unknown {
  return anyValue(random, 2);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
