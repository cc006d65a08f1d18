import { type Cluster, clusterOf, type KubeObject } from '../cluster.ts';
import { resourceOf } from '../resources.ts';
import type { CheckContext } from './check.ts';
import { called, type Manifest, type Unread } from './manifests.ts';

/** The cluster that objects come into, and what of it could not be used. */
export interface Surroundings {
  readonly cluster: Cluster;
  readonly unread: readonly Unread[];
  /** Namespaces that are not among the objects: they are taken to have the label of their name alone. */
  readonly unknownNamespaces: ReadonlySet<string>;
}

/**
 * The cluster of these objects; of one that is there twice the first counts. Those without a namespace stand in the one
 * that the context names. A CustomResourceDefinition that no API server takes is told, and left out.
 */
export function clusterOfManifests(manifests: readonly Manifest[], context: CheckContext): Surroundings {
  const unread: Unread[] = [];
  const usable = manifests.filter((manifest) => {
    if (manifest.object.kind !== 'CustomResourceDefinition') return true;
    try {
      clusterOf([documentOf(manifest, manifest.object)], []);
      return true;
    } catch (error) {
      const reason = `${called(manifest.object)}: it cannot be used: ${(error as Error).message}`;
      unread.push({ file: manifest.file, line: manifest.lineOf([]), reason });
      return false;
    }
  });
  const resources = clusterOf(
    usable
      .filter(({ object }) => object.kind === 'CustomResourceDefinition')
      .map((each) => documentOf(each, each.object)),
    context.crds,
  );
  const documents = usable.map((manifest) => documentOf(manifest, inNamespace(manifest.object, resources, context)));
  const all = clusterOf(documents, context.crds);
  const known = new Set(
    usable.flatMap(({ object: { apiVersion, kind, metadata } }) => {
      return apiVersion === 'v1' && kind === 'Namespace' ? [metadata.name] : [];
    }),
  );
  const unknownNamespaces = new Set<string>();
  const cluster: Cluster = {
    ...all,
    namespaceLabels(namespace) {
      if (known.has(namespace)) return all.namespaceLabels(namespace);
      unknownNamespaces.add(namespace);
      return { 'kubernetes.io/metadata.name': namespace };
    },
  };
  return { cluster, unread, unknownNamespaces };
}

/** The object with its namespace in it, where its kind is known to be in one. */
export function inNamespace(
  object: KubeObject,
  cluster: Cluster,
  { kinds, objectNamespace }: CheckContext,
): KubeObject {
  if (object.metadata.namespace !== undefined) return object;
  if (resourceOf(object, cluster, kinds)?.scope !== 'Namespaced') return object;
  return { ...object, metadata: { ...object.metadata, namespace: objectNamespace } };
}

function documentOf({ file, lineOf }: Manifest, value: KubeObject) {
  return { file, lineOf, value };
}
