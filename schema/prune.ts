import { type Path, textOf } from './sink.ts';
import type { StructuralSchema } from './structural-schema.ts';
import { isObject, type JsonObject, withMembers } from './values.ts';

/** A value without what its schema does not know. */
export interface Pruned {
  /** The value itself where nothing had to go. */
  readonly value: unknown;
  /** The paths of what went, each the uppermost: `spec.gitrepo`. Of the first hundred: nobody reads more. */
  readonly unknown: readonly string[];
}

/** How to prune. */
export interface PruneOptions {
  /** The value is a whole object: its apiVersion, kind and metadata stay, whatever the schema says of them. */
  readonly isRoot?: boolean;
}

/**
 * Takes away the members that the schema does not know, as the API server does where the CRD does not preserve them
 * (apiextensions-apiserver, schema/pruning). The value itself is not changed.
 */
export function prune(schema: StructuralSchema, value: unknown, { isRoot = false }: PruneOptions = {}): Pruned {
  const unknown: string[] = [];
  const at: Path = { parent: undefined, step: '' };
  const report: Report = (path) => {
    if (unknown.length < MOST_UNKNOWN) unknown.push(textOf(path));
  };
  const root = isRoot ? { ...schema, 'x-kubernetes-embedded-resource': true } : schema;
  return { value: pruned(root, value, at, report), unknown };
}

const MOST_UNKNOWN = 100;

type Report = (path: Path) => void;

/** No schema: nothing below is known. */
function pruned(schema: StructuralSchema | undefined, value: unknown, at: Path, report: Report): unknown {
  if (Array.isArray(value)) return prunedList(schema, value, at, report);
  return isObject(value) ? prunedObject(schema ?? {}, value, at, report) : value;
}

function prunedList(schema: StructuralSchema | undefined, list: readonly unknown[], at: Path, report: Report): unknown {
  // Of the elements of a preserved list without a schema nothing goes either.
  const items = schema?.items ?? (preserves(schema) ? PRESERVED : undefined);
  const below = preserves(schema) ? { ...items, [PRESERVE]: true } : items;
  const kept = list.map((element, index) => pruned(below, element, { parent: at, step: index }, report));
  return kept.every((element, index) => element === list[index]) ? list : kept;
}

function prunedObject(schema: StructuralSchema, value: JsonObject, at: Path, report: Report): unknown {
  const { properties = {}, additionalProperties } = schema;
  const isEmbedded = schema['x-kubernetes-embedded-resource'] === true;
  return withMembers(value, (name, member) => {
    const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
    const isKnown = known !== undefined || additionalProperties !== undefined;
    if ((isEmbedded && META.has(name)) || (!isKnown && preserves(schema))) return member;
    const path = { parent: at, step: name };
    if (!isKnown) return report(path);
    const of = known ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
    return pruned(of, member, path, report);
  });
}

const META = new Set(['apiVersion', 'kind', 'metadata']);
const PRESERVE = 'x-kubernetes-preserve-unknown-fields';
const PRESERVED: StructuralSchema = { [PRESERVE]: true };

function preserves(schema: StructuralSchema | undefined): boolean {
  return schema?.[PRESERVE] === true;
}
