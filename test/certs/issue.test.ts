import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { issueCertificateAuthority, issueServingCertificate } from '../../certs/issue.ts';
import { fingerprintSeenBy, serving } from './https.ts';

const now = new Date('2026-11-21T12:34:56.789Z');
const ca = await issueCertificateAuthority({ now, days: 365 });
const authority = new X509Certificate(ca.cert);

test('a CA is signed by itself with SHA-256 and a P-256 key', () => {
  assert.equal(authority.signatureAlgorithm, 'ecdsa-with-SHA256');
  assert.equal(authority.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1');
  assert.ok(authority.verify(authority.publicKey));
  assert.ok(authority.checkPrivateKey(createPrivateKey(ca.key)));
});

test('a CA may sign certificates and nothing else', () => {
  const extensions = derOf(authority);
  assert.ok(authority.ca);
  assert.ok(extensions.includes('0603551d130101ff040830060101ff020100'), 'basicConstraints, critical, no CA below it');
  assert.ok(extensions.includes('0603551d0f0101ff040403020106'), 'keyUsage, critical: keyCertSign and cRLSign');
});

test('a certificate is valid from an hour before now until so many days after it', () => {
  assert.equal(authority.validFromDate.toISOString(), '2026-11-21T11:34:56.000Z');
  assert.equal(authority.validToDate.toISOString(), '2027-11-21T12:34:56.000Z');
});

test('a serving certificate is for TLS servers alone and signed with SHA-256', async () => {
  const leaf = await issueServingCertificate({ ca, names: ['localhost'], now, days: 30 });
  const certificate = new X509Certificate(leaf.cert);
  assert.equal(certificate.signatureAlgorithm, 'ecdsa-with-SHA256');
  assert.deepEqual(certificate.keyUsage, ['1.3.6.1.5.5.7.3.1']);
  assert.equal(certificate.ca, false);
  assert.ok(derOf(certificate).includes('0603551d0f0101ff040403020780'), 'digitalSignature');
  assert.ok(certificate.checkIssued(authority) && certificate.verify(authority.publicKey));
  assert.ok(certificate.checkPrivateKey(createPrivateKey(leaf.key)));
});

test('a serving certificate carries exactly the names asked for, of all three kinds', async () => {
  const names = ['portcullis.portcullis-system.svc', '10.0.0.1', '2001:db8::1', '::ffff:1.2.3.4'];
  const leaf = await issueServingCertificate({ ca, names, now, days: 30 });
  assert.equal(
    new X509Certificate(leaf.cert).subjectAltName,
    'DNS:portcullis.portcullis-system.svc, IP Address:10.0.0.1, IP Address:2001:DB8:0:0:0:0:0:1, ' +
      'IP Address:0:0:0:0:0:FFFF:102:304',
  );
});

test('a serving certificate is due at two thirds of its life', async () => {
  const leaf = await issueServingCertificate({ ca, names: ['localhost'], now, days: 30 });
  assert.equal(leaf.notAfter.toISOString(), '2026-12-21T12:34:56.000Z');
  assert.equal(leaf.renewAt.toISOString(), '2026-12-11T12:34:56.263Z');
});

test('a serving certificate never outlives its CA', async () => {
  const leaf = await issueServingCertificate({ ca, names: ['localhost'], now, days: 1000 });
  assert.deepEqual(leaf.notAfter, authority.validToDate);
});

test('a CA that has ended signs no more', async () => {
  const later = new Date('2027-11-21T12:34:56Z');
  await assert.rejects(issueServingCertificate({ ca, names: ['localhost'], now: later, days: 30 }), {
    message: 'The CA ended at 2027-11-21T12:34:56.000Z: it cannot sign any more.',
  });
});

test('a certificate for no name, or for what is no name, is refused', async () => {
  await assert.rejects(issueServingCertificate({ ca, names: [], now, days: 30 }), /at least one name/);
  await assert.rejects(issueServingCertificate({ ca, names: ['a b'], now, days: 30 }), /"a b": a name must be/);
});

for (const commonName of ['', 'a, O=b', 'a+b', '"a"', 'a=b', 'x'.repeat(48), 'bücher']) {
  test(`a CA cannot be named ${JSON.stringify(commonName)}`, async () => {
    await assert.rejects(issueCertificateAuthority({ commonName, now, days: 1 }), /cannot name a CA: it must be/);
  });
}

test('a CA of the longest name signs certificates that are accepted', async (t) => {
  const commonName = 'x'.repeat(47);
  const long = await issueCertificateAuthority({ commonName, now: new Date(), days: 1 });
  assert.match(new X509Certificate(long.cert).subject, /^CN=x{47} [0-9a-f]{16}$/);
  const leaf = await issueServingCertificate({ ca: long, names: ['localhost'], now: new Date(), days: 1 });
  const { port } = await serving(t, leaf);
  assert.ok(await fingerprintSeenBy({ ca: long.cert, name: 'localhost', port }));
});

test('two generations of a CA joined to one bundle are both trusted, in either order', async (t) => {
  const generations = [
    await issueCertificateAuthority({ commonName: 'Same', now: new Date(), days: 1 }),
    await issueCertificateAuthority({ commonName: 'Same', now: new Date(), days: 1 }),
  ] as const;
  const [first, second] = generations.map(({ cert }) => cert);
  for (const generation of generations) {
    const leaf = await issueServingCertificate({ ca: generation, names: ['localhost'], now: new Date(), days: 1 });
    const { port } = await serving(t, leaf);
    for (const bundle of [`${first}${second}`, `${second}${first}`]) {
      assert.ok(await fingerprintSeenBy({ ca: bundle, name: 'localhost', port }));
    }
  }
});

// Node names only some of the extensions, so they are compared as DER in hex.
function derOf(certificate: X509Certificate): string {
  return certificate.raw.toString('hex');
}
