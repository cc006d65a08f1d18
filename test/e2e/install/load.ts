import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { ApiError, type ClusterClient, connect } from '../../../cluster/client.ts';
import type { ControlPlane } from '../control-plane.ts';
import { DOWNWARD_API, KUBIA, pod, website } from '../objects.ts';

/** How busy the cluster is: the pause between a few writes and the next. Also, the machine needs time for what is tested. */
const BUSY_MS = 50;

/** A write that is tried again and again as a dry run, and what should come of it. */
export interface Write {
  /** Below `/apis/…/namespaces/NAME/` or `/api/v1/namespaces/NAME/`. */
  readonly resource: 'websites' | 'pods' | 'configmaps';
  readonly object: object;
  /** `taken`, `taken with VARIABLE` for a pod that has one, or how the API server refuses. */
  readonly expected: string;
}

export const GOOD_WEBSITE: Write = {
  resource: 'websites',
  object: JSON.parse(website({ name: 'good' }, { gitRepo: KUBIA })),
  expected: 'taken',
};

export const BAD_WEBSITE: Write = {
  resource: 'websites',
  object: JSON.parse(website({ name: 'bad' }, { gitRepo: 'https://host' })),
  expected:
    'admission webhook "policy.extensions.example.com" denied the request: Website.extensions.example.com "bad" is invalid: spec.gitRepo: Invalid value: "https://host": must name a repository after the host (422)',
};

export const ASKING_POD: Write = {
  resource: 'pods',
  object: JSON.parse(pod({ name: 'asks', labels: { [DOWNWARD_API]: 'true' } })),
  expected: 'taken with POD_NAME',
};

export const PLAIN_POD: Write = {
  resource: 'pods',
  object: JSON.parse(pod({ name: 'plain' })),
  expected: 'taken',
};

/** Thirty writes at once, so that the API server uses all connections that it kept, and makes more. */
export type Burst = (write: Write) => Promise<void>;

/**
 * Writes to a namespace as long as the work goes on, a few at a time but for the bursts that the work asks for, and
 * asserts that each write came out as expected. Gives how many there were.
 */
export async function underLoad(
  plane: ControlPlane,
  namespace: string,
  writes: readonly Write[],
  work: (burst: Burst) => Promise<void>,
  pauseMs = BUSY_MS,
): Promise<number> {
  const failures: { [outcome: string]: string[] } = {};
  let count = 0;
  const onOutcome = ({ expected }: Write, outcome: string): void => {
    count++;
    if (outcome !== expected) failures[outcome] = [...(failures[outcome] ?? []), new Date().toISOString()];
  };
  await writing(plane, namespace, writes, work, onOutcome, pauseMs);
  assert.deepEqual(failures, {});
  assert.ok(count >= 10 * writes.length, `only ${count} writes`);
  return count;
}

/** Writes as `underLoad` does, and tells what came of each. */
export async function writing(
  plane: ControlPlane,
  namespace: string,
  writes: readonly Write[],
  work: (burst: Burst) => Promise<void>,
  onOutcome: (write: Write, outcome: string) => void,
  pauseMs = BUSY_MS,
): Promise<void> {
  const client = await connect({ kubeconfig: plane.kubeconfig, environment: {} });
  let isOver = false;
  const steady = (async () => {
    while (!isOver) {
      await atOnce(writes);
      await pause(pauseMs);
    }
  })();
  try {
    await work((write) => atOnce(Array.from({ length: 30 }, () => write)));
  } finally {
    isOver = true;
    await steady;
    client.close();
  }

  async function atOnce(some: readonly Write[]): Promise<void> {
    await Promise.all(some.map(async (write) => onOutcome(write, await outcomeOf(client, namespace, write))));
  }
}

/** What comes of one write, as a dry run. */
export async function outcomeOf(
  client: ClusterClient,
  namespace: string,
  { resource, object }: Write,
): Promise<string> {
  const group = resource === 'websites' ? '/apis/extensions.example.com/v1' : '/api/v1';
  const path = `${group}/namespaces/${namespace}/${resource}`;
  try {
    const { spec } = await client.request('POST', path, { query: { dryRun: 'All' }, body: object });
    const { containers = [] } = (spec ?? {}) as { containers?: { env?: { name: string }[] }[] };
    const variable = containers[0]?.env?.[0]?.name;
    return variable === undefined ? 'taken' : `taken with ${variable}`;
  } catch (error) {
    return error instanceof ApiError ? error.message.replace(/^POST \S+: /, '') : `${error}`;
  }
}
