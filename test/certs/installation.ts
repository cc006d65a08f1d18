import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type SelfCertificate, type SelfOptions, startSelf } from '../../certs/self.ts';
import { type ClusterClient, connect } from '../../cluster/client.ts';
import type { ControlPlane } from '../e2e/control-plane.ts';
import { type RecordedLog, recordedLog } from './recorded-log.ts';

/** A verb that mode `self` needs, by what it is for. */
export type Permission =
  | 'read the Secret'
  | 'make the Secret'
  | 'change the Secret'
  | 'read configurations'
  | 'watch configurations'
  | 'patch configurations';

export const ALL: readonly Permission[] = [
  'read the Secret',
  'make the Secret',
  'change the Secret',
  'read configurations',
  'watch configurations',
  'patch configurations',
];

/** A namespace with a service account that may do what mode `self` needs, and no more. */
export interface Installation {
  /** Of the namespace, the Service and both configurations. */
  readonly name: string;
  /** As the service account, on a connection of its own. */
  client(): Promise<ClusterClient>;
  /** A replica, under that service account, ended with the test. */
  replica(t: TestContext, options?: ReplicaOptions): Promise<Replica>;
  /** Gives the service account these permissions, and takes all others. */
  permit(permissions: readonly Permission[]): Promise<void>;
}

export type ReplicaOptions = Partial<SelfOptions> & { readonly log?: RecordedLog };

export interface Replica extends SelfCertificate {
  readonly log: RecordedLog;
}

/** Installs all but the configurations and replicas. */
export async function installation(t: TestContext, plane: ControlPlane, name: string): Promise<Installation> {
  const metadata = { name, namespace: name };
  await plane.applied(list({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { reviewed: name } } }));
  await plane.applied(list({ apiVersion: 'v1', kind: 'ServiceAccount', metadata }));
  await permit(ALL);
  const kubeconfig = join(plane.folder, `${name}.kubeconfig`);
  const { stdout: token } = await plane.succeeded(['create', 'token', name, '--namespace', name]);
  const administrator = JSON.parse(await readFile(plane.kubeconfig, 'utf8'));
  const users = [{ name: 'admin', user: { token: token.trim() } }];
  await writeFile(kubeconfig, JSON.stringify({ ...administrator, users }));
  return { name, client, replica, permit };

  async function client(): Promise<ClusterClient> {
    const connected = await connect({ kubeconfig, environment: {} });
    t.after(connected.close);
    return connected;
  }

  async function replica(t: TestContext, options: ReplicaOptions = {}): Promise<Replica> {
    const ending = new AbortController();
    t.after(() => ending.abort());
    const log = options.log ?? recordedLog();
    const started = await startSelf({
      client: options.client ?? (await client()),
      namespace: name,
      name,
      secret: 'portcullis-ca',
      names: [],
      onRenewed: () => {},
      signal: ending.signal,
      ...options,
      log,
    });
    return { ...started, log };
  }

  async function permit(permissions: readonly Permission[]): Promise<void> {
    const rules = (wanted: readonly Permission[], group: string, resources: string[], restricted: string) =>
      wanted
        .filter((permission) => permissions.includes(permission))
        .map((permission) => {
          const verb = VERBS[permission];
          // What has no name yet cannot be made by name.
          const names = verb === 'create' ? {} : { resourceNames: [restricted] };
          return { apiGroups: [group], resources, verbs: [verb], ...names };
        });
    const configurations = ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'];
    const rbac = 'rbac.authorization.k8s.io';
    const apiVersion = `${rbac}/v1`;
    const subjects = [{ kind: 'ServiceAccount', ...metadata }];
    const secretRules = rules(
      ['read the Secret', 'make the Secret', 'change the Secret'],
      '',
      ['secrets'],
      'portcullis-ca',
    );
    const configurationRules = rules(
      ['read configurations', 'watch configurations', 'patch configurations'],
      'admissionregistration.k8s.io',
      configurations,
      name,
    );
    await plane.applied(
      list(
        { apiVersion, kind: 'Role', metadata, rules: secretRules },
        { apiVersion, kind: 'RoleBinding', metadata, subjects, roleRef: { apiGroup: rbac, kind: 'Role', name } },
        { apiVersion, kind: 'ClusterRole', metadata: { name }, rules: configurationRules },
        {
          apiVersion,
          kind: 'ClusterRoleBinding',
          metadata: { name },
          subjects,
          roleRef: { apiGroup: rbac, kind: 'ClusterRole', name },
        },
      ),
    );
  }
}

const VERBS: { readonly [permission in Permission]: string } = {
  'read the Secret': 'get',
  'make the Secret': 'create',
  'change the Secret': 'update',
  'read configurations': 'get',
  'watch configurations': 'watch',
  'patch configurations': 'patch',
};

/** One document for `kubectl apply -f -`. */
export function list(...items: object[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}
