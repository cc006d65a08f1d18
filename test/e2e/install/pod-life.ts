import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ClusterClient } from '../../../cluster/client.ts';
import type { Outcome } from '../ran.ts';
import { type PodContainer, type RunningContainer, startContainer } from './container.ts';
import { containerOf } from './pod.ts';
import { statusOf } from './pod-status.ts';
import { type Probe, probing } from './probes.ts';
import { volumesOf } from './volumes.ts';

/** A pod on the node. */
export interface PodLife {
  readonly podIP: string;
  /** The port of 127.0.0.1 that stands for one of the pod's; undefined until somebody listens there. */
  portOf(port: number): number | undefined;
  /** What its containers have written so far, and what the kubelet has to say about them. */
  log(): string;
  /** Runs a further command in its container. Rejects while none runs. */
  exec(command: readonly string[]): Promise<Outcome>;
  /** Brings mounted Secrets and ConfigMaps up to date. */
  refresh(): Promise<void>;
  /**
   * Sends SIGTERM and, when the grace is over, SIGKILL. Gives the exit code once nothing runs any more: null where a
   * signal ended it, undefined where nothing ran. May be called again.
   */
  end(graceSeconds: number): Promise<number | null | undefined>;
}

/** What all pods of a node share, and a folder and an address for this one. */
export type PodSetup = Omit<PodContainer, 'volumes'> & { readonly client: ClusterClient };

/** Before a container that ended, or cannot start, is tried anew; a kubelet takes ten times as long. */
const BACKOFF_MS = 1_000;

/** Runs a pod as a kubelet does, until `end`: volumes, container, probes, status, restarts. */
export function startPod({ client, ...setup }: PodSetup): PodLife {
  const { pod, podIP, folder } = setup;
  const volumes = volumesOf(pod, join(folder, 'volumes'), client);
  const write = statusOf(pod, podIP, client);
  const ending = new AbortController();
  const words: string[] = [];
  let container: RunningContainer | undefined;
  let restarts = 0;
  let grace = 0;
  const over = live();
  return {
    podIP,
    portOf: (port) => container?.portOf(port),
    log: () => [...words.slice(-3), container?.program.log() ?? ''].join('\n'),
    async exec(command) {
      if (container === undefined) throw new Error(`no container of ${pod.metadata.name} runs`);
      return container.exec(command);
    },
    refresh: async () => (container === undefined ? undefined : volumes.refresh()),
    end(graceSeconds) {
      grace = graceSeconds;
      ending.abort();
      return over;
    },
  };

  async function live(): Promise<number | null | undefined> {
    for (;;) {
      try {
        await volumes.refresh();
        const code = await run();
        if (ending.signal.aborted) return code;
        restarts++;
        await waiting('CrashLoopBackOff', `its container ended with code ${code}`);
      } catch (error) {
        if (ending.signal.aborted) return undefined;
        await waiting('CreateContainerError', `${error}`);
      }
      await pause(BACKOFF_MS, undefined, { signal: ending.signal }).catch(() => {});
      if (ending.signal.aborted) return undefined;
    }
  }

  async function waiting(reason: string, message: string): Promise<void> {
    words.push(message);
    await write({ isReady: false, restarts, waiting: { reason, message } });
  }

  /** From the start of one container to its end; gives its exit code. */
  async function run(): Promise<number | null> {
    const own = join(folder, `${restarts}`);
    await mkdir(own, { recursive: true });
    const running = await startContainer({ ...setup, volumes, folder: own });
    container = running;
    try {
      await write({ isReady: false, restarts });
      await untilItHasToEnd(running);
      return await end(running);
    } finally {
      words.push(running.program.log());
      container = undefined;
    }
  }

  async function end(running: RunningContainer): Promise<number | null> {
    // One that has ended already has no process to be told.
    const tell = async (signal: NodeJS.Signals) =>
      running.program.failed.aborted ? running.program.stop() : running.end(signal);
    const force = setTimeout(() => void tell('SIGKILL').catch(() => {}), grace * 1000);
    try {
      return await tell('SIGTERM');
    } finally {
      clearTimeout(force);
    }
  }

  /** Resolves when the pod is to end, its container has ended, or one of its probes says that it must. */
  async function untilItHasToEnd({ program, portOf }: RunningContainer): Promise<void> {
    const { startupProbe, livenessProbe, readinessProbe } = containerOf(pod);
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, program.failed, ending.signal]);
    const verdicts = (probe: Probe | undefined) => (probe === undefined ? [] : probing(probe, { pod, portOf, signal }));
    const ended = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    try {
      if (!signal.aborted) await Promise.race([ended, failing()]);
    } finally {
      over.abort();
    }

    async function failing(): Promise<void> {
      for await (const isStarted of verdicts(startupProbe)) {
        if (isStarted) break;
        words.push('its startup probe failed');
        return;
      }
      const readiness = followed();
      for await (const isAlive of verdicts(livenessProbe)) {
        if (isAlive) continue;
        words.push('its liveness probe failed');
        return;
      }
      await Promise.all([readiness, ended]);
    }

    async function followed(): Promise<void> {
      if (readinessProbe === undefined) await write({ isReady: true, restarts });
      for await (const isReady of verdicts(readinessProbe)) await write({ isReady, restarts });
    }
  }
}
