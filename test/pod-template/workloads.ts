/** Where each kind has its template. */
export const TEMPLATES: readonly { readonly apiVersion: string; readonly kind: string; readonly at: string }[] = [
  { apiVersion: 'apps/v1', kind: 'Deployment', at: 'spec.template' },
  { apiVersion: 'apps/v1', kind: 'StatefulSet', at: 'spec.template' },
  { apiVersion: 'apps/v1', kind: 'DaemonSet', at: 'spec.template' },
  { apiVersion: 'apps/v1', kind: 'ReplicaSet', at: 'spec.template' },
  { apiVersion: 'batch/v1', kind: 'Job', at: 'spec.template' },
  { apiVersion: 'batch/v1', kind: 'CronJob', at: 'spec.jobTemplate.spec.template' },
  { apiVersion: 'batch/v1beta1', kind: 'CronJob', at: 'spec.jobTemplate.spec.template' },
];

/** A workload named `shop` whose pods would be such; `more` is added to its spec, `metadata` to its own metadata. */
export function workload(
  pod: object,
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string } = DEPLOYMENT,
  { metadata = {}, more = {} }: { readonly metadata?: object; readonly more?: object } = {},
): object {
  const { metadata: given, spec } = pod as { metadata?: unknown; spec?: unknown };
  const template = { metadata: given, spec };
  return {
    apiVersion,
    kind,
    metadata: { name: 'shop', ...metadata },
    spec: kind === 'CronJob' ? { jobTemplate: { spec: { template, ...more } } } : { template, ...more },
  };
}

const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment' };
