import assert from 'node:assert/strict';
import type { Signer } from '../../../certs/authorities.ts';
import { newSigner } from '../../../certs/leaf.ts';
import { requestRotation } from '../../../certs/request-rotation.ts';
import { eventually } from '../eventually.ts';
import { NAMESPACE, type Place } from './place.ts';
import { FAST } from './times.ts';

const { signal } = new AbortController();

/** Puts a next CA into the Secret, as `portcullis certs rotate` does, as soon as there may be one. */
export async function begunRotation({ client }: Place, times = FAST): Promise<Signer> {
  const secret = { client, namespace: NAMESPACE, name: 'portcullis-ca' };
  return eventually('a rotation may begin', async () => {
    const requested = await requestRotation(secret, () => newSigner(new Date(), times), signal);
    if ('refused' in requested) throw new Error(requested.refused);
    return requested.next;
  });
}

/**
 * Rotates once, and waits until each replica has answered reviews over connections that began with a certificate
 * of the new CA: so that no review of the old one's connections proves anything about it.
 */
export async function rotated(place: Place, times = FAST): Promise<Signer> {
  const next = await begunRotation(place, times);
  await changedOver(place, next);
  return next;
}

/** Waits until each replica that runs now, and goes on, serves with a certificate of this CA, and reviews have come over it. */
export async function changedOver(
  { replicas }: Pick<Place, 'replicas'>,
  ca: Pick<Signer, 'certificate'>,
): Promise<void> {
  const { subject } = ca.certificate;
  const all = new Set(replicas);
  await eventually(`all serve with ${subject}`, async () => {
    for (const replica of all.intersection(replicas)) {
      assert.equal((await replica.status()).certificate?.issuer, subject, replica.name);
      assert.ok(replica.connections(subject) > 0, `${replica.name} has no connection with it`);
    }
    return true;
  });
}
