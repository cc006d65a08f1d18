import { rawNumber } from '../schema/exact-json.ts';
import type { Cluster, KubeObject } from './cluster.ts';
import { parseApiVersion } from './resources.ts';

/**
 * The object with its members as an API server sends them. A custom resource is a map to it, which Go's encoding/json prints by
 * its keys; rules then meet its fields in that order, and their denials tell of them in it. Objects of built-in kinds, which
 * it prints as their Go types have it, stay as they are.
 */
export function inKeyOrder(object: KubeObject, cluster: Cluster): KubeObject {
  const { group } = parseApiVersion(object.apiVersion);
  // Built-in groups have no dot, or end so; CRDs may end so too, and are known by themselves.
  const isBuiltIn = !group.includes('.') || group.endsWith('.k8s.io');
  const isCustom = !isBuiltIn || cluster.storageOf(object.apiVersion, object.kind) !== undefined;
  return isCustom ? (sorted(object) as KubeObject) : object;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null || rawNumber(value) !== undefined) return value;
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, sorted(member)]));
}
