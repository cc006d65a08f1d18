import { authoritiesIn, dataWith, type Signer } from './authorities.ts';
import { type CaSecret, readSecret, replaceSecret } from './ca-secret.ts';
import { madeAt, rotationProblem } from './next-step.ts';
import { begun } from './rotation.ts';
import { unusableSecret } from './unusable-secret.ts';

/** What came of asking for a rotation: the next CA, or why there is none, and whether one is under way already. */
export type RequestedRotation =
  | { readonly next: Signer }
  | { readonly refused: string; readonly underWay?: { readonly next: Signer; readonly since: Date } };

const MOST_ATTEMPTS = 5;

/**
 * Puts a next CA into the Secret; the replicas do the rest. Rejects as the client does, and where others change the Secret
 * faster than it can be changed here.
 */
export async function requestRotation(
  secret: CaSecret,
  newCa: () => Promise<Signer>,
  signal: AbortSignal,
): Promise<RequestedRotation> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const stored = await readSecret(secret, signal);
    if (stored === undefined) return { refused: `There is no Secret ${placeOf(secret)}: ${WHO_MAKES_IT}.` };
    const state = authoritiesIn(stored.data);
    if (typeof state === 'string') return { refused: unusableSecret(secret, state) };
    if (state.next !== undefined) {
      const since = madeAt(state.next.certificate);
      return {
        refused: `A rotation is under way since ${since.toISOString()}.`,
        underWay: { next: state.next, since },
      };
    }
    const problem = rotationProblem(state);
    if (problem !== undefined) return { refused: `No rotation can begin now: ${problem}.` };
    const next = await newCa();
    const written = await replaceSecret(secret, stored, dataWith(stored.data, begun(state, next)), signal);
    if (written !== undefined) return { next };
  }
  throw new Error(`the Secret ${placeOf(secret)} is changed by others faster than it can be changed here`);
}

const WHO_MAKES_IT = 'a replica in certificate mode self makes it, with a CA, when it starts';

function placeOf({ namespace, name }: CaSecret): string {
  return `${name} in the namespace ${namespace}`;
}
