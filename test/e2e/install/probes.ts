import { setTimeout as pause } from 'node:timers/promises';
import { containerOf, type Pod } from './pod.ts';

export type Probe = NonNullable<Pod['spec']['containers'][number]['readinessProbe']>;

/** What is probed: `portOf` gives the port of 127.0.0.1 that stands for one of the pod's. */
export interface Probed {
  readonly pod: Pod;
  readonly portOf: (port: number) => number | undefined;
  /** Ends the probing. */
  readonly signal: AbortSignal;
}

/** Probes as a kubelet does, by the probe's own numbers, and gives each verdict once its threshold is reached. */
export async function* probing(probe: Probe, { pod, portOf, signal }: Probed): AsyncGenerator<boolean> {
  const { initialDelaySeconds = 0, periodSeconds = 10, successThreshold = 1, failureThreshold = 3 } = probe;
  let last: boolean | undefined;
  let count = 0;
  await paused(initialDelaySeconds);
  while (!signal.aborted) {
    const isGood = await answers(pod, probe, portOf);
    count = isGood === last ? count + 1 : 1;
    last = isGood;
    if (count === (isGood ? successThreshold : failureThreshold) && !signal.aborted) yield isGood;
    await paused(periodSeconds);
  }

  async function paused(seconds: number): Promise<void> {
    await pause(seconds * 1000, undefined, { signal }).catch(() => {});
  }
}

async function answers(pod: Pod, { httpGet, timeoutSeconds = 1 }: Probe, portOf: Probed['portOf']): Promise<boolean> {
  if (httpGet === undefined) throw new Error('the stand-in of a kubelet knows no probe but httpGet');
  const named = containerOf(pod).ports?.find(({ name }) => name === httpGet.port)?.containerPort;
  const port = portOf(named ?? Number(httpGet.port));
  if (port === undefined) return false;
  const url = `${(httpGet.scheme ?? 'HTTP').toLowerCase()}://127.0.0.1:${port}${httpGet.path}`;
  try {
    const { status } = await fetch(url, { signal: AbortSignal.timeout(timeoutSeconds * 1000) });
    return status >= 200 && status < 400;
  } catch {
    return false;
  }
}
