import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../eventually.ts';
import { ASKING_POD, BAD_WEBSITE, GOOD_WEBSITE, outcomeOf, type Write } from '../install/load.ts';
import { pod, WEBSITE } from '../objects.ts';
import { type Place, USERS } from './place.ts';

/** What came of a load of reviews. */
export interface Load {
  readonly writes: number;
  /** How often Portcullis was asked, as the API server counts it. */
  readonly reviews: number;
  /** What was said in place of what should have been, and how often. */
  readonly failures: { readonly [outcome: string]: number };
  /** The milliseconds that all but one in a hundred writes took at most. */
  readonly p99Ms: number;
}

/** Of a Website that is nowhere: so says only who has asked the API server anew. */
export const POD_WITHOUT_WEBSITE: Write = {
  resource: 'pods',
  object: JSON.parse(pod({ name: 'asks', labels: { [WEBSITE]: 'missing' } })),
  expected:
    'admission webhook "website.git-sync.extensions.example.com" denied the request: Pod "asks" is invalid: metadata.labels[extensions.example.com/website]: Invalid value: "missing": there is no Website of that name in the namespace of the pod (422)',
};

/** What users write, each again and again. */
export const WRITES: readonly Write[] = [GOOD_WEBSITE, ASKING_POD, BAD_WEBSITE];
/** What users do. */
export interface Users {
  /** WRITES unless said. */
  readonly writes?: readonly Write[];
  /** How long each rests between two writes, since the machine has other things to do; 25 unless said. */
  readonly restMs?: number;
}

/** So many write at the same time. */
const USERS_AT_ONCE = 4;

/** Has users write, as dry runs, as long as the work goes on. */
export async function underLoad(
  place: Place,
  work: () => Promise<void>,
  { writes = WRITES, restMs = 25 }: Users = {},
): Promise<Load> {
  const failures: { [outcome: string]: number } = {};
  const took: number[] = [];
  let isOver = false;
  const before = await reviewsOf(place);
  const users = Array.from({ length: USERS_AT_ONCE }, (_, i) => user(i));
  try {
    await work();
  } finally {
    isOver = true;
    await Promise.all(users);
  }
  took.sort((a, b) => a - b);
  return {
    writes: took.length,
    reviews: (await reviewsOf(place)) - before,
    failures,
    p99Ms: took[Math.floor(took.length * 0.99)] ?? 0,
  };

  async function user(first: number): Promise<void> {
    for (let turn = first; !isOver; turn++) {
      const write = writes[turn % writes.length] as Write;
      const began = performance.now();
      const outcome = await outcomeOf(place.client, USERS, write);
      took.push(performance.now() - began);
      if (outcome !== write.expected) failures[outcome] = (failures[outcome] ?? 0) + 1;
      await pause(restMs);
    }
  }
}

/** Does work under load of which nobody notices anything; gives what came of the load. */
export async function unnoticed(place: Place, work: () => Promise<void>, users: Users = {}): Promise<Load> {
  const load = await underLoad(place, work, users);
  assert.deepEqual(load.failures, {});
  return load;
}

/** In words. */
export function told({ writes, reviews, failures, p99Ms }: Load): string {
  const failed = Object.values(failures).reduce((sum, times) => sum + times, 0);
  return `${writes} writes, ${reviews} reviews, ${failed} failures, 99 of 100 writes within ${p99Ms.toFixed(0)} ms`;
}

/** Waits until reviews come out as they should. */
export async function works(place: Place, writes = WRITES): Promise<void> {
  await eventually('reviews get through', async () => {
    assert.deepEqual(await reviewed(place, writes), []);
    return true;
  });
}

/** Writes one of each kind, and gives what was said in place of what should have been: nothing, when all is well. */
export async function reviewed(place: Place, writes = WRITES): Promise<readonly string[]> {
  const outcomes = await Promise.all(
    writes.map(async (write) => [write.expected, await outcomeOf(place.client, USERS, write)] as const),
  );
  return outcomes.filter(([expected, outcome]) => outcome !== expected).map(([, outcome]) => outcome);
}

async function reviewsOf({ plane }: Place): Promise<number> {
  const { stdout } = await plane.succeeded(['get', '--raw', '/metrics']);
  const counts = stdout.matchAll(
    /^apiserver_admission_webhook_admission_duration_seconds_count\{name="[^"]+\.extensions\.example\.com"[^}]*\} (\d+)$/gm,
  );
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}
