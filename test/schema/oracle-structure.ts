import type { StructuralSchema } from '../../schema/structural-schema.ts';
import { memberSchema } from './oracle-walk.ts';

/**
 * A value with its schema's defaults, as defaulting/prunenulls.go and defaulting/algorithm.go of apiextensions-apiserver
 * leave it: null where it may not be goes, or becomes the default; then what is missing gets its default.
 */
export function oracleDefaults(schema: StructuralSchema, value: unknown): unknown {
  return filled(schema, withoutNulls(schema, value));
}

function withoutNulls(schema: StructuralSchema | undefined, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((element) => withoutNulls(schema?.items, element));
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).filter(([name, member]) => {
    const known = memberSchema(schema, name);
    return member !== null || known === undefined || known.nullable || defaultOf(known) !== undefined;
  });
  return Object.fromEntries(kept.map(([name, member]) => [name, withoutNulls(memberSchema(schema, name), member)]));
}

function filled(schema: StructuralSchema | undefined, value: unknown): unknown {
  if (schema === undefined || value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((element) => filled(schema.items, replaced(schema.items, element)));
  const members = new Map(Object.entries(value));
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (!members.has(name) && defaultOf(property) !== undefined) members.set(name, defaultOf(property));
  }
  return Object.fromEntries(
    [...members].map(([name, member]) => {
      const known = memberSchema(schema, name);
      return [name, filled(known, replaced(known, member))];
    }),
  );
}

function replaced(schema: StructuralSchema | undefined, value: unknown): unknown {
  if (value !== null || schema === undefined || schema.nullable) return value;
  return defaultOf(schema) ?? null;
}

/** A default of null is none (Default.Object == nil). */
function defaultOf(schema: StructuralSchema): unknown {
  return schema.default ?? undefined;
}

/** A pruned value, and the paths of what was dropped, sorted. */
export interface Pruned {
  readonly value: unknown;
  readonly unknown: readonly string[];
}

const META = ['apiVersion', 'kind', 'metadata'];

/** pruning/algorithm.go: what the structure does not know is dropped, below preserved fields only what stands in known ones. */
export function oraclePrune(schema: StructuralSchema, value: unknown): Pruned {
  const unknown: string[] = [];
  return { value: pruned(schema, value, '', unknown), unknown: unknown.sort() };
}

function pruned(schema: StructuralSchema | undefined, value: unknown, path: string, unknown: string[]): unknown {
  if (schema?.['x-kubernetes-preserve-unknown-fields']) return preserved(schema, value, path, unknown);
  if (Array.isArray(value)) {
    return value.map((element, index) => pruned(schema?.items, element, `${path}[${index}]`, unknown));
  }
  if (value === null || typeof value !== 'object') return value;
  const kept: [string, unknown][] = [];
  for (const [name, member] of Object.entries(value)) {
    const below = path === '' ? name : `${path}.${name}`;
    if (schema?.['x-kubernetes-embedded-resource'] && META.includes(name)) kept.push([name, member]);
    else if (Object.hasOwn(schema?.properties ?? {}, name) || schema?.additionalProperties)
      kept.push([name, pruned(memberSchema(schema, name), member, below, unknown)]);
    // At the very top, what every object has is dropped without a word; but where no schema is, it is named like the rest.
    else if (schema === undefined || path !== '' || !META.includes(name)) unknown.push(below);
  }
  return Object.fromEntries(kept);
}

function preserved(schema: StructuralSchema | undefined, value: unknown, path: string, unknown: string[]): unknown {
  if (schema === undefined || value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    return value.map((element, index) => preserved(schema.items, element, `${path}[${index}]`, unknown));
  }
  const members = Object.entries(value).map(([name, member]) => {
    const below = path === '' ? name : `${path}.${name}`;
    if (schema['x-kubernetes-embedded-resource'] && META.includes(name)) return [name, member];
    const isKnown = Object.hasOwn(schema.properties ?? {}, name) || schema.additionalProperties;
    return [name, isKnown ? pruned(memberSchema(schema, name), member, below, unknown) : member];
  });
  return Object.fromEntries(members);
}
