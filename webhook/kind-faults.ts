import { literal } from './literal.ts';

const GROUP = /^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*)?$/;
const VERSION = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;
const KIND = /^[A-Z][A-Za-z0-9]{0,62}$/;
const RESOURCE = /^[a-z]([-a-z0-9]*[a-z0-9])?(\/[a-z]([-a-z0-9]*[a-z0-9])?)?$/;

/**
 * What is wrong with a rule's kinds, as clauses that follow "its kind". A token that names nothing makes a
 * configuration that the API server takes without a word and never acts on, so each part is held to its form.
 */
export function kindFaults(kinds: readonly unknown[]): string[] {
  if (kinds.length === 0) return ['is an empty list; name at least one'];
  return kinds.flatMap((token) => {
    if (typeof token !== 'object' || token === null) return ['must be a token made by kind(), or a list of them'];
    const { group, version, kind, resource, scope } = token as { readonly [member: string]: unknown };
    const faults: string[] = [];
    const check = (isRight: boolean, fault: string): void => {
      if (!isRight) faults.push(fault);
    };
    check(isText(group, GROUP), `has the group ${literal(group)}; it must be like "apps", and "" for the core group`);
    check(group !== 'core', 'has the group "core"; the core group is ""');
    check(isText(version, VERSION), `has the version ${literal(version)}; it must be like "v1"`);
    check(isText(kind, KIND), `has the kind ${literal(kind)}; it must be like "Pod"`);
    check(
      isText(resource, RESOURCE),
      `has the resource ${literal(resource)}; it must be one plural REST name, like "pods" or "pods/exec"`,
    );
    check(!isSingular(group, kind, resource), `has the resource ${literal(resource)}; it must be plural, like "pods"`);
    check(
      scope === 'Namespaced' || scope === 'Cluster',
      `has the scope ${literal(scope)}; it must be "Namespaced" or "Cluster"`,
    );
    return faults;
  });
}

function isText(value: unknown, form: RegExp): boolean {
  return typeof value === 'string' && form.test(value);
}

/** Kubernetes' own resources are plurals; a CRD may be of `sheep`. */
function isSingular(group: unknown, kind: unknown, resource: unknown): boolean {
  if (typeof group !== 'string' || typeof kind !== 'string' || typeof resource !== 'string') return false;
  const isNative = !group.includes('.') || group.endsWith('.k8s.io');
  return isNative && kind !== 'Endpoints' && resource === kind.toLowerCase();
}
