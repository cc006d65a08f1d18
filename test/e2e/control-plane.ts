import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { programPath } from './assets.ts';
import { filesOf, type Place, writeFiles } from './control-plane-files.ts';
import { apiServerFlags, controllerManagerFlags, etcdFlags } from './control-plane-flags.ts';
import type { Patience } from './eventually.ts';
import { freePorts } from './free-ports.ts';
import { type Kubectl, kubectlFor } from './kubectl.ts';
import { type Program, startProgram } from './program.ts';
import { reached } from './reached.ts';

/** What may differ from one control plane to the next. */
export interface ControlPlaneOptions {
  /** Come after our own, so that where both set the same, these win. */
  readonly extraApiServerFlags?: readonly string[];
  /** Keeps an audit log of everything but reads; see `auditEvents`. */
  readonly audit?: boolean;
  /** Documents to apply as soon as the API server answers: what its admission wants there before it takes any Pod. */
  readonly firstObjects?: string;
}

/**
 * A running etcd, API server and controller manager. There are no nodes: pods are made, and stay Pending. Once one of
 * the three has broken down, every call of kubectl rejects with the end of its log.
 */
export interface ControlPlane extends Kubectl {
  /** Holds the state, and a `<program>.log` each; removed by `stop`. */
  readonly folder: string;
  /** The path of an administrator's kubeconfig. */
  readonly kubeconfig: string;
  /** The API server's minor version: 20 for 1.20. */
  readonly minor: number;
  /** Of etcd, the API server and the controller manager, in this order. */
  readonly pids: readonly number[];
  /** What other programs need to find their way to this cluster and to no other: helm, Portcullis. */
  readonly env: { readonly PATH: string; readonly HOME: string; readonly KUBECONFIG: string };
  /** The audit log so far, in the order of writing (audit.k8s.io/v1 Event). Rejects unless started with `audit`. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server wrote; a test asserts on it
  auditEvents(): Promise<any[]>;
  /** Ends the three programs, waits until they are gone, and removes the folder. May be called again. */
  stop(): Promise<void>;
}

/**
 * Starts a control plane of KUBEBUILDER_ASSETS' programs in a temporary folder, on free ports of 127.0.0.1, and gives
 * it when pods can be made in the namespace `default`. Rejects when one of the programs is missing; and, with the end
 * of its log, when one ends or is not ready 60 s after the start. Nothing of it outlives this process.
 */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const names = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kubectl'];
  const programs = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await programPath(name)])));
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(programs, options);
    } catch (error) {
      const portTaken = error instanceof Error && error.message.includes('address already in use');
      if (!portTaken || attempt === 3) throw error;
    }
  }
}

async function startOnce(
  programs: { readonly [name: string]: string },
  { extraApiServerFlags = [], audit = false, firstObjects }: ControlPlaneOptions,
): Promise<ControlPlane> {
  const deadline = performance.now() + 60_000;
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-e2e-'));
  const files = filesOf(folder);
  const kubectlPath = programs.kubectl ?? 'kubectl';
  const PATH = [dirname(kubectlPath), process.env.PATH].join(delimiter);
  const env = { PATH, HOME: folder, KUBECONFIG: files.kubeconfig };
  const running: Program[] = [];
  const cluster = kubectlFor(kubectlPath, env, () => {
    for (const { failed } of running) failed.throwIfAborted();
  });
  try {
    const place = { files, token: randomUUID(), ports: await choosePorts() };
    await writeFiles(place);
    await start('etcd', etcdFlags(place));
    const apiServer = await start('kube-apiserver', [...apiServerFlags(place, audit), ...extraApiServerFlags]);
    await reached(apiServer, 'readiness', () => cluster.succeeded(['get', '--raw', '/readyz']), patience());
    if (firstObjects !== undefined) {
      await reached(apiServer, 'the first objects', () => cluster.applied(firstObjects), patience());
    }
    const { stdout: version } = await cluster.succeeded(['get', '--raw', '/version']);
    const minor = Number.parseInt(JSON.parse(version).minor, 10);
    const manager = await start('kube-controller-manager', controllerManagerFlags(place, minor));
    await reached(manager, 'a Pod is admitted', () => cluster.succeeded(TRY_A_POD, { input: POD }), patience());
    const pids = running.map(({ pid }) => pid);
    return { ...cluster, folder, kubeconfig: files.kubeconfig, minor, pids, env, auditEvents, stop };
  } catch (error) {
    await stop();
    throw error;
  }

  async function start(name: string, args: readonly string[]): Promise<Program> {
    const command = programs[name] ?? name;
    const program = await startProgram({ name, command, args, folder, env: { PATH, HOME: folder } });
    running.push(program);
    return program;
  }

  function patience(): Patience {
    const unless = AbortSignal.any(running.map(({ failed }) => failed));
    return { timeoutMs: Math.max(0, deadline - performance.now()), unless };
  }

  async function auditEvents() {
    const lines = (await readFile(files.auditLog, 'utf8')).split('\n');
    // The last is empty, or still being written.
    return lines.slice(0, -1).map((line) => JSON.parse(line));
  }

  async function stop(): Promise<void> {
    // In this order nobody loses what it still needs to end in good order.
    for (const program of running.toReversed()) await program.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function choosePorts(): Promise<Place['ports']> {
  const [etcd = 0, etcdPeer = 0, apiServer = 0, controllerManager = 0] = await freePorts(4);
  return { etcd, etcdPeer, apiServer, controllerManager };
}

// A Pod is admitted once its namespace, the ServiceAccount and, on older servers, that account's token are there.
const TRY_A_POD = ['create', '--raw', '/api/v1/namespaces/default/pods?dryRun=All', '-f', '-'];
const POD = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'try' },
  spec: { containers: [{ name: 'try', image: 'try' }] },
});
