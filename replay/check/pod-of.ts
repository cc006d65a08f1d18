import { isRecord } from '../../webhook/decode.ts';
import type { KubeObject } from '../cluster.ts';
import { parseApiVersion } from '../resources.ts';

/** A Pod that a controller makes of the template in one of its objects. */
export interface PodInside {
  readonly pod: KubeObject;
  /** Where the template stands in the object. */
  readonly at: readonly string[];
  /** Who creates it. */
  readonly userInfo: object;
}

/** Stands for what a cluster alone gives: objects that are not stored yet have no uid. */
const UID = '00000000-0000-4000-8000-000000000002';
/** As controllers make them of a hash (apimachinery, util/rand, SafeEncodeString): no vowels, no 0, 1, 3. */
const HASH = '7c5ddbdf54';
/** The minutes since 1970 of the time that a Job is for (pkg/controller/cronjob). */
const MINUTE = '28000000';

interface Maker {
  readonly at: readonly string[];
  /** The service account of the controller, in kube-system; none for what nobody makes pods of by itself. */
  readonly controller?: string;
  /** The kind and the name of what owns the Pod, which is not always the object. */
  readonly owner?: (name: string) => { readonly apiVersion: string; readonly kind: string; readonly name: string };
  readonly labels?: (owner: string) => { readonly [key: string]: string };
}

const SPEC = ['spec', 'template'];
const self = (apiVersion: string, kind: string) => (name: string) => ({ apiVersion, kind, name });
const jobLabels = (owner: string) => ({
  'batch.kubernetes.io/controller-uid': UID,
  'batch.kubernetes.io/job-name': owner,
  'controller-uid': UID,
  'job-name': owner,
});

/** By kind and group; what each controller writes on a Pod is that of Kubernetes 1.36 (pkg/controller/*). */
const MAKERS: { readonly [kind: string]: Maker } = {
  'Deployment.apps': {
    at: SPEC,
    controller: 'replicaset-controller',
    owner: (name) => ({ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${name}-${HASH}` }),
    labels: () => ({ 'pod-template-hash': HASH }),
  },
  'ReplicaSet.apps': { at: SPEC, controller: 'replicaset-controller', owner: self('apps/v1', 'ReplicaSet') },
  'StatefulSet.apps': {
    at: SPEC,
    controller: 'statefulset-controller',
    owner: self('apps/v1', 'StatefulSet'),
    labels: (owner) => ({
      'apps.kubernetes.io/pod-index': '0',
      'controller-revision-hash': `${owner}-${HASH}`,
      'statefulset.kubernetes.io/pod-name': `${owner}-0`,
    }),
  },
  'DaemonSet.apps': {
    at: SPEC,
    controller: 'daemon-set-controller',
    owner: self('apps/v1', 'DaemonSet'),
    labels: () => ({ 'controller-revision-hash': HASH, 'pod-template-generation': '1' }),
  },
  'Job.batch': { at: SPEC, controller: 'job-controller', owner: self('batch/v1', 'Job'), labels: jobLabels },
  'CronJob.batch': {
    at: ['spec', 'jobTemplate', 'spec', 'template'],
    controller: 'job-controller',
    owner: (name) => ({ apiVersion: 'batch/v1', kind: 'Job', name: `${name}-${MINUTE}` }),
    labels: jobLabels,
  },
  'ReplicationController.': {
    at: SPEC,
    controller: 'replication-controller',
    owner: self('v1', 'ReplicationController'),
  },
  'PodTemplate.': { at: ['template'] },
};

/**
 * The Pod that comes of an object with a template, as its controller creates it: the template's labels, annotations,
 * finalizers and spec, and the controller's own name, labels and owner. What depends on a node, or is the API server's to
 * fill in, is left out. Undefined for objects without a template.
 */
export function podOf(object: KubeObject): PodInside | undefined {
  const maker = makerOf(object);
  const template = maker?.at.reduce<unknown>((value, step) => (isRecord(value) ? value[step] : undefined), object);
  if (maker === undefined || !isRecord(template)) return undefined;
  const { metadata, spec } = template;
  const { labels, annotations, finalizers } = isRecord(metadata) ? metadata : {};
  const name = object.metadata.name ?? '';
  const owner = maker.owner?.(name);
  const own = maker.labels?.(owner?.name ?? name);
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: `${owner?.name ?? name}-`,
      ...(object.kind === 'StatefulSet' ? { name: `${name}-0` } : {}),
      ...(object.metadata.namespace === undefined ? {} : { namespace: object.metadata.namespace }),
      ...(labels === undefined && own === undefined ? {} : { labels: { ...(labels as object), ...own } }),
      ...(annotations === undefined ? {} : { annotations }),
      ...(finalizers === undefined ? {} : { finalizers }),
      ...(owner === undefined
        ? {}
        : { ownerReferences: [{ ...owner, uid: UID, controller: true, blockOwnerDeletion: true }] }),
    },
    spec: object.kind === 'StatefulSet' ? ofStatefulSet(object, spec) : (spec ?? {}),
  };
  return { pod: pod as KubeObject, at: maker.at, userInfo: userOf(maker) };
}

function makerOf({ apiVersion, kind }: KubeObject): Maker | undefined {
  const key = `${kind}.${parseApiVersion(apiVersion).group}`;
  return Object.hasOwn(MAKERS, key) ? MAKERS[key] : undefined;
}

/** Each pod has a name of its own on the network, and a volume for each claim (pkg/controller/statefulset). */
function ofStatefulSet({ metadata, spec: own }: KubeObject, spec: unknown): object {
  const { serviceName, volumeClaimTemplates } = isRecord(own) ? own : {};
  const claims = (Array.isArray(volumeClaimTemplates) ? volumeClaimTemplates : []).map((claim: unknown) =>
    isRecord(claim) && isRecord(claim.metadata) ? String(claim.metadata.name) : '',
  );
  const { volumes, ...others } = isRecord(spec) ? spec : {};
  const claimed = claims.map((name) => ({ name, persistentVolumeClaim: { claimName: `${name}-${metadata.name}-0` } }));
  const kept = (Array.isArray(volumes) ? volumes : []).filter((each: unknown) => {
    return !(isRecord(each) && claims.includes(String(each.name)));
  });
  const all = [...kept, ...claimed];
  return {
    ...others,
    ...(all.length === 0 ? {} : { volumes: all }),
    hostname: `${metadata.name}-0`,
    ...(typeof serviceName === 'string' && serviceName !== '' ? { subdomain: serviceName } : {}),
  };
}

function userOf({ controller }: Maker): object {
  if (controller === undefined) return { username: 'author', groups: ['system:authenticated'] };
  return {
    username: `system:serviceaccount:kube-system:${controller}`,
    groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system', 'system:authenticated'],
  };
}
