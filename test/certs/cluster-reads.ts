import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { ControlPlane } from '../e2e/control-plane.ts';
import { ran } from '../e2e/ran.ts';
import { emptyFolder } from './empty-folder.ts';
import { fingerprintSeenBy, serving } from './https.ts';

export const KINDS = ['mutatingwebhookconfiguration', 'validatingwebhookconfiguration'] as const;

/** The Secret with the CA, as it is. */
// biome-ignore lint/suspicious/noExplicitAny: whatever the server has; a test asserts on it
export function secretOf(plane: ControlPlane, namespace: string): Promise<any> {
  return plane.json(['get', 'secret', 'portcullis-ca', '--namespace', namespace]);
}

/** Both configurations' versions: a new one each time that one is written. */
export async function versionsOf(plane: ControlPlane, name: string): Promise<string[]> {
  const found = await Promise.all(KINDS.map((kind) => plane.json(['get', kind, name])));
  return found.map(({ metadata }) => metadata.resourceVersion);
}

/** A configuration without what mode `self` writes, and without what every writing changes. */
export function withoutBundles({ metadata, webhooks, ...rest }: Configuration): object {
  const { resourceVersion, generation, managedFields, ...constant } = metadata;
  const others = webhooks.map(({ clientConfig: { caBundle, ...clientConfig }, ...webhook }) => {
    return { ...webhook, clientConfig };
  });
  return { ...rest, metadata: constant, webhooks: others };
}

interface Configuration {
  readonly metadata: { readonly [member: string]: unknown };
  readonly webhooks: readonly { readonly clientConfig: { readonly caBundle?: string } }[];
}

/** A ConfigMap gets through the webhooks of this name; rejects with what the API server says when it does not. */
export async function reviewed(plane: ControlPlane, name: string): Promise<true> {
  const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'reviewed-', namespace: name } };
  await plane.succeeded(['create', '-f', '-'], { input: JSON.stringify(configMap) });
  return true;
}

/** Node's TLS and openssl accept the certificate under the bundle, for each of the names, and for no other. */
export async function assertAccepted(
  t: TestContext,
  { cert, key }: { readonly cert: string; readonly key: string },
  bundle: string,
  names: readonly string[],
): Promise<void> {
  const { port } = await serving(t, { cert, key });
  for (const name of names) {
    const seen = await fingerprintSeenBy({ ca: bundle, name, port });
    assert.equal(seen, new X509Certificate(cert).fingerprint256);
  }
  await assert.rejects(fingerprintSeenBy({ ca: bundle, name: 'other.example.com', port }), {
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
  });
  const folder = await emptyFolder(t);
  const [caFile, certFile] = [join(folder, 'ca.crt'), join(folder, 'tls.crt')];
  await Promise.all([writeFile(caFile, bundle), writeFile(certFile, cert)]);
  const verify = ['verify', '-CAfile', caFile, '-purpose', 'sslserver', '-verify_hostname'];
  for (const name of names) {
    const { code, stderr } = await ran('openssl', [...verify, name, certFile], { PATH: process.env.PATH });
    assert.equal(code, 0, stderr);
  }
}
