import { metaTypeFaults, propertyOf } from './structure-faults.ts';
import { asMember, isObject } from './values.ts';

/**
 * What must not stand in the schema of whole objects, a CRD's root (apiextensions-apiserver, schema/validation.go and
 * complete.go): a line for each, which begins with the place below `path`.
 */
export function rootFaults(schema: unknown, path: string): string[] {
  if (!isObject(schema)) return [];
  const { type = 'object', additionalProperties, nullable } = schema;
  const faults = [
    ...(type === 'object' ? [] : ['.type: must be object at the root']),
    ...(additionalProperties === undefined ? [] : ['.additionalProperties: must not stand at the root']),
    ...(nullable === true ? ['.nullable: must not be true at the root'] : []),
    ...metaTypeFaults(schema),
    ...metadataFaults(propertyOf(schema, 'metadata')),
    ...['apiVersion', 'kind']
      .filter((name) => asMember(propertyOf(schema, name), 'default') !== undefined)
      .map((name) => `.properties.${name}.default: must not stand at the root`),
    ...unstructured(schema, schema, ''),
  ];
  return faults.map((text) => `${path}${text}`);
}

/** The API server holds metadata to its own rules; a CRD may restrict names and nothing else. */
function metadataFaults(metadata: unknown): string[] {
  if (!isObject(metadata)) return [];
  const { type: _, properties, ...others } = metadata;
  const names = isObject(properties) ? properties : {};
  const isOfNames = Object.entries(names).every(
    ([name, of]) => (name === 'name' || name === 'generateName') && asMember(of, 'default') === undefined,
  );
  return isOfNames && Object.keys(others).length === 0
    ? []
    : ['.properties.metadata: must not say anything but of name and generateName, and no default'];
}

/**
 * What the combinations of the root judge, its structure must have. API servers ask that of no other combination, so
 * nobody else may.
 */
function unstructured(validation: unknown, structure: unknown, at: string): string[] {
  if (!isObject(validation)) return [];
  const combinations = ['allOf', 'anyOf', 'oneOf'].flatMap((keyword) => {
    const branches = validation[keyword];
    return Array.isArray(branches) ? branches.map((of, i) => [of, `${at}.${keyword}[${i}]`] as const) : [];
  });
  return [...combinations, [validation.not, `${at}.not`] as const].flatMap(([of, place]) => {
    return [...unstructured(of, structure, place), ...unstructuredBelow(of, structure, place)];
  });
}

function unstructuredBelow(validation: unknown, structure: unknown, at: string): string[] {
  const properties = asMember(validation, 'properties');
  const parts = [
    ...Object.keys(isObject(properties) ? properties : {}).map((name) => {
      return [propertyOf(validation, name), propertyOf(structure, name), `${at}.properties.${name}`] as const;
    }),
    [asMember(validation, 'items'), asMember(structure, 'items'), `${at}.items`] as const,
  ];
  return parts.flatMap(([of, structureOf, place]) => {
    if (of === undefined) return [];
    if (structureOf === undefined) return [`${place}: must stand in the structure as well, outside of ${topOf(at)}`];
    return [...unstructured(of, structureOf, place), ...unstructuredBelow(of, structureOf, place)];
  });
}

/** The combination that a place lies in: `.anyOf[0].not` is in `anyOf`. */
function topOf(place: string): string {
  return /^\.(\w+)/.exec(place)?.[1] ?? '';
}
