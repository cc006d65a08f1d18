import type { V1ObjectMeta } from '@kubernetes/client-node';

declare const type: unique symbol;

/**
 * A token for what one resource carries and where it lives. `group` and `version` are those of the resource;
 * a subresource (`'pods/exec'`) is a kind of its own, so that no rule for the parent meets one by accident.
 */
export interface Kind<T = unknown> {
  /** `''` for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** The plural REST name: `'pods'`, or `'pods/exec'`. */
  readonly resource: string;
  readonly scope: 'Namespaced' | 'Cluster';
  readonly [type]?: T;
}

/**
 * An object as JSON carries it: dates are strings, the `_from` of @kubernetes/client-node is `from`, and
 * `metadata` is there. Options objects of CONNECT (PodExecOptions, …) have none: give them a type of their own.
 */
export type Wire<T> = Json<T> & { apiVersion: string; kind: string; metadata: Json<V1ObjectMeta> };

type Json<T> = T extends Date
  ? string
  : T extends readonly (infer E)[]
    ? Json<E>[]
    : T extends object
      ? { [P in keyof T as P extends `_${infer N}` ? N : P]: Json<T[P]> }
      : T;

/** The object type that a kind, or any of several kinds, carries. */
export type ObjectOf<K> = K extends readonly (infer E)[] ? ObjectOf<E> : K extends Kind<infer T> ? T : never;

/** Makes a kind's token; `T` is the object's type, usually one of @kubernetes/client-node's. */
export function kind<T>(token: Omit<Kind, typeof type>): Kind<Wire<T>> {
  return token;
}

/** Tells which of a rule's kinds the object in hand is; narrows its type. */
export function is<T>(token: Kind<T>, object: unknown): object is T {
  const { kind, apiVersion } = object as { kind?: unknown; apiVersion?: unknown };
  // A subresource may carry an object of another group: deployments/scale carries autoscaling/v1 Scale.
  return kind === token.kind && (token.resource.includes('/') || apiVersion === apiVersionOf(token));
}

/** `'v1'` for the core group, otherwise `'apps/v1'`. */
export function apiVersionOf(token: Pick<Kind, 'group' | 'version'>): string {
  return token.group === '' ? token.version : `${token.group}/${token.version}`;
}

/** As kubectl takes it: `pods`, `deployments.apps`; a subresource is `deployments/scale.apps`. */
export function resourceName({ group, resource }: Pick<Kind, 'group' | 'resource'>): string {
  return group === '' ? resource : `${resource}.${group}`;
}
