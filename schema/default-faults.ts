import { embeddedResourceCheck } from './embedded-resource.ts';
import { prune } from './prune.ts';
import { schemaNode } from './schema-node.ts';
import type { Path, Sink } from './sink.ts';
import type { StructuralSchema } from './structural-schema.ts';
import { walk } from './walk.ts';

/**
 * The defaults of a schema, in which `schemaFaults` has found none, that break what it says of them, so that no API
 * server takes it (apiextensions-apiserver, schema/defaulting/validation.go): a line for each error, which begins with
 * the place below `path`. Below additionalProperties it does not look, and by what a default's own members have for
 * defaults it does not mend it.
 */
export function defaultFaults(schema: StructuralSchema, path: string): string[] {
  const { items, properties = {} } = schema;
  return [
    ...(schema.default === undefined || schema.default === null ? [] : faultsOf(schema, path)),
    ...(items === undefined ? [] : defaultFaults(items, `${path}.items`)),
    ...Object.entries(properties).flatMap(([name, of]) => defaultFaults(of, `${path}.properties.${name}`)),
  ];
}

const MOST_FAULTS = 20;
const AT: Path = { parent: undefined, step: 'default' };

function faultsOf(schema: StructuralSchema, path: string): string[] {
  const sink: Sink = { errors: [], most: MOST_FAULTS };
  walk(schemaNode(schema), schema.default, AT, undefined, sink);
  embeddedResourceCheck(schema)?.(schema.default, AT, undefined, sink);
  const { unknown } = prune(schema, schema.default);
  const faults = sink.errors.map((write) => {
    const { field, message } = write();
    return `${path}.${field === '<nil>' ? 'default' : field}: ${message}`;
  });
  return [...faults, ...unknown.map((field) => `${path}.default.${field}: must be a known field`)];
}
