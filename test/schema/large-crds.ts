import { globSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { parse } from 'yaml';
import type { StructuralSchema } from '../../schema/structural-schema.ts';

/** A version's schema of a CRD that a package of npm's carries. */
export interface Large {
  /** `VERSION KIND`, the version with its group. */
  readonly name: string;
  readonly schema: StructuralSchema;
}

/**
 * The CRDs of Forklift (the package crdtoapi, as they are), and of Istio 1.18 and Gateway API 1.0 (kubernetes-models, which
 * makes them JSON schemas; what it did is undone, but all `x-kubernetes-…` is lost).
 */
export function largeCrds(): Large[] {
  const forklift = globSync(`${packages}/crdtoapi/examples/forklift/*.yaml`).sort().flatMap(fromCrd);
  const models = globSync(`${packages}/@kubernetes-models/{istio,gateway-api}/*/*/*.js`).sort().flatMap(fromModel);
  return [...forklift, ...models];
}

/** The schema of that name. */
export function largeCrd(name: string): StructuralSchema {
  const found = largeCrds().find((large) => large.name === name);
  if (found === undefined) throw new Error(`no package has ${name}`);
  return found.schema;
}

const packages = resolve(import.meta.dirname, '../../node_modules');

function fromCrd(path: string): Large[] {
  const { group, names, versions } = parse(readFileSync(path, 'utf8')).spec;
  return versions.map((version: { name: string; schema: { openAPIV3Schema: StructuralSchema } }) => {
    return { name: `${group}/${version.name} ${names.kind}`, schema: version.schema.openAPIV3Schema };
  });
}

/** The packages export classes, and keep their schemas to themselves: each is JSON in the text of its module. */
function fromModel(path: string): Large[] {
  const [, json] = /\nconst schema = (\{\n.*?\n\});/s.exec(readFileSync(path, 'utf8')) ?? [];
  if (json === undefined) return [];
  const { properties, required, ...root } = asStructural(JSON.parse(json)) as Required<StructuralSchema>;
  const schema = {
    ...root,
    properties: {
      ...properties,
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { type: 'object' },
    },
    required: required.filter((name) => name !== 'apiVersion' && name !== 'kind'),
  } as const;
  const version = (properties.apiVersion?.enum ?? [])[0];
  return [{ name: `${version} ${basename(path, '.js')}`, schema }];
}

/** The package lets null stand wherever a member may be missing, and gives every object properties, if none. */
function asStructural(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(asStructural);
  if (typeof schema !== 'object' || schema === null) return schema;
  const isMap = 'additionalProperties' in schema;
  const kept = Object.entries(schema).filter(
    ([keyword]) => keyword !== 'nullable' && !(isMap && keyword === 'properties'),
  );
  return Object.fromEntries(
    kept.map(([keyword, value]) => [
      keyword,
      keyword === 'properties'
        ? Object.fromEntries(Object.entries(value).map(([name, of]) => [name, asStructural(of)]))
        : asStructural(value),
    ]),
  );
}
