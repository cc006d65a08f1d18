import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { connect } from 'node:tls';

/** An HTTPS server with the pair, on a free port of `address`, closed when the test ends. */
export async function serving(
  t: TestContext,
  { cert, key }: { cert: string; key: string },
  address = '127.0.0.1',
): Promise<{ server: Server; port: number }> {
  const server = createServer({ cert, key }, (_, response) => response.end());
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  t.after(() => new Promise((resolve) => server.close(resolve)));
  return { server, port: (server.address() as AddressInfo).port };
}

/**
 * What a client that trusts only `ca` and expects `name` sees: the SHA-256 fingerprint of the certificate, or rejects
 * with the client's error.
 */
export function fingerprintSeenBy({
  ca,
  name,
  port,
  address = '127.0.0.1',
}: {
  ca: string;
  name: string;
  port: number;
  address?: string;
}): Promise<string> {
  return new Promise((resolve, reject) => {
    // With `servername` '' no name is sent and `host` is checked: the way for IP addresses.
    const socket = connect({
      host: address,
      port,
      ca,
      ...(name === address ? { servername: '' } : { servername: name }),
    });
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      resolve(socket.getPeerX509Certificate()?.fingerprint256 ?? '');
      socket.end();
    });
  });
}

/** A server with the certificate is accepted as `name` by a client that trusts the CA file as it now is on the disk. */
export async function assertServes(
  t: TestContext,
  certificate: { cert: string; key: string; caFile: string },
  name = 'localhost',
): Promise<void> {
  const { port } = await serving(t, certificate);
  const ca = await readFile(certificate.caFile, 'utf8');
  assert.equal(await fingerprintSeenBy({ ca, name, port }), new X509Certificate(certificate.cert).fingerprint256);
}
