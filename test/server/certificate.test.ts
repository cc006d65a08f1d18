import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import type { KeyPair } from '../../webhook/tls-options.ts';
import { connected, keptAlive, post } from './client.ts';
import { policy, reviewWith } from './hostile.ts';
import { anotherCertificate, serving } from './serving.ts';

const good = reviewWith();
const fingerprintOf = ({ cert }: KeyPair): string => new X509Certificate(cert).fingerprint256;

test('a new certificate is for new connections; those that are kept alive go on', async (t) => {
  const server = await serving(t, policy);
  const agent = keptAlive(t, server);
  await post(server, '/mutate/policy', good, { agent });
  const old = await connected(t, server);

  const renewed = await anotherCertificate();
  server.server.useCertificate(renewed);
  const { socket } = await connected(t, server);
  assert.equal(socket.getPeerX509Certificate()?.fingerprint256, fingerprintOf(renewed));
  assert.notEqual(old.socket.getPeerX509Certificate()?.fingerprint256, fingerprintOf(renewed));
  const kept = await post(server, '/mutate/policy', good, { agent });
  assert.deepEqual([kept.status, kept.isReused], [200, true]);
  old.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  assert.equal((await old.answer()).status, 404);
});

test('a client that comes back with its session from before is served', async (t) => {
  const server = await serving(t, policy);
  const first = await connected(t, server, { maxVersion: 'TLSv1.2' });
  const session = first.socket.getSession();
  assert.ok(session);
  server.server.useCertificate(await anotherCertificate());
  const second = await connected(t, server, { maxVersion: 'TLSv1.2', session });
  second.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  assert.equal((await second.answer()).status, 404);
});

test('what is refused stays refused after a new certificate', async (t) => {
  const server = await serving(t, policy);
  server.server.useCertificate(await anotherCertificate());
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
  await assert.rejects(connected(t, server, old), /protocol version/);
  await assert.rejects(connected(t, server, { ALPNProtocols: ['h2'] }), /no application protocol/);
});

describe('a pair that is no good is refused, and the one before stays', () => {
  const bad: { [sentence: string]: (good: KeyPair, other: KeyPair) => KeyPair } = {
    'the key of another certificate': ({ cert }, { key }) => ({ cert, key }),
    'no certificate': ({ key }) => ({ cert: '', key }),
    'no key': ({ cert }) => ({ cert, key: '' }),
    nothing: () => ({ cert: '', key: '' }),
    'texts that are no PEM': () => ({ cert: 'a certificate', key: 'a key' }),
    'a certificate that is cut off': ({ cert, key }) => ({ cert: cert.slice(0, cert.length / 2), key }),
    'a key that is cut off': ({ cert, key }) => ({ cert, key: key.slice(0, key.length / 2) }),
    'the two in each other’s place': ({ cert, key }) => ({ cert: key, key: cert }),
  };
  for (const [sentence, pair] of Object.entries(bad)) {
    test(sentence, async (t) => {
      const server = await serving(t, policy);
      const [used, other] = await Promise.all([anotherCertificate(), anotherCertificate()]);
      server.server.useCertificate(used);
      assert.throws(() => server.server.useCertificate(pair(other, used)), Error);
      const { socket } = await connected(t, server);
      assert.equal(socket.getPeerX509Certificate()?.fingerprint256, fingerprintOf(used));
      assert.equal((await post(server, '/mutate/policy', good)).status, 200);
      socket.end();
      await once(socket, 'close');
    });
  }
});
