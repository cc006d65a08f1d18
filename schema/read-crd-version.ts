import { quoted } from '../webhook/field-errors.ts';
import type { Kind } from '../webhook/kind.ts';
import { shown } from '../webhook/shown.ts';
import { LIKE_THIS } from './read-crd.ts';
import type { StructuralSchema } from './structural-schema.ts';
import { asMember, isObject } from './values.ts';

/** A CustomResourceDefinition, apiextensions.k8s.io/v1: what rules are made of, and whatever else it has. */
export interface CustomResourceDefinition extends Others {
  readonly apiVersion: string;
  readonly kind: string;
  readonly spec: Others & {
    readonly group: string;
    readonly names: Others & { readonly kind: string; readonly plural: string };
    readonly scope: string;
    readonly versions: readonly (Others & {
      readonly name: string;
      readonly served: boolean;
      readonly storage: boolean;
      readonly schema?: { readonly openAPIV3Schema?: StructuralSchema };
    })[];
  };
}

interface Others {
  readonly [member: string]: unknown;
}

/** One version of a CRD: what its kind is called, and the schema with its path in the CRD. */
export interface CrdVersion {
  readonly token: Omit<Kind, symbol>;
  readonly schema: StructuralSchema;
  readonly path: string;
}

/**
 * The version of that name; without one the storage version if it is served, else the first served one. Throws an Error
 * with a line for each fault of the CRD, by path, and what would be right; `where` begins each.
 */
export function crdVersion(crd: unknown, where: string, name?: string): CrdVersion {
  const faults = crdFaults(crd);
  if (faults.length > 0) throw told(faults, where);
  const { group, names, scope, versions } = (crd as CustomResourceDefinition).spec;
  const served = versions.filter((version) => version.served);
  const chosen = name === undefined ? (served.find(({ storage }) => storage) ?? served[0]) : byName(served, name);
  if (chosen === undefined) throw told([noVersion(served, name)], where);
  const path = `spec.versions[${versions.indexOf(chosen)}].schema.openAPIV3Schema`;
  const schema = chosen.schema?.openAPIV3Schema;
  if (!isObject(schema)) throw told([noSchema(path, chosen.schema)], where);
  const { kind, plural } = names;
  // What stands in the place of a scope is told by crdFaults.
  return {
    token: { group, version: chosen.name, kind, resource: plural, scope: scope as Kind['scope'] },
    schema,
    path,
  };
}

function crdFaults(crd: unknown): string[] {
  if (!isObject(crd)) return [`it must be a CustomResourceDefinition, or a URL: ${LIKE_THIS}`];
  const { apiVersion, kind, metadata, spec } = crd;
  if (kind !== 'CustomResourceDefinition') return [`kind: it must be CustomResourceDefinition${not(kind)}`];
  if (apiVersion !== 'apiextensions.k8s.io/v1') return [`apiVersion: ${V1}${not(apiVersion)}`];
  const names = asMember(spec, 'names');
  const group = asMember(spec, 'group');
  const plural = asMember(names, 'plural');
  const faults = [
    ...textFaults('spec.group', group, 'books.example.com'),
    ...textFaults('spec.names.kind', asMember(names, 'kind'), 'Book'),
    ...textFaults('spec.names.plural', plural, 'books'),
  ];
  if (faults.length === 0) faults.push(...nameFaults(asMember(metadata, 'name'), `${plural}.${group}`));
  const scope = asMember(spec, 'scope');
  if (scope !== 'Namespaced' && scope !== 'Cluster') {
    faults.push(`spec.scope: it must be Namespaced or Cluster${not(scope)}`);
  }
  return [...faults, ...versionFaults(asMember(spec, 'versions'))];
}

const V1 = 'it must be apiextensions.k8s.io/v1, where each of spec.versions has a schema of its own';

function versionFaults(versions: unknown): string[] {
  if (!Array.isArray(versions) || versions.length === 0) return ['spec.versions: there must be a version'];
  return versions.flatMap((version, i) => [
    ...textFaults(`spec.versions[${i}].name`, asMember(version, 'name'), 'v1'),
    ...['served', 'storage'].flatMap((name) => booleanFaults(`spec.versions[${i}].${name}`, asMember(version, name))),
  ]);
}

/** A misspelt plural would be a resource that nobody ever asks about. Rules do not need the name, if there is none. */
function nameFaults(name: unknown, right: string): string[] {
  if (name === undefined || name === right) return [];
  return [`metadata.name: it must be ${quoted(right)}, by spec.names.plural and spec.group`];
}

function booleanFaults(path: string, value: unknown): string[] {
  return typeof value === 'boolean' ? [] : [`${path}: it must be true or false${not(value)}`];
}

function textFaults(path: string, value: unknown, like: string): string[] {
  return typeof value === 'string' && value !== '' ? [] : [`${path}: it must be a text, like "${like}"`];
}

function byName<V extends { readonly name: string }>(versions: readonly V[], name: string): V | undefined {
  return versions.find((version) => version.name === name);
}

function noVersion(served: readonly { readonly name: string }[], name: string | undefined): string {
  if (served.length === 0) return 'spec.versions: one must be served, or there are no objects to see';
  const known = served.map(({ name }) => name).join(', ');
  return `spec.versions: there must be the version that is asked for, and served${not(name)}; served: ${known}`;
}

function noSchema(path: string, around: unknown): string {
  const others = isObject(around) ? Object.keys(around).filter((name) => name !== 'openAPIV3Schema') : [];
  const unknown = others.length === 0 ? '' : `; not known: ${others.map((name) => shown(name, 32)).join(', ')}`;
  return `${path}: there must be a schema, or there is nothing to hold objects to${unknown}`;
}

function not(value: unknown): string {
  return typeof value === 'string' ? `, not ${quoted(value)}` : '';
}

function told(faults: readonly string[], where: string): Error {
  return new Error(faults.map((fault) => `${where}: ${fault}`).join('\n'));
}
