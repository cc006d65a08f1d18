import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Case } from '../../../replay/case.ts';
import type { KubeObject } from '../../../replay/cluster.ts';
import { readDocuments } from '../../../replay/yaml-file.ts';
import type { Kind } from '../../../webhook/kind.ts';

/** What has to be in a cluster before a case can be done in it. Cases whose surroundings are the same text share them. */
export interface Surroundings {
  readonly crds: readonly KubeObject[];
  /** With the label of their name, which API servers set from 1.21 on. */
  readonly namespaces: readonly KubeObject[];
  /** What rules look up. */
  readonly others: readonly KubeObject[];
  /** `validating`: the case begins after the mutating webhooks, so none is registered. */
  readonly phases: 'both' | 'validating';
}

/**
 * The surroundings of a case: the objects of its `cluster.yaml` and those above it, `crds` unless it has others of their
 * name, and for every other kind that the rules in force are for a CRD that takes anything, since replay asks no schema then.
 */
export function surroundingsOf(
  { folder, phase, review }: Case,
  crds: readonly KubeObject[],
  kinds: readonly Kind[],
): Surroundings {
  const own = [folder, dirname(folder), dirname(dirname(folder))]
    .map((path) => join(path, 'cluster.yaml'))
    .filter((path) => existsSync(path))
    .flatMap((path) => readDocuments(path).map(({ value }) => value as KubeObject));
  const isCrd = ({ kind }: KubeObject) => kind === 'CustomResourceDefinition';
  const isNamespace = ({ kind }: KubeObject) => kind === 'Namespace';
  const anything = kinds.filter(({ group, resource }) => group.includes('.') && !resource.includes('/')).map(crdOf);
  const namespaces = own.some(isNamespace) ? own.filter(isNamespace) : [namespace(review.request.namespace)];
  return {
    crds: nearest([...own.filter(isCrd), ...crds, ...anything]),
    namespaces: nearest(namespaces).map(labelled),
    others: own.filter((object) => !isCrd(object) && !isNamespace(object)),
    phases: phase === 'mutating' ? 'both' : 'validating',
  };
}

/** What stands in the place of a schema that nobody has. */
export const ANYTHING = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

function crdOf({ group, version, kind, resource, scope }: Kind): KubeObject {
  const schema = { openAPIV3Schema: ANYTHING };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${resource}.${group}` },
    spec: {
      group,
      scope,
      names: { kind, plural: resource },
      versions: [{ name: version, served: true, storage: true, schema }],
    },
  };
}

function namespace(name = 'default'): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

function labelled(namespace: KubeObject): KubeObject {
  const { name = '', labels } = namespace.metadata;
  return { ...namespace, metadata: { name, labels: { ...labels, 'kubernetes.io/metadata.name': name } } };
}

/** The first of each name. */
function nearest(objects: readonly KubeObject[]): KubeObject[] {
  return objects.filter(
    ({ metadata }, at) => objects.findIndex((other) => other.metadata.name === metadata.name) === at,
  );
}
