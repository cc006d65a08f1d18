import type { Kind } from '../webhook/kind.ts';
import type { Found, Waits } from './messages.ts';
import type { Waiting } from './waiting.ts';

/** Looks up all that a review waits for. As in one process, what cannot be known ends the wait at once. */
export async function foundFor(
  { lookups }: Waiting,
  { job, wanted }: Pick<Waits, 'job' | 'wanted'>,
  kinds: readonly Kind[],
): Promise<Found> {
  try {
    const values = await Promise.all(
      wanted.map(async ({ kind, namespace, name }) => {
        const known = kinds[kind];
        if (known === undefined) throw new Error('no rule looks it up');
        return lookups.find(known, namespace, name);
      }),
    );
    return { job, found: values.map((value) => (value === undefined ? {} : { value })) };
  } catch (error) {
    return unknown(job, error);
  }
}

/** What a review is told in place of what could not be looked up, or could not be sent. */
export function unknown(job: string, error: unknown): Found {
  return { job, unknown: error instanceof Error ? error.message : String(error) };
}
