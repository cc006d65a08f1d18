import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { authorities, type Signer } from '../../certs/authorities.ts';
import { ISSUER, issuedLeaf, newSigner } from '../../certs/leaf.ts';
import { promoted } from '../../certs/rotation.ts';
import { SELF_TIMES } from '../../certs/self-times.ts';
import { emptyFolder } from './empty-folder.ts';
import { fingerprintSeenBy, serving } from './https.ts';

const now = new Date();
const name = 'portcullis.portcullis-system.svc';
const [old, next] = [await newSigner(now, SELF_TIMES), await newSigner(now, SELF_TIMES)];
const state = promoted(authorities({ signing: old, next }, [], { old: new Map(), gone: [] }), next, {
  now,
  times: SELF_TIMES,
});
const together = [...state.trusted.values()];

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const skip = hasOpenssl ? false : 'openssl is not installed';

for (const [sentence, trusted] of [
  ['alone', undefined],
  ['with the other one behind it, as the Secret has them during a rotation', together],
  ['with the other one before it', together.toReversed()],
] as const) {
  for (const [which, ca, stranger] of [
    ['that signs', next, old],
    ['that signed before', old, next],
  ] as const) {
    const bundle = (trusted ?? [ca.certificate]).join('');

    test(`Node accepts a certificate of the CA ${which}, ${sentence}`, async (t) => {
      const { certificate } = await issued(ca);
      const { port } = await serving(t, certificate);
      const seen = await fingerprintSeenBy({ ca: bundle, name, port });
      assert.equal(seen, new X509Certificate(certificate.cert).fingerprint256);
      await assert.rejects(fingerprintSeenBy({ ca: stranger.cert, name, port }), { code: /^UNABLE_TO_VERIFY/ });
    });

    test(`openssl accepts a certificate of the CA ${which}, ${sentence}`, { skip }, async (t) => {
      const { certificate } = await issued(ca);
      const folder = await emptyFolder(t);
      const [caFile, strangers, leaf] = ['ca.crt', 'other.crt', 'tls.crt'].map((file) => join(folder, file)) as [
        string,
        string,
        string,
      ];
      await writeFile(caFile, bundle);
      await writeFile(strangers, stranger.cert);
      await writeFile(leaf, certificate.cert);
      const verify = (file: string) =>
        spawnSync('openssl', ['verify', '-CAfile', file, '-purpose', 'sslserver', '-verify_hostname', name, leaf])
          .status;
      assert.equal(verify(caFile), 0);
      assert.notEqual(verify(strangers), 0);
    });
  }
}

function issued(ca: Signer) {
  return issuedLeaf(ca, { names: [name], now, times: SELF_TIMES, issuer: ISSUER });
}
