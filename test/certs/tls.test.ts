import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { devCertificate } from '../../certs/dev.ts';
import { emptyFolder } from './empty-folder.ts';
import { fingerprintSeenBy, serving } from './https.ts';

const extra = 'portcullis.portcullis-system.svc';

for (const name of ['localhost', '127.0.0.1', extra, 'PORTCULLIS.portcullis-system.SVC']) {
  test(`a client that trusts the CA accepts the server as ${name}`, async (t) => {
    const certificate = await devCertificate({ folder: await emptyFolder(t), names: [extra], now: new Date() });
    const { port } = await serving(t, certificate);
    const seen = await fingerprintSeenBy({ ca: certificate.ca, name, port });
    assert.equal(seen, new X509Certificate(certificate.cert).fingerprint256);
  });
}

const hasIPv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'));
test('a client that trusts the CA accepts the server as ::1', {
  skip: hasIPv6 ? false : 'this machine has no IPv6 loopback address',
}, async (t) => {
  const certificate = await devCertificate({ folder: await emptyFolder(t), now: new Date() });
  const { port } = await serving(t, certificate, '::1');
  assert.ok(await fingerprintSeenBy({ ca: certificate.ca, name: '::1', port, address: '::1' }));
});

for (const name of ['other.portcullis-system.svc', 'portcullis', 'localhost.localdomain']) {
  test(`a client refuses the server as ${name}`, async (t) => {
    const certificate = await devCertificate({ folder: await emptyFolder(t), names: [extra], now: new Date() });
    const { port } = await serving(t, certificate);
    await assert.rejects(fingerprintSeenBy({ ca: certificate.ca, name, port }), {
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
  });
}

test('a client that trusts the CA of another folder refuses the server', async (t) => {
  const certificate = await devCertificate({ folder: await emptyFolder(t), now: new Date() });
  const { ca } = await devCertificate({ folder: await emptyFolder(t), now: new Date() });
  const { port } = await serving(t, certificate);
  await assert.rejects(fingerprintSeenBy({ ca, name: 'localhost', port }), {
    code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  });
});

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
test('openssl accepts the files for a TLS server of each name, and of no other', {
  skip: hasOpenssl ? false : 'openssl is not installed',
}, async (t) => {
  const folder = await emptyFolder(t);
  const { caFile } = await devCertificate({ folder, names: [extra], now: new Date() });
  const verify = (...name: string[]) =>
    spawnSync('openssl', ['verify', '-CAfile', caFile, '-purpose', 'sslserver', ...name, join(folder, 'tls.crt')], {
      encoding: 'utf8',
    });
  for (const name of ['localhost', extra]) assert.equal(verify('-verify_hostname', name).status, 0, name);
  for (const address of ['127.0.0.1', '::1']) assert.equal(verify('-verify_ip', address).status, 0, address);
  assert.match(verify('-verify_hostname', 'other.example.com').stderr, /hostname mismatch/i);
});
