import type { Operation } from '../../webhook/rule.ts';
import { type Chain, runChain } from '../chain.ts';
import type { Cluster, KubeObject } from '../cluster.ts';
import { inCluster } from '../gate.ts';
import { madeReview } from '../made-review.ts';
import { noting } from '../missed.ts';
import { resourceOf } from '../resources.ts';
import { FileFault } from '../yaml-file.ts';
import type { CheckContext } from './check.ts';
import { called, type Manifest, type Unread } from './manifests.ts';

/** Where objects come into. What turns out not to be usable when it is needed is added to the unread. */
export interface Site extends CheckContext {
  readonly cluster: Cluster;
  readonly unread: Unread[];
}

/** A request that is to be sent: a CREATE, a DELETE where there is only an old object, or an UPDATE. */
export interface Asked {
  readonly object: KubeObject | null;
  readonly oldObject: KubeObject | null;
  readonly at: readonly string[];
  readonly userInfo?: object;
}

/** A request that applying an object comes to: its own, or that of the controller which makes its Pods. */
export interface CheckedRequest {
  readonly operation: Operation;
  /** Where in the manifest stands what was reviewed: `[]` for the object itself, else the template of its Pods. */
  readonly at: readonly string[];
  /** As the API server has it before any webhook is asked. */
  readonly sent: KubeObject;
  /** Undefined where no webhook can be for it: its kind is known to no rule and to no CRD, or it cannot be read. */
  readonly chain: Chain | undefined;
  /** What rules looked up that is not there. */
  readonly missed: readonly string[];
}

/**
 * Sends a request the whole way. Undefined where that cannot be done, which is then among the unread: a schema that cannot
 * be used, a conversion that only a webhook knows.
 */
export async function sent(asked: Asked, manifest: Manifest, site: Site): Promise<CheckedRequest | undefined> {
  const { object, oldObject, at } = asked;
  const subject = (object ?? oldObject) as KubeObject;
  const operation = object === null ? 'DELETE' : oldObject === null ? 'CREATE' : 'UPDATE';
  if (resourceOf(subject, site.cluster, site.kinds) === undefined) {
    return { operation, at, sent: subject, chain: undefined, missed: [] };
  }
  try {
    const review = reviewOf(asked, site);
    const missed = new Set<string>();
    const lookups = noting(site.cluster.lookups(review.request.namespace ?? ''), missed);
    const start = {
      review,
      bytes: Buffer.from(JSON.stringify(review)),
      cluster: site.cluster,
      phase: 'mutating',
    } as const;
    const chain = await runChain(start, inCluster(site.gate, { lookups }));
    return { operation, at, sent: review.request.object ?? subject, chain, missed: [...missed] };
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    site.unread.push({ file: manifest.file, line: manifest.lineOf(at), reason: error.message });
    return undefined;
  }
}

/** Of the objects as a case has them in two files. */
function reviewOf({ object, oldObject, userInfo }: Asked, { cluster, kinds }: Site) {
  const files = {
    ...(object === null ? {} : { 'object.yaml': object }),
    ...(oldObject === null ? {} : { 'oldObject.yaml': oldObject }),
  };
  return madeReview({
    read: (name) => ({ file: name, value: files[name as keyof typeof files], lineOf: () => 1 }),
    names: Object.keys(files),
    cluster,
    kinds,
    shown: called((object ?? oldObject) as KubeObject),
    request: userInfo === undefined ? {} : { userInfo },
  });
}
