import { compileSchema, type SchemaValidator } from '../schema/compile-schema.ts';
import { withDefaults } from '../schema/defaults.ts';
import { prune } from '../schema/prune.ts';
import type { StructuralSchema } from '../schema/structural-schema.ts';
import { apiVersionOf } from '../webhook/kind.ts';
import type { Lookups } from '../webhook/lookup.ts';
import { parseApiVersion } from './resources.ts';
import { type FileDocument, FileFault } from './yaml-file.ts';

/** What a selector looks at; values are texts. */
export type Labels = { readonly [key: string]: string };

/** An object of Kubernetes, as far as anybody here looks at it. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name?: string; readonly namespace?: string; readonly labels?: Labels };
  readonly [member: string]: unknown;
}

/** What a case's cluster holds besides the object that is reviewed. */
export interface Cluster {
  /** Every Namespace has the label of its name, as from API server 1.21 on. Throws FileFault where it is not there. */
  namespaceLabels(namespace: string): Labels;
  /** How the API server keeps the kind: by the CRD that serves it; undefined for kinds that are no CRD's. */
  storageOf(apiVersion: string, kind: string): Storage | undefined;
  readonly crds: readonly CustomResource[];
  /** What rules look up, among the objects of a case in this namespace: one without a namespace stands in it. */
  lookups(namespace: string): Lookups;
}

/** A custom resource that a CRD serves. */
export interface CustomResource {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly scope: 'Namespaced' | 'Cluster';
  readonly versions: readonly { readonly name: string; readonly served: boolean; readonly storage: Storage }[];
}

/** What an API server does to an object of a custom kind before it stores it. */
export interface Storage {
  /** Prunes unknown fields and fills in defaults. */
  prepare(object: unknown): unknown;
  readonly validate: SchemaValidator;
}

/**
 * The cluster of these documents; the nearer to the case come first, and what they define again stands. `crds` are those that
 * every cluster has, unless a document says otherwise. Throws FileFault for a document that is no object.
 */
export function clusterOf(documents: readonly FileDocument[], crds: readonly object[]): Cluster {
  const objects = new Map<string, KubeObject>();
  for (const document of documents) {
    const object = kubeObject(document);
    const id = [object.apiVersion, object.kind, object.metadata.namespace ?? '', object.metadata.name].join(' ');
    if (!objects.has(id)) objects.set(id, object);
  }
  const all = [...objects.values()];
  const own = all.filter(({ kind }) => kind === 'CustomResourceDefinition');
  const names = new Set(own.map(({ metadata }) => metadata.name));
  const others = (crds as readonly KubeObject[]).filter(({ metadata }) => !names.has(metadata.name));
  const resources = [...own, ...others].map(customResource);
  return {
    crds: resources,
    namespaceLabels: (namespace) => namespaceLabels(all, namespace),
    storageOf: (apiVersion, kind) => {
      const { group, version } = parseApiVersion(apiVersion);
      const resource = resources.find((each) => each.group === group && each.kind === kind);
      return resource?.versions.find(({ name }) => name === version)?.storage;
    },
    lookups: (namespace) => lookupsIn(all, namespace),
  };
}

/** The document as an object of Kubernetes. Throws FileFault, naming the line, where it lacks what every object has. */
export function kubeObject({ file, value, lineOf }: FileDocument): KubeObject {
  const { apiVersion, kind, metadata } = (value ?? {}) as Partial<KubeObject>;
  const isObject = typeof apiVersion === 'string' && typeof kind === 'string';
  if (isObject && typeof metadata === 'object' && metadata !== null) return value as KubeObject;
  const missing = isObject ? 'metadata' : 'apiVersion and kind';
  throw new FileFault(`${file}:${lineOf([])}: an object of Kubernetes has ${missing}`);
}

function namespaceLabels(objects: readonly KubeObject[], namespace: string): Labels {
  const known = objects.filter(({ kind, apiVersion }) => kind === 'Namespace' && apiVersion === 'v1');
  const found = known.find(({ metadata }) => metadata.name === namespace);
  if (known.length > 0 && found === undefined) {
    const names = known.map(({ metadata }) => metadata.name).join(', ');
    throw new FileFault(`cluster.yaml: there is no Namespace ${namespace} (it has ${names})`);
  }
  return { ...found?.metadata.labels, 'kubernetes.io/metadata.name': namespace };
}

function lookupsIn(objects: readonly KubeObject[], namespace: string): Lookups {
  return {
    find: async (kind, inNamespace, name) => {
      const found = objects.find(
        (object) =>
          object.kind === kind.kind &&
          object.apiVersion === apiVersionOf(kind) &&
          object.metadata.name === name &&
          (object.metadata.namespace ?? namespace) === inNamespace,
      );
      if (found === undefined) return undefined;
      return structuredClone({ ...found, metadata: { ...found.metadata, namespace: inNamespace } });
    },
  };
}

interface Crd {
  readonly metadata: { readonly name?: string };
  readonly spec: {
    readonly group: string;
    readonly scope: 'Namespaced' | 'Cluster';
    readonly names: { readonly kind: string; readonly plural: string };
    readonly preserveUnknownFields?: boolean;
    readonly versions: readonly {
      readonly name: string;
      readonly served: boolean;
      readonly schema?: { readonly openAPIV3Schema?: StructuralSchema };
    }[];
  };
}

function customResource(object: object): CustomResource {
  const { metadata, spec } = object as Crd;
  try {
    return {
      group: spec.group,
      kind: spec.names.kind,
      plural: spec.names.plural,
      scope: spec.scope,
      versions: spec.versions.map(({ name, served, schema }) => ({
        name,
        served,
        storage: storage(schema?.openAPIV3Schema ?? { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }),
      })),
    };
  } catch (error) {
    throw new FileFault(`CustomResourceDefinition ${metadata.name}: ${(error as Error).message}`);
  }
}

function storage(schema: StructuralSchema): Storage {
  let validate: SchemaValidator | undefined;
  return {
    prepare: (object) => withDefaults(schema, prune(schema, object, { isRoot: true }).value),
    validate: (...args) => {
      validate ??= compileSchema(schema);
      return validate(...args);
    },
  };
}
