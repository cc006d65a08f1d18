import { CronJob, DaemonSet, Deployment, Job, ReplicaSet, StatefulSet } from '../../author.ts';

/** API servers 1.20 serve CronJobs in this version alone; from 1.25 on it is gone. */
const CronJobBeta: typeof CronJob = { ...CronJob, version: 'v1beta1' };

/** The kinds of whose templates a controller makes pods. */
export const workloads = [Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob, CronJobBeta] as const;

/** An object of any of them, of which no more is taken for granted than a review promises. */
export interface Workload {
  readonly kind: string;
  readonly metadata: { readonly name?: string; readonly ownerReferences?: { readonly controller?: boolean }[] };
  readonly spec?: unknown;
}
