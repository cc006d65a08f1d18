import type { ClusterClient } from '../cluster/client.ts';
import { authoritiesIn, type Signer } from './authorities.ts';
import { CONFIGURATIONS, lookAtBundle } from './ca-bundle.ts';
import { type CaSecret, readSecret } from './ca-secret.ts';

/** How far a rotation is. */
export interface RotationProgress {
  /** `waiting`: it is the next CA. `signing`: it signs. `lost`: the Secret knows nothing of it, or cannot be understood. */
  readonly stage: 'waiting' | 'signing' | 'lost';
  /** A line for each configuration: whether it trusts the CA. */
  readonly configurations: readonly { readonly line: string; readonly isLacking: boolean }[];
  /** Until when the CA that signed before is trusted; once it does no more. */
  readonly oldUntil?: Date;
}

/** Looks how far the rotation to a CA is, and whether the configurations of this name trust it. Rejects as the client does. */
export async function rotationProgress(
  secret: CaSecret,
  name: string,
  next: Pick<Signer, 'sha256'>,
  signal: AbortSignal,
): Promise<RotationProgress> {
  const configurations = await Promise.all(
    CONFIGURATIONS.map((resource) => lineOf({ client: secret.client, resource, name }, next.sha256, signal)),
  );
  const stored = await readSecret(secret, signal);
  const state = stored === undefined ? 'gone' : authoritiesIn(stored.data);
  if (typeof state === 'string') return { stage: 'lost', configurations };
  if (state.signing.sha256 === next.sha256) {
    const until = Math.max(...[...state.old.values()].map((date) => date.getTime()));
    return { stage: 'signing', configurations, ...(Number.isFinite(until) ? { oldUntil: new Date(until) } : {}) };
  }
  return { stage: state.next?.sha256 === next.sha256 ? 'waiting' : 'lost', configurations };
}

async function lineOf(
  place: { readonly client: ClusterClient; readonly resource: (typeof CONFIGURATIONS)[number]; readonly name: string },
  sha256: string,
  signal: AbortSignal,
): Promise<RotationProgress['configurations'][number]> {
  const configuration = `${place.resource}/${place.name}`;
  const look = await lookAtBundle(place, signal);
  if (look === undefined) return { line: `${configuration} is not there: it calls nobody`, isLacking: false };
  if (look.carries(sha256)) return { line: `${configuration} trusts it`, isLacking: false };
  return { line: `${configuration} does not trust it yet`, isLacking: true };
}
