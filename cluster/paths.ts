import { apiVersionOf, type Kind } from '../webhook/kind.ts';

/** The path of a kind's list: that of one namespace, or of all. */
export function listPath({ group, version, resource }: Kind, namespace?: string): string {
  const root = `${group === '' ? '/api' : '/apis'}/${apiVersionOf({ group, version })}`;
  return `${root}${namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`}/${resource}`;
}

/** The path of one object. Both names must be path segments: see `isPathSegment`. */
export function objectPath(kind: Kind, namespace: string, name: string): string {
  return `${listPath(kind, namespace)}/${encodeURIComponent(name)}`;
}

/**
 * Tells whether an object may have this name at all: every name is a path segment (apimachinery
 * validation/path/name.go), and text that is no Unicode cannot even be sent.
 */
export function isPathSegment(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/%]/.test(name) && name.isWellFormed();
}
