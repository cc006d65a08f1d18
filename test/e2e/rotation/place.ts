import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { SelfTimes } from '../../../certs/self-times.ts';
import { type ClusterClient, connect } from '../../../cluster/client.ts';
import { namespace } from '../cluster.ts';
import { type ControlPlane, startControlPlane } from '../control-plane.ts';
import { eventually } from '../eventually.ts';
import { auditingReads } from '../install/audit.ts';
import { ran } from '../ran.ts';
import { type Balancer, startBalancer } from './balancer.ts';
import { type Replica, type ReplicaOptions, startReplica } from './replica.ts';

/** The namespace of the install. */
export const NAMESPACE = 'portcullis-system';
/** The namespace in which users are at work. */
export const USERS = 'users';

/** An object of a manifest. */
export interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  // biome-ignore lint/suspicious/noExplicitAny: whatever the generator prints; a test changes it
  readonly [member: string]: any;
}

/** A cluster in which Portcullis is installed but for its pods and its webhooks: replicas are processes of this machine. */
export interface Place {
  readonly plane: ControlPlane;
  /** As the administrator. */
  readonly client: ClusterClient;
  readonly balancer: Balancer;
  /** For whatever a test has to write down. */
  readonly folder: string;
  /** What `manifests server` prints. */
  readonly server: readonly Manifest[];
  /** The replicas that run. */
  readonly replicas: ReadonlySet<Replica>;
  /** Starts one under the generated roles, behind the balancer, and does not wait for it. */
  start(
    times: SelfTimes,
    options?: Pick<ReplicaOptions, 'skewMs' | 'checkout' | 'rules' | 'connectionMs' | 'drainSeconds'>,
  ): Promise<Replica>;
  /** Sends the signal (SIGTERM unless said); gives the exit code. */
  end(replica: Replica, signal?: NodeJS.Signals): Promise<number | null>;
  /** Ends all; they have to end in good order. */
  endAll(): Promise<void>;
  /** The webhook configurations as `manifests webhooks` prints them, for the balancer: one document for kubectl. */
  readonly webhooks: string;
  /** The same with the rules of a folder besides. */
  webhooksWith(rules: string): Promise<string>;
  stop(): Promise<void>;
}

const PROGRAM = resolve(import.meta.dirname, '../../../cli/portcullis.js');

/** Starts a control plane whose audit log has every request of Portcullis', and installs. */
export async function startPlace(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-rotation-'));
  const parts: (() => Promise<void> | void)[] = [() => rm(folder, { recursive: true, force: true })];
  const replicas = new Set<Replica>();
  try {
    const plane = await startControlPlane({ audit: true, extraApiServerFlags: await auditingReads(folder) });
    parts.push(plane.stop);
    const objects = await manifests(plane, 'server');
    await applied(plane, objects, /^(Namespace|CustomResourceDefinition|ServiceAccount)$/);
    await applied(plane, objects, /Role(Binding)?$/);
    await plane.applied(JSON.stringify(serviceHere()));
    await eventually('Websites are served', () => plane.succeeded(['get', 'websites']));
    await namespace(plane, USERS, {});
    const kubeconfig = await restricted(plane, folder);
    const client = await connect({ kubeconfig: plane.kubeconfig, environment: {} });
    parts.push(client.close);
    const balancer = await startBalancer();
    parts.push(balancer.stop);
    const webhooksOf = async (...args: readonly string[]) =>
      listOf(await manifests(plane, 'webhooks', args)).replaceAll('"port":443', `"port":${balancer.port}`);
    const webhooks = await webhooksOf();
    let count = 0;
    const end: Place['end'] = async (replica, signal) => {
      replicas.delete(replica);
      const code = await replica.stop(signal);
      balancer.remove(replica);
      return code;
    };
    parts.push(async () => void (await Promise.all([...replicas].map((replica) => end(replica, 'SIGKILL')))));
    return {
      ...{ plane, client, balancer, folder, replicas, webhooks, end, stop },
      server: objects,
      webhooksWith: (rules) => webhooksOf('--rules', rules),
      async start(times, options) {
        const replica = await startReplica({ name: `replica-${++count}`, folder, kubeconfig, times, ...options });
        replicas.add(replica);
        balancer.add(replica);
        return replica;
      },
      async endAll() {
        await Promise.all(
          [...replicas].map(async (replica) =>
            assert.equal(await end(replica), 0, `${replica.name}: ${replica.log()}`),
          ),
        );
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }

  async function stop(): Promise<void> {
    for (const part of parts.toReversed()) await part();
  }
}

async function manifests(
  plane: ControlPlane,
  what: 'server' | 'webhooks',
  more: readonly string[] = [],
): Promise<Manifest[]> {
  const args = ['manifests', what, '--kube-version', `1.${plane.minor}`, ...more];
  const { code, stdout, stderr } = await ran(process.execPath, [PROGRAM, ...args], {});
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  return parseAllDocuments(stdout).map((document) => document.toJS());
}

async function applied(plane: ControlPlane, objects: readonly Manifest[], kinds: RegExp): Promise<void> {
  await plane.applied(listOf(objects.filter(({ kind }) => kinds.test(kind))));
}

/** One document for `kubectl apply -f -`. */
export function listOf(items: readonly object[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}

/** The Service of the install, which is a name for this machine. */
function serviceHere(): object {
  const metadata = { name: 'portcullis', namespace: NAMESPACE };
  return { apiVersion: 'v1', kind: 'Service', metadata, spec: { type: 'ExternalName', externalName: '127.0.0.1' } };
}

/** Gives the path of a kubeconfig for the ServiceAccount of the install. */
async function restricted(plane: ControlPlane, folder: string): Promise<string> {
  const { stdout: token } = await plane.succeeded(['-n', NAMESPACE, 'create', 'token', 'portcullis']);
  const administrator = JSON.parse(await readFile(plane.kubeconfig, 'utf8'));
  const path = join(folder, 'kubeconfig');
  const users = [{ name: 'admin', user: { token: token.trim() } }];
  await writeFile(path, JSON.stringify({ ...administrator, users }));
  return path;
}
