import type { V1Pod } from '@kubernetes/client-node';
import type { Wire } from '../../../author.ts';

/** A Pod as the API server has it, with what it fills in. */
export type Pod = Wire<V1Pod> & {
  readonly spec: NonNullable<Wire<V1Pod>['spec']>;
  readonly metadata: { readonly name: string; readonly namespace: string; readonly uid: string };
};

/** Where the API server has it. */
export function pathOf({ metadata: { namespace, name } }: Pod): string {
  return `/api/v1/namespaces/${namespace}/pods/${name}`;
}

/** The only container: our pods have no other, and one that did would have to say what it is for. */
export function containerOf(pod: Pod): Pod['spec']['containers'][number] {
  const [container, ...others] = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
  if (container === undefined || others.length > 0) throw new Error(`${pod.metadata.name} has not one container`);
  return container;
}
