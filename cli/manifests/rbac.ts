import type { Kind } from '../../webhook/kind.ts';
import { type Installation, type Manifest, NAME, needsCluster, ownMetadata, SELECTED } from './installation.ts';

/** A rule of a Role: rbac.authorization.k8s.io/v1 PolicyRule. */
interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** The server's identity. Whoever else runs under it gets no token: the Deployment asks for one where it needs it. */
export function serviceAccount(installation: Installation): Manifest {
  const metadata = ownMetadata(installation);
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata, automountServiceAccountToken: false };
}

/**
 * What the server may do, which is what the configuration makes it do and no more: nothing at all, unless a rule in force
 * looks something up, or the certificate's mode is `self`.
 */
export function rbac(installation: Installation): Manifest[] {
  const { certificate, registration } = installation;
  const isSelf = certificate.mode === 'self';
  const own = isSelf ? ownSecret(certificate.secret) : [];
  const configurations = needsCluster(installation) ? [ownConfigurations(isSelf && registration === 'bundle')] : [];
  const everywhere = [...configurations, ...watched(installation.lookups)];
  const clusterWide = { name: clusterWideName(installation), labels: SELECTED };
  return [
    ...(own.length === 0 ? [] : granted('', ownMetadata(installation), own, installation)),
    ...(everywhere.length === 0 ? [] : granted('Cluster', clusterWide, everywhere, installation)),
  ];
}

/** To create cannot be granted by name: the name is in the body, and authorization sees the URL (RBAC's documentation). */
function ownSecret(name: string): PolicyRule[] {
  const secrets = { apiGroups: [''], resources: ['secrets'] };
  return [
    { ...secrets, resourceNames: [name], verbs: ['get', 'update'] },
    { ...secrets, verbs: ['create'] },
  ];
}

/**
 * They are compared with what they should be, wherever a cluster is asked at all, as soon as a watch tells of them;
 * authorization takes a watch's selector for the name. The caBundle is put in by a patch.
 */
function ownConfigurations(isPatched: boolean): PolicyRule {
  return {
    apiGroups: ['admissionregistration.k8s.io'],
    resources: ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
    resourceNames: [NAME],
    verbs: ['get', 'watch', ...(isPatched ? ['patch'] : [])],
  };
}

/** In all namespaces, since lookups are in that of the request; `get` confirms what the cache does not have. */
function watched(kinds: readonly Kind[]): PolicyRule[] {
  const groups = [...new Set(kinds.map(({ group }) => group))];
  return groups.map((group) => {
    const resources = new Set(kinds.filter((kind) => kind.group === group).map(({ resource }) => resource));
    return { apiGroups: [group], resources: [...resources], verbs: ['get', 'list', 'watch'] };
  });
}

function granted(
  scope: '' | 'Cluster',
  metadata: Manifest['metadata'],
  rules: readonly PolicyRule[],
  { namespace }: Installation,
): Manifest[] {
  const api = 'rbac.authorization.k8s.io';
  const roleRef = { apiGroup: api, kind: `${scope}Role`, name: metadata.name };
  const subjects = [{ kind: 'ServiceAccount', name: NAME, namespace }];
  return [
    { apiVersion: `${api}/v1`, kind: `${scope}Role`, metadata, rules },
    { apiVersion: `${api}/v1`, kind: `${scope}RoleBinding`, metadata, roleRef, subjects },
  ];
}

/** An install in another namespace must not take the rights of this one away by binding them to its own account. */
function clusterWideName({ namespace }: Installation): string {
  return namespace === 'portcullis-system' ? NAME : `${NAME}-${namespace}`;
}
