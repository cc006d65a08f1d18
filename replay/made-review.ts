import type { Kind } from '../webhook/kind.ts';
import { nearest } from '../webhook/nearest.ts';
import type { Operation } from '../webhook/rule.ts';
import { type Cluster, type KubeObject, kubeObject } from './cluster.ts';
import { type Resource, resourceOf } from './resources.ts';
import type { ReviewDocument } from './review-document.ts';
import { type FileDocument, FileFault } from './yaml-file.ts';

/** What a review is made of. */
export interface Ingredients {
  readonly read: (name: string) => FileDocument;
  readonly names: readonly string[];
  readonly cluster: Cluster;
  readonly kinds: readonly Kind[];
  readonly request: RequestFile;
  /** How people call the folder. */
  readonly shown: string;
}

/** Its uid says that nobody sent it. */
const UID = '00000000-0000-4000-8000-000000000001';

const MEMBERS = ['phase', 'operation', 'userInfo', 'name', 'namespace', 'subresource', 'dryRun', 'options'];

/**
 * The AdmissionReview that an API server would send of `object.yaml`, `oldObject.yaml` or both, and what `request.yaml`
 * says of the request (DESIGN.md §8): a CREATE, a DELETE or an UPDATE, unless it says otherwise. The object is pruned and
 * has the defaults of its CRD. Throws FileFault.
 */
export function madeReview({ read, names, cluster, kinds, shown, request }: Ingredients): ReviewDocument {
  const [object, oldObject] = ['object.yaml', 'oldObject.yaml'].map((name) =>
    names.includes(name) ? kubeObject(read(name)) : null,
  ) as [KubeObject | null, KubeObject | null];
  const subject = (object ?? oldObject) as KubeObject;
  const resource = resourceOf(subject, cluster, kinds);
  if (resource === undefined) {
    throw new FileFault(
      `${shown}: no rule in force is for ${subject.apiVersion} ${subject.kind}, and its resource is not known; put its CustomResourceDefinition into cluster.yaml, or write review.yaml`,
    );
  }
  return reviewOf({ object, oldObject, resource, cluster, request });
}

/** An object, the one that it replaces, or both, and what is said of the request. */
export interface Subject {
  readonly object: KubeObject | null;
  readonly oldObject: KubeObject | null;
  readonly resource: Resource;
  readonly cluster: Cluster;
  readonly request: RequestFile;
}

/** The AdmissionReview that an API server would send of them. One of the objects is there. */
export function reviewOf({ object, oldObject, resource, cluster, request }: Subject): ReviewDocument {
  const subject = (object ?? oldObject) as KubeObject;
  const operation = request.operation ?? (oldObject === null ? 'CREATE' : object === null ? 'DELETE' : 'UPDATE');
  const isNamespaced = resource.scope === 'Namespaced';
  const namespace = isNamespaced ? (request.namespace ?? subject.metadata.namespace ?? 'default') : undefined;
  const { group, version, kind } = resource;
  const at = { group, version, resource: resource.resource };
  const subResource = request.subresource === undefined ? {} : { subResource: request.subresource };
  const name = request.name ?? subject.metadata.name;
  const prepared = (one: KubeObject | null) => (one === null ? null : prepare(one, namespace, cluster));
  return {
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1',
    request: {
      uid: UID,
      kind: { group, version, kind },
      resource: at,
      ...subResource,
      requestKind: { group, version, kind },
      requestResource: at,
      ...(request.subresource === undefined ? {} : { requestSubResource: request.subresource }),
      ...(name === undefined ? {} : { name }),
      ...(namespace === undefined ? {} : { namespace }),
      operation,
      userInfo: request.userInfo ?? { username: 'author', groups: ['system:authenticated'] },
      object: prepared(object),
      oldObject: prepared(oldObject),
      dryRun: request.dryRun ?? false,
      options: request.options ?? optionsOf(operation),
    },
  };
}

/** What `request.yaml` may say. */
export interface RequestFile {
  /** `validating`: the object is as validating webhooks see it, and the mutating ones have been asked before. */
  readonly phase?: 'mutating' | 'validating';
  readonly operation?: Operation;
  readonly userInfo?: object;
  readonly name?: string;
  readonly namespace?: string;
  readonly subresource?: string;
  readonly dryRun?: boolean;
  readonly options?: object;
}

/** Reads `request.yaml`. Throws FileFault, with the line, for what no request has. */
export function requestOf({ file, value, lineOf }: FileDocument): RequestFile {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new FileFault(`${file}: it must be an object with any of ${MEMBERS.join(', ')}`);
  }
  for (const member of Object.keys(value)) {
    if (MEMBERS.includes(member)) continue;
    const at = `${file}:${lineOf([member])}`;
    throw new FileFault(
      `${at}: there is no ${member} in a request${nearest(member, MEMBERS)}; known are ${MEMBERS.join(', ')}`,
    );
  }
  const { operation = 'CREATE', phase = 'mutating' } = value as RequestFile;
  if (!['CREATE', 'UPDATE', 'DELETE', 'CONNECT'].includes(operation)) {
    throw new FileFault(`${file}:${lineOf(['operation'])}: operation must be CREATE, UPDATE, DELETE or CONNECT`);
  }
  if (phase === 'mutating' || phase === 'validating') return value;
  throw new FileFault(`${file}:${lineOf(['phase'])}: phase must be mutating (the whole way) or validating`);
}

/** An API server from 1.24 on fills in the namespace. */
function prepare(object: KubeObject, namespace: string | undefined, cluster: Cluster): KubeObject {
  const named = namespace === undefined ? {} : { namespace };
  const whole = { ...object, metadata: { ...named, ...object.metadata } };
  return (cluster.storageOf(object.apiVersion, object.kind)?.prepare(whole) ?? whole) as KubeObject;
}

function optionsOf(operation: Operation): object | null {
  if (operation === 'CONNECT') return null;
  const [first = '', ...rest] = operation.toLowerCase();
  return { kind: `${first.toUpperCase()}${rest.join('')}Options`, apiVersion: 'meta.k8s.io/v1' };
}
