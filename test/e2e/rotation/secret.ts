import assert from 'node:assert/strict';
import { type Authorities, authoritiesIn } from '../../../certs/authorities.ts';
import { base64 } from '../../certs/base64.ts';
import { secretOf } from '../../certs/cluster-reads.ts';
import type { ControlPlane } from '../control-plane.ts';
import { NAMESPACE, type Place } from './place.ts';

/** A Secret's data: base64 by key. */
export type Data = { readonly [key: string]: string };

/** What the Secret holds. */
export async function dataOf(plane: ControlPlane): Promise<Data> {
  return (await secretOf(plane, NAMESPACE)).data;
}

/** The same, understood; rejects where it holds no CA. */
export async function authoritiesOf(plane: ControlPlane): Promise<Authorities> {
  const authorities = authoritiesIn(await dataOf(plane));
  if (typeof authorities === 'string') throw new Error(authorities);
  return authorities;
}

/** Puts other data in the place of what it holds, as whoever restores a backup does. */
export async function replaced(plane: ControlPlane, data: Data): Promise<void> {
  const metadata = { name: 'portcullis-ca', namespace: NAMESPACE };
  await plane.succeeded(['replace', '-f', '-'], {
    input: JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data }),
  });
}

/** What somebody has written into it who knew no better. */
export const DAMAGED: Data = { 'ca.crt': base64('x'), 'ca.key': base64('y') };

/** Asserts that two are the same, and prints no key where they are not. */
export function assertSame(actual: Data, expected: Data): void {
  const keys = Object.keys({ ...actual, ...expected });
  assert.deepEqual(
    keys.filter((key) => actual[key] !== expected[key]),
    [],
  );
}

/** Deletes it. */
export async function deleted(plane: ControlPlane): Promise<void> {
  await plane.succeeded(['delete', 'secret', 'portcullis-ca', '-n', NAMESPACE, '--ignore-not-found']);
}

/** Ends all replicas and takes away the Secret and the webhooks: nothing is left of the CAs that there were. */
export async function forgotten({ plane, endAll }: Place): Promise<void> {
  await endAll();
  await deleted(plane);
  const configurations = 'mutatingwebhookconfiguration,validatingwebhookconfiguration';
  await plane.succeeded(['delete', configurations, 'portcullis', '--ignore-not-found']);
}
