import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trustedBy } from '../../certs/trusted-by.ts';
import { made } from './made.ts';

const ca = made({ commonName: 'ca', names: [], isAuthority: true });
const other = made({ commonName: 'other', names: [], isAuthority: true });
/** Of the same name as the first one, and another key. */
const namesake = made({ commonName: 'ca', names: [], isAuthority: true });
const between = made({ commonName: 'between', names: [], isAuthority: true, issuer: ca });
const served = made({ issuer: ca }).cert;
const chained = made({ issuer: between }).cert + between.cert;

/** A configuration with a webhook for each of these caBundles. */
function bundles(...all: (string | undefined)[]) {
  const caBundle = (pem: string | undefined) =>
    pem === undefined ? {} : { caBundle: Buffer.from(pem).toString('base64') };
  return { webhooks: all.map((pem) => ({ name: 'a.b.c', clientConfig: { url: 'https://a', ...caBundle(pem) } })) };
}

for (const [sentence, configuration, trusted, chain = served] of [
  ['the CA that signed it, in all webhooks', bundles(ca.cert, ca.cert), true],
  ['it, beside others, with text between', bundles(`# mine\n${other.cert}\n${ca.cert}`), true],
  ['it in one webhook, and not in the other', bundles(ca.cert, other.cert), false],
  ['another CA', bundles(other.cert), false],
  ['a CA of the same name', bundles(namesake.cert), false],
  ['nothing that can be read', bundles('-----BEGIN CERTIFICATE-----\nYQ==\n-----END CERTIFICATE-----\n'), false],
  ['the certificate itself', bundles(served), true],
  ['the root of a chain', bundles(ca.cert), true, chained],
  ['what is between it and the root', bundles(between.cert), true, chained],
  ['another root than that of the chain', bundles(other.cert), false, chained],
  ['a root, and what is between is not served', bundles(ca.cert), false, made({ issuer: between }).cert],
  ['what the API server trusts anyhow, which nobody here knows', bundles(ca.cert, undefined), undefined],
  ['nothing, since there is no webhook', {}, undefined],
] as const) {
  const outcome = trusted === undefined ? 'not known' : trusted ? 'trusted' : 'not trusted';
  test(`what is served is ${outcome}: a configuration trusts ${sentence}`, () => {
    assert.equal(trustedBy(configuration, chain).trustsServing, trusted);
  });
}

test('the CAs that all webhooks trust are told, each once', () => {
  const { trusts } = trustedBy(bundles(ca.cert + other.cert + ca.cert, other.cert + ca.cert + namesake.cert), served);
  assert.deepEqual(
    trusts.map(({ subject }) => subject),
    ['CN=ca', 'CN=other'],
  );
  const [alone] = trustedBy(bundles(ca.cert, ca.cert + other.cert, other.cert + ca.cert), served).trusts;
  assert.equal(alone?.subject, 'CN=ca');
  assert.equal(trustedBy(bundles(ca.cert, ca.cert, other.cert), served).trusts.length, 0);
  assert.match(trusts[0]?.sha256 ?? '', /^[0-9a-f]{64}$/);
  assert.deepEqual(trustedBy(bundles(ca.cert, undefined), served).trusts, []);
  assert.equal('trustsServing' in trustedBy(bundles(ca.cert), undefined), false);
});
