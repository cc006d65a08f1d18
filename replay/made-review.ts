import type { Kind } from '../webhook/kind.ts';
import type { Operation } from '../webhook/rule.ts';
import { type Cluster, type KubeObject, kubeObject } from './cluster.ts';
import { inKeyOrder } from './key-order.ts';
import { decodedMetadata, noTexts } from './metadata.ts';
import type { RequestFile } from './request-file.ts';
import { meantKinds, parseApiVersion, resourceOf } from './resources.ts';
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

/** The manifests of each operation (protocol.md §1.1): what there was before, what there is to be. */
const MANIFESTS: { readonly [operation in Operation]: readonly string[] } = {
  CREATE: ['object.yaml'],
  UPDATE: ['object.yaml', 'oldObject.yaml'],
  DELETE: ['oldObject.yaml'],
  CONNECT: ['object.yaml'],
};

/**
 * The AdmissionReview that an API server would send of `object.yaml`, `oldObject.yaml` or both, and what `request.yaml`
 * says of the request (DESIGN.md §8): a CREATE, a DELETE or an UPDATE, unless it says otherwise. The object is pruned and
 * has the defaults of its CRD; the defaults of built-in kinds are not known here. Throws FileFault.
 */
export function madeReview({ read, names, cluster, kinds, shown, request }: Ingredients): ReviewDocument {
  const manifests = ['object.yaml', 'oldObject.yaml'].filter((name) => names.includes(name));
  const operation = request.operation ?? operationOf(manifests);
  if (MANIFESTS[operation].join() !== manifests.join()) {
    const needed = MANIFESTS[operation].join(' and ');
    throw new FileFault(`${shown}: for ${operation} a case has ${needed}; this one has ${manifests.join(' and ')}`);
  }
  const hasMetadata = operation !== 'CONNECT';
  const given = (name: string) => (names.includes(name) ? objectIn(read(name), hasMetadata) : null);
  const [object, oldObject] = [given('object.yaml'), given('oldObject.yaml')];
  const subject = (object ?? oldObject) as KubeObject;
  const resource = resourceOf(subject, cluster, kinds, request.subresource);
  if (resource === undefined) {
    const path = request.subresource === undefined ? '' : `, in ${request.subresource}`;
    throw new FileFault(
      `${shown}: no rule in force is for ${subject.apiVersion} ${subject.kind}${path}, and its resource is not known; put its CustomResourceDefinition into cluster.yaml, or write review.yaml${meantKinds(subject, kinds)}`,
    );
  }
  // A deletion of all there are names none.
  const name = (request.name ?? subject.metadata?.name) || undefined;
  const namespace = namespaceOf(subject, request, resource.scope, shown);
  if (object !== null && oldObject !== null) checkIsSame(object, oldObject, shown);
  const { group, version } = resource;
  const kind = { ...parseApiVersion(subject.apiVersion), kind: subject.kind };
  const at = { group, version, resource: resource.resource };
  const { subresource, dryRun = false } = request;
  const prepared = (one: KubeObject | null) => (one === null || !hasMetadata ? one : prepare(one, namespace, cluster));
  const stored = (one: KubeObject | null) => (one === null ? null : cluster.stored(one));
  const isNew = operation === 'CREATE' && request.phase !== 'validating';
  return {
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1',
    request: {
      uid: UID,
      kind,
      resource: at,
      ...(subresource === undefined ? {} : { subResource: subresource }),
      requestKind: kind,
      requestResource: at,
      ...(subresource === undefined ? {} : { requestSubResource: subresource }),
      ...(name === undefined ? {} : { name }),
      ...(namespace === undefined ? {} : { namespace }),
      operation,
      userInfo: request.userInfo ?? { username: 'author', groups: ['system:authenticated'] },
      object: prepared(isNew ? withoutHistory(object) : object),
      oldObject: stored(prepared(oldObject)),
      dryRun,
      options: request.options ?? optionsOf(operation, dryRun),
    },
  };
}

/** As an API server reads it. Throws FileFault for labels and annotations that it does not read. */
function objectIn(document: FileDocument, hasMetadata: boolean): KubeObject {
  const object = kubeObject(document, hasMetadata);
  if (!hasMetadata) return object;
  const [wrong] = noTexts(object.metadata);
  if (wrong === undefined) return { ...object, metadata: decodedMetadata(object.metadata) };
  throw new FileFault(`${document.file}:${document.lineOf(wrong.path)}: ${wrong.field}: ${wrong.message}`);
}

function operationOf(manifests: readonly string[]): Operation {
  if (manifests.length === 2) return 'UPDATE';
  return manifests[0] === 'object.yaml' ? 'CREATE' : 'DELETE';
}

/** A request for a Namespace says its own name. */
function namespaceOf(
  { apiVersion, kind, metadata }: KubeObject,
  request: RequestFile,
  scope: 'Namespaced' | 'Cluster',
  shown: string,
): string | undefined {
  if (scope === 'Cluster') return isNamespace({ apiVersion, kind }) ? metadata.name : undefined;
  const own = metadata?.namespace;
  if (own !== undefined && request.namespace !== undefined && own !== request.namespace) {
    throw new FileFault(`${shown}: the object is in the namespace ${own}, and the request in ${request.namespace}`);
  }
  return request.namespace ?? own ?? 'default';
}

function checkIsSame(object: KubeObject, old: KubeObject, shown: string): void {
  const areInOne = [object, old].some(({ metadata }) => metadata.namespace === undefined);
  const id = ({ apiVersion, kind, metadata: { namespace, name = 'without a name' } }: KubeObject) =>
    `${apiVersion} ${kind} ${areInOne ? '' : `${namespace}/`}${name}`;
  if (id(object) === id(old)) return;
  throw new FileFault(`${shown}: an UPDATE is of one object, and these are two: ${id(object)}, ${id(old)}`);
}

/**
 * An API server from 1.24 on fills in the namespace, or takes it away where there can be none, and one from 1.21 on labels a
 * Namespace with its name.
 */
function prepare(object: KubeObject, namespace: string | undefined, cluster: Cluster): KubeObject {
  const { namespace: _, ...metadata } = object.metadata;
  const whole = isNamespace(object)
    ? { ...object, metadata: { ...metadata, labels: { ...metadata.labels, 'kubernetes.io/metadata.name': namespace } } }
    : { ...object, metadata: namespace === undefined ? metadata : { namespace, ...object.metadata } };
  const stored = (cluster.storageOf(object.apiVersion, object.kind)?.prepare(whole) ?? whole) as KubeObject;
  return inKeyOrder(stored, cluster);
}

/** What a manifest of an object that exists has, and the API server takes away (registry/rest/meta.go). */
function withoutHistory(object: KubeObject | null): KubeObject | null {
  if (object === null) return null;
  const gone = ['uid', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'selfLink'];
  const metadata = Object.fromEntries(Object.entries(object.metadata).filter(([member]) => !gone.includes(member)));
  return { ...object, metadata };
}

function isNamespace({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): boolean {
  return apiVersion === 'v1' && kind === 'Namespace';
}

function optionsOf(operation: Operation, dryRun: boolean): object | null {
  if (operation === 'CONNECT') return null;
  const [first = '', ...rest] = operation.toLowerCase();
  const kind = `${first.toUpperCase()}${rest.join('')}Options`;
  return { kind, apiVersion: 'meta.k8s.io/v1', ...(dryRun ? { dryRun: ['All'] } : {}) };
}
