import { ApiError, type ClusterClient } from '../../../cluster/client.ts';
import { containerOf, type Pod, pathOf } from './pod.ts';

/** What a kubelet knows of a pod's container. */
export interface ContainerState {
  readonly isReady: boolean;
  readonly restarts: number;
  /** Why it does not run; undefined while it does. */
  readonly waiting?: { readonly reason: string; readonly message: string };
}

/** Writes a pod's status, as its kubelet. A pod that is gone has none. */
export function statusOf(pod: Pod, podIP: string, client: ClusterClient): (state: ContainerState) => Promise<void> {
  const startTime = new Date().toISOString();
  let wasReady: boolean | undefined;
  let since = startTime;
  return async ({ isReady, restarts, waiting }) => {
    if (isReady !== wasReady) since = new Date().toISOString();
    wasReady = isReady;
    const condition = (type: string, isTrue: boolean, lastTransitionTime: string) => ({
      type,
      status: isTrue ? 'True' : 'False',
      lastTransitionTime,
    });
    const { name, image } = containerOf(pod);
    const running = waiting === undefined;
    const status = {
      phase: running || restarts > 0 ? 'Running' : 'Pending',
      conditions: [
        condition('PodScheduled', true, startTime),
        condition('Initialized', true, startTime),
        condition('ContainersReady', isReady, since),
        condition('Ready', isReady, since),
      ],
      hostIP: '192.0.2.1',
      podIP,
      podIPs: [{ ip: podIP }],
      startTime,
      containerStatuses: [
        {
          ...{ name, image, imageID: `${image}`, ready: isReady, started: running, restartCount: restarts },
          state: running ? { running: { startedAt: since } } : { waiting },
        },
      ],
    };
    const options = { body: { status }, contentType: 'application/merge-patch+json' };
    await client.request('PATCH', `${pathOf(pod)}/status`, options).catch((error: unknown) => {
      if (!(error instanceof ApiError && error.code === 404)) throw error;
    });
  };
}
