import { apiVersionOf } from '../webhook/kind.ts';
import type { Lookups } from '../webhook/lookup.ts';
import { type CustomResource, customResource, type Storage } from './custom-resource.ts';
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
  /**
   * The object as it reads once the API server has stored it: without what the schema of the version that its CRD stores, or
   * of its own, does not know. Until then webhooks see what others of them added.
   */
  stored(object: KubeObject): KubeObject;
  readonly crds: readonly CustomResource[];
  /** What rules look up, among the objects of a case in this namespace: one without a namespace stands in it. */
  lookups(namespace: string): Lookups;
}

/**
 * The cluster of these documents; the nearer to the case come first, and what they define again stands. `crds` are those that
 * every cluster has, unless a document replaces one. Throws FileFault for a document that is no object.
 */
export function clusterOf(documents: readonly FileDocument[], crds: readonly CustomResource[]): Cluster {
  const standing = new Map<string, Standing>();
  for (const document of documents) {
    const object = kubeObject(document);
    const id = [object.apiVersion, object.kind, object.metadata.namespace ?? '', object.metadata.name].join(' ');
    if (!standing.has(id)) standing.set(id, { object, file: document.file });
  }
  const all = [...standing.values()];
  const own = all
    .filter(({ object }) => object.kind === 'CustomResourceDefinition')
    .map(({ object, file }) => customResource(object, file));
  const isOwn = (one: CustomResource) => own.some(({ group, plural }) => group === one.group && plural === one.plural);
  const resources = [...own, ...crds.filter((one) => !isOwn(one))];
  const versionsOf = ({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>) => {
    const { group } = parseApiVersion(apiVersion);
    return resources.find((each) => each.group === group && each.kind === kind)?.versions ?? [];
  };
  const storageOf: Cluster['storageOf'] = (apiVersion, kind) => {
    const { version } = parseApiVersion(apiVersion);
    return versionsOf({ apiVersion, kind }).find(({ name }) => name === version)?.storage;
  };
  return {
    crds: resources,
    namespaceLabels: (namespace) => namespaceLabels(all, namespace),
    storageOf,
    stored(object) {
      const kept =
        versionsOf(object)
          .find(({ isStored }) => isStored)
          ?.storage.prune(object) ?? object;
      return (storageOf(object.apiVersion, object.kind)?.prepare(kept) ?? kept) as KubeObject;
    },
    lookups: (namespace) =>
      lookupsIn(
        all.map(({ object }) => object),
        namespace,
      ),
  };
}

/** An object, and the file that it stands in. */
interface Standing {
  readonly object: KubeObject;
  readonly file: string;
}

/**
 * The document as an object of Kubernetes; options of CONNECT have no metadata. Throws FileFault, naming the line, where it
 * lacks what every object has.
 */
export function kubeObject({ file, value, lineOf }: FileDocument, hasMetadata = true): KubeObject {
  const { apiVersion, kind, metadata } = (value ?? {}) as Partial<KubeObject>;
  const isObject = typeof apiVersion === 'string' && typeof kind === 'string';
  if (isObject && (!hasMetadata || (typeof metadata === 'object' && metadata !== null))) return value as KubeObject;
  const missing = isObject ? 'metadata' : 'apiVersion and kind';
  throw new FileFault(`${file}:${lineOf([])}: an object of Kubernetes has ${missing}`);
}

function namespaceLabels(all: readonly Standing[], namespace: string): Labels {
  const known = all.filter(({ object }) => object.kind === 'Namespace' && object.apiVersion === 'v1');
  const found = known.find(({ object }) => object.metadata.name === namespace);
  if (known.length > 0 && found === undefined) {
    const files = [...new Set(known.map(({ file }) => file))].join(', ');
    const names = known.map(({ object }) => object.metadata.name).join(', ');
    throw new FileFault(`${files}: there is no Namespace ${namespace}; there is ${names}`);
  }
  return { ...found?.object.metadata.labels, 'kubernetes.io/metadata.name': namespace };
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
      // As an API server's answer is parsed: numbers are doubles.
      return JSON.parse(JSON.stringify({ ...found, metadata: { ...found.metadata, namespace: inNamespace } }));
    },
  };
}
