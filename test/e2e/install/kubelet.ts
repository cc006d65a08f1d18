import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from '../../../cluster/client.ts';
import type { Image } from '../../image/build.ts';
import type { ControlPlane } from '../control-plane.ts';
import type { Outcome } from '../ran.ts';
import { registerNode } from './node.ts';
import { type Pod, pathOf } from './pod.ts';
import { type PodLife, startPod } from './pod-life.ts';

/** A stand-in for the kubelet of the only node, and for the scheduler, which has no choice. */
export interface Kubelet {
  /** The port of 127.0.0.1 that stands for this port of the pod at this address. */
  portOf(podIP: string, port: number): number | undefined;
  /** Runs a command in the pod at this address, as `kubectl exec` does. Rejects where none runs. */
  exec(podIP: string, command: readonly string[]): Promise<Outcome>;
  /** What the pods that are there now have written; with why they do not run, if they do not. */
  logs(): string;
  /** The exit codes of the pods that were deleted; null where it took SIGKILL. */
  exitCodes(): readonly (number | null)[];
  /** Ends every pod at once. */
  stop(): Promise<void>;
}

/** How often the cluster is looked at, in place of a watch. */
const TICK_MS = 100;

/** Registers a node and runs on it whatever pods the namespace has, from the images given, until `stop`. */
export async function startKubelet(
  plane: ControlPlane,
  namespace: string,
  images: { readonly [name: string]: Image },
): Promise<Kubelet> {
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-kubelet-'));
  const client = await connect({ kubeconfig: plane.kubeconfig, environment: {} });
  const name = 'node';
  const node = await registerNode(client, name);
  const pods = new Map<string, PodLife>();
  const leaving = new Map<string, Promise<void>>();
  const exitCodes: (number | null)[] = [];
  const problems: string[] = [];
  const stopping = new AbortController();
  let addresses = 0;
  const over = run();
  return {
    portOf: (podIP, port) => [...pods.values()].find((pod) => pod.podIP === podIP)?.portOf(port),
    async exec(podIP, command) {
      const pod = [...pods.values()].find((one) => one.podIP === podIP);
      if (pod === undefined) throw new Error(`there is no pod at ${podIP}`);
      return pod.exec(command);
    },
    logs: () => [...problems, ...[...pods.values()].map((pod) => pod.log())].join('\n'),
    exitCodes: () => exitCodes,
    stop,
  };

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await look().catch((error: unknown) => problems.push(`${error}`));
      await pause(TICK_MS, undefined, { signal: stopping.signal }).catch(() => {});
    }
  }

  async function look(): Promise<void> {
    const list = await client.request('GET', `/api/v1/namespaces/${namespace}/pods`);
    const found = list.items as Pod[];
    for (const pod of found) {
      const { uid, deletionTimestamp, deletionGracePeriodSeconds = 30 } = pod.metadata;
      if (pod.spec.nodeName === undefined) await schedule(pod);
      else if (deletionTimestamp !== undefined) leave(uid, deletionGracePeriodSeconds, pathOf(pod));
      else if (pods.has(uid)) await pods.get(uid)?.refresh();
      else pods.set(uid, await begin(pod));
    }
    // Deleted by force: nobody waits for the kubelet.
    for (const uid of pods.keys()) if (!found.some((pod) => pod.metadata.uid === uid)) leave(uid, 0);
  }

  async function schedule({ metadata }: Pod): Promise<void> {
    const target = { apiVersion: 'v1', kind: 'Node', name };
    const body = { apiVersion: 'v1', kind: 'Binding', metadata: { name: metadata.name }, target };
    await client.request('POST', `/api/v1/namespaces/${namespace}/pods/${metadata.name}/binding`, { body });
  }

  async function begin(pod: Pod): Promise<PodLife> {
    const own = await mkdtemp(join(folder, `${pod.metadata.name}-`));
    addresses++;
    const podIP = `10.244.${addresses >> 8}.${addresses & 255}`;
    const apiServer = new URL(client.server);
    return startPod({ pod, podIP, images, apiServer, client, folder: own });
  }

  /** Ends a pod and then, unless it is gone already, deletes it for good. */
  function leave(uid: string, graceSeconds: number, path?: string): void {
    if (leaving.has(uid)) return;
    leaving.set(
      uid,
      ended(uid, graceSeconds, path).catch((error: unknown) => void problems.push(`${error}`)),
    );
  }

  async function ended(uid: string, graceSeconds: number, path?: string): Promise<void> {
    const code = await pods.get(uid)?.end(graceSeconds);
    if (code !== undefined) exitCodes.push(code);
    if (path !== undefined) await plane.kubectl(['delete', '--raw', `${path}?gracePeriodSeconds=0`]);
    pods.delete(uid);
  }

  async function stop(): Promise<void> {
    stopping.abort();
    await over;
    node.stop();
    await Promise.all([...pods.values()].map((pod) => pod.end(0)));
    await Promise.all(leaving.values());
    client.close();
    await rm(folder, { recursive: true, force: true });
  }
}
