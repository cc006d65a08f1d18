import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { watchCertificateFiles } from '../../certs/files.ts';
import { programPath, withoutAssets } from '../e2e/assets.ts';
import { ran } from '../e2e/ran.ts';
import { emptyFolder } from './empty-folder.ts';
import { badPairs, goodPairs, namesOf, type PairCase } from './files-pairs.ts';
import { fingerprintSeenBy, serving } from './https.ts';

for (const [sentence, pair] of Object.entries(goodPairs)) {
  test(`a pair with ${sentence} is served`, async (t) => {
    const certificate = await firstOf(t, pair);
    assert.deepEqual({ cert: certificate.cert, key: certificate.key }, { cert: pair.cert, key: pair.key });
    assert.deepEqual(certificate.notAfter, new X509Certificate(pair.cert).validToDate);
    const { port } = await serving(t, certificate);
    const [name = ''] = namesOf(pair);
    const seen = fingerprintSeenBy({ ca: pair.trusted, name, port });
    if (pair.isForGoAlone) await assert.rejects(seen, /unsuitable certificate purpose/);
    else assert.equal(await seen, new X509Certificate(pair.cert).fingerprint256);
  });
}

for (const [sentence, { problem, ...pair }] of Object.entries(badPairs)) {
  test(`a pair with ${sentence} is refused`, async (t) => {
    await assert.rejects(firstOf(t, pair), ({ message }: Error) => {
      const [, folder = '', said = ''] =
        /^The certificate in (\S+) cannot be served: (.*?)\. It needs /.exec(message) ?? [];
      assert.ok(folder.startsWith('/'), message);
      assert.match(said, problem);
      return true;
    });
  });
}

for (const [sentence, pair] of Object.entries({ ...goodPairs, ...badPairs })) {
  test(`Go's TLS client ${pair.problem ? 'hangs up on' : 'talks to'} a server with ${sentence}`, {
    skip: withoutAssets,
  }, async (t) => {
    const { port } = await serving(t, pair);
    const folder = await emptyFolder(t);
    await writeFile(join(folder, 'ca.crt'), pair.trusted);
    const [name = ''] = namesOf(pair);
    const address = ['--server', `https://127.0.0.1:${port}`, '--tls-server-name', name];
    const trust = ['--certificate-authority', join(folder, 'ca.crt'), '--kubeconfig', '/dev/null', '--token', 'none'];
    const { code, stderr } = await ran(await programPath('kubectl'), ['get', '--raw', '/', ...address, ...trust], {
      HOME: folder,
    });
    assert.equal(code === 0, pair.problem === undefined, stderr);
    if (pair.problem) assert.match(stderr, /tls: /);
  });
}

async function firstOf(t: TestContext, pair: PairCase) {
  const folder = await emptyFolder(t);
  await writeFile(join(folder, 'tls.crt'), pair.cert);
  await writeFile(join(folder, 'tls.key'), pair.key);
  const { certificate, stop } = await watchCertificateFiles({
    folder,
    names: namesOf(pair),
    onChange: () => assert.fail('nothing changed'),
    onError: assert.fail,
  });
  stop();
  return certificate;
}
