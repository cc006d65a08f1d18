import { compileSchema } from './compile-schema.ts';
import { withDefaults } from './defaults.ts';
import type { StructuralSchema } from './structural-schema.ts';

/**
 * The defaults of a schema that it would not take itself (apiextensions-apiserver, schema/defaulting/validation.go): whoever
 * left the field out would be refused for what nobody wrote. A line for each, which begins with its path below `path`.
 * The schema is one that compiles.
 */
export function defaultFaults(schema: StructuralSchema, path: string): string[] {
  const { default: value, items, properties = {}, additionalProperties } = schema;
  return [
    ...(value === undefined ? [] : faultsOf(value, schema, `${path}.default`)),
    ...(items === undefined ? [] : defaultFaults(items, `${path}.items`)),
    ...Object.entries(properties).flatMap(([name, member]) => defaultFaults(member, `${path}.properties.${name}`)),
    ...(typeof additionalProperties === 'object'
      ? defaultFaults(additionalProperties, `${path}.additionalProperties`)
      : []),
  ];
}

function faultsOf(value: unknown, schema: StructuralSchema, path: string): string[] {
  // What is missing in a default is filled in like anything else.
  const errors = compileSchema(schema)(withDefaults(schema, value), 'default');
  return errors.map(({ field, message }) => `${path}${field.slice('default'.length)}: ${message}`);
}
