import { createPrivateKey, X509Certificate } from 'node:crypto';
import { ApiError } from '../cluster/api-error.ts';
import type { ClusterClient } from '../cluster/client.ts';
import { readIfThere } from '../cluster/read-if-there.ts';
import { signingProblem } from './check.ts';
import { type CertificateAuthority, issueCertificateAuthority } from './issue.ts';
import { pemBlocks } from './pem.ts';

/** The Secret in which the replicas share their CA. */
export interface CaSecret {
  readonly client: ClusterClient;
  readonly namespace: string;
  readonly name: string;
}

/** The CA that all replicas sign with. */
export interface SharedAuthority extends CertificateAuthority {
  /** PEM: the CA, and whatever else clients are to trust besides it. */
  readonly bundle: string;
}

/** What the Secret holds (v1 Secret, `data`): base64 by key. */
export type SecretData = { readonly [key: string]: string | undefined };

/**
 * Nothing replaces the CA on its way yet, so it outlives any cluster's plans: ten years, as that of OPA's rotator
 * (protocol.md §4.1).
 */
const CA_DAYS = 3650;

/**
 * Gives the Secret's data, and makes the Secret with a new CA where there is none. Of any number of replicas that do
 * so at once, one makes it and all get that one. Rejects as the client does.
 */
export async function sharedSecret(
  { client, namespace, name }: CaSecret,
  { now, signal }: { now: Date; signal: AbortSignal },
): Promise<SecretData> {
  const secrets = `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets`;
  const read = () => readIfThere(client, `${secrets}/${encodeURIComponent(name)}`, signal);
  const found = await read();
  if (found !== undefined) return dataOf(found);
  const ca = await issueCertificateAuthority({ now, days: CA_DAYS });
  try {
    return dataOf(await client.request('POST', secrets, { body: secret(namespace, name, ca), signal }));
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 409) throw error;
    // Another replica was first.
    const theirs = await read();
    if (theirs === undefined) throw error;
    return dataOf(theirs);
  }
}

/**
 * The CA that the Secret's data hold: in `ca.crt` its certificate first, behind it what else is to be trusted; in
 * `ca.key` its key. Throws an Error that says what is wrong and what a person must do: nothing replaces it unasked,
 * since other replicas sign with it. No message repeats what the Secret holds.
 */
export function authorityIn(data: SecretData, place: Omit<CaSecret, 'client'>, now: Date): SharedAuthority {
  const [bundle, key] = [text(data['ca.crt']), text(data['ca.key'])];
  const problem = missing({ 'ca.crt': bundle, 'ca.key': key }) ?? ended({ cert: bundle, key }, now);
  if (problem !== undefined) throw unusable(place, problem);
  const certificates = pemBlocks(bundle).map((block) => new X509Certificate(block).toString());
  return { cert: certificates[0] ?? '', key: pkcs8(key), bundle: certificates.join('') };
}

/** An Error that says why the Secret's CA cannot be used (a predicate), and what a person must do. */
export function unusable({ namespace, name }: Omit<CaSecret, 'client'>, problem: string): Error {
  return new Error(
    `The CA in the Secret ${name} of the namespace ${namespace} ${problem}. It is not replaced unasked, because ` +
      'other replicas may serve with it. Put the right one back; or have a new one made and every replica take it: ' +
      `kubectl delete secret ${name} --namespace ${namespace} && ` +
      `kubectl rollout restart deployment portcullis --namespace ${namespace}`,
  );
}

function missing(files: { readonly [key: string]: string }): string | undefined {
  const keys = Object.keys(files).filter((key) => files[key] === '');
  return keys.length === 0 ? undefined : `has no ${keys.join(' and no ')}`;
}

function ended(pair: { cert: string; key: string }, now: Date): string | undefined {
  const problem = signingProblem(pair);
  if (problem !== undefined) return problem;
  const { validFromDate, validToDate } = new X509Certificate(pair.cert);
  if (now >= validToDate) return `ended at ${validToDate.toISOString()}`;
  // Made an hour early, so that somebody's clock is further off than that.
  if (now < validFromDate) {
    return `is not valid before ${validFromDate.toISOString()}, and here it is ${now.toISOString()}: see to the clocks first`;
  }
  return undefined;
}

function pkcs8(key: string): string {
  return createPrivateKey(key).export({ type: 'pkcs8', format: 'pem' }).toString();
}

function text(base64 = ''): string {
  return Buffer.from(base64, 'base64').toString();
}

function dataOf(answer: { readonly data?: unknown }): SecretData {
  return (answer.data ?? {}) as SecretData;
}

function secret(namespace: string, name: string, { cert, key }: CertificateAuthority): object {
  const base64 = (pem: string) => Buffer.from(pem).toString('base64');
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { namespace, name, labels: { 'app.kubernetes.io/name': 'portcullis' } },
    type: 'Opaque',
    data: { 'ca.crt': base64(cert), 'ca.key': base64(key) },
  };
}
