import { isDeepStrictEqual } from 'node:util';
import { invalid, required, tooMany } from '../webhook/field-errors.ts';
import type { SchemaNode } from './schema-node.ts';
import { addInBody, fieldOf, type Path, type Sink, textOf } from './sink.ts';
import { asMember, heldAs, isObject, type JsonObject, keysOf } from './values.ts';
import { walkCombinations } from './walk-combinations.ts';
import { walkNumber } from './walk-number.ts';
import { walkEnum, walkText, walkType } from './walk-scalars.ts';

/**
 * Finds what the API server's OpenAPI validation finds wrong with the value, in its words (kube-openapi,
 * validation/validate, as of Kubernetes 1.36). `old` is what stood there before, undefined if nothing did: what has
 * not changed is not reported. Returns how many checks were passed (kube-openapi's MatchCount), by which the API
 * server chooses the branch of an `anyOf` whose errors it reports.
 */
export function walk(node: SchemaNode, value: unknown, path: Path, old: unknown, sink: Sink): number {
  const before = sink.errors.length;
  const matches = value === null ? walkNull(node, path, sink) : walkValue(node, value, path, old, sink);
  if (sink.errors.length > before && old !== undefined && isDeepStrictEqual(value, old)) sink.errors.length = before;
  return matches;
}

/** Of null, the API server checks the type and the enum alone. */
function walkNull(node: SchemaNode, path: Path, sink: Sink): number {
  const matches = walkType(node, null, path, sink);
  walkEnum(node, null, path, sink);
  return matches;
}

/** Every check that applies counts as a match, and so does the value itself. */
function walkValue(node: SchemaNode, value: unknown, path: Path, old: unknown, sink: Sink): number {
  let matches = 4;
  if (node.types.length > 0 || node.format !== undefined) matches += 1 + walkType(node, value, path, sink);
  matches += walkCombinations(node, value, path, sink, walk);
  switch (heldAs(value)) {
    case 'boolean':
      matches -= 1;
      break;
    case 'string':
      walkText(node, value as string, path, sink);
      if (node.isOfFormat !== undefined) matches += 1;
      break;
    case 'int64':
    case 'float64':
      walkNumber(node, value, path, sink);
      matches += 1;
      break;
    case 'array':
      matches += 1 + walkList(node, value as readonly unknown[], path, old, sink);
      break;
    case 'object':
      matches += walkObject(node, value as JsonObject, path, old, sink);
  }
  walkEnum(node, value, path, sink);
  return matches;
}

function walkList(node: SchemaNode, list: readonly unknown[], path: Path, old: unknown, sink: Sink): number {
  const { items, limits } = node;
  const { minItems, maxItems } = limits;
  let matches = 0;
  if (items !== undefined) {
    const before = oldElements(node, old);
    for (let at = 0; at < list.length && sink.errors.length < sink.most; at++) {
      matches += walk(items, list[at], { parent: path, step: at }, before(list[at], at), sink);
    }
  }
  if (minItems !== undefined && list.length < minItems) {
    addInBody(
      sink,
      path,
      () => list.length,
      () => `have at least ${minItems} items`,
    );
  }
  if (maxItems !== undefined && list.length > maxItems) {
    sink.errors.push(() => tooMany(fieldOf(path), list.length, maxItems));
  }
  return matches;
}

/** Which element stood there before: the one with the same keys in a list of type map, else the one at its place. */
function oldElements({ keys }: SchemaNode, old: unknown): (element: unknown, index: number) => unknown {
  if (!Array.isArray(old)) return () => undefined;
  if (keys.length === 0) return (_, index) => old[index];
  const [key = '', ...others] = keys;
  const idOf = (element: unknown) => {
    return others.length === 0 ? asMember(element, key) : JSON.stringify(keysOf(element, keys));
  };
  const byKey = new Map(old.map((element) => [idOf(element), element]));
  return (element) => byKey.get(idOf(element));
}

function walkObject(node: SchemaNode, value: JsonObject, path: Path, old: unknown, sink: Sink): number {
  const names = Object.keys(value);
  const { minProperties, maxProperties } = node.limits;
  if (minProperties !== undefined && names.length < minProperties) {
    addInBody(
      sink,
      path,
      () => names.length,
      () => `have at least ${minProperties} properties`,
    );
    return 0;
  }
  if (maxProperties !== undefined && names.length > maxProperties) {
    sink.errors.push(() => tooMany(fieldOf(path), names.length, maxProperties));
    return 0;
  }
  let matches = 0;
  for (const name of names) {
    if (sink.errors.length >= sink.most) break;
    const member = node.properties.get(name) ?? node.additionalProperties;
    if (node.isEmpty) {
      const below = { parent: path, step: name };
      sink.errors.push(() => invalid(fieldOf(path), name, `${textOf(below)} in body is a forbidden property`));
    } else if (member !== undefined) {
      matches += walk(member, value[name], { parent: path, step: name }, asMember(old, name), sink);
    }
  }
  for (const name of node.required) {
    if (Object.hasOwn(value, name) || (isObject(old) && !Object.hasOwn(old, name))) continue;
    sink.errors.push(() => required(fieldOf({ parent: path, step: name })));
  }
  return matches;
}
