import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Made } from '../certs/made.ts';
import { clientCa, clientCertificate, good, nextCa } from '../server/client-certificates.ts';
import { withoutAssets } from './assets.ts';
import { startAuthenticated } from './client-certificates/authenticated.ts';
import { namespace } from './cluster.ts';
import { eventually } from './eventually.ts';
import { assertGate, BAD, enforced } from './install/gate.ts';
import { ran } from './ran.ts';

const next = clientCertificate(nextCa);
const FAILED = 'failed calling webhook "policy.extensions.example.com": ';

test('an API server that shows a client certificate, as the README says it', { skip: withoutAssets }, async (t) => {
  const cluster = await startAuthenticated(clientCa, good);
  t.after(cluster.stop);
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-curl-'));
  t.after(() => rm(folder, { recursive: true }));
  const kubectl = await namespace(cluster.plane, 'client-certificates', {});

  await t.test('is answered', async () => {
    await cluster.register('service');
    await enforced(kubectl);
    await assertGate(kubectl);
    assert.ok(!cluster.portcullis.log().includes('client refused'), cluster.portcullis.log());
  });

  await t.test('is refused at an address for which it has none, and says why', async () => {
    await cluster.register('url');
    await failing(
      /^Post "https:\/\/127\.0\.0\.1:\d+\/validate\/policy\?timeout=5s": remote error: tls: certificate required$/,
    );
    assert.ok(refusals().includes('it has no certificate'), `${refusals()}`);
    await cluster.register('service');
    await enforced(kubectl);
  });

  await t.test('who has no certificate, or a wrong one, is refused before anything is asked', async () => {
    assert.match((await curl()).stderr, /alert certificate required|alert handshake failure/);
    assert.deepEqual((await curl(next)).stdout, '');
    assert.equal((await curl(good)).stdout, '404', 'others are asked what they want');
  });

  await t.test('health and metrics are for everybody, and count who was refused', async () => {
    const { healthUrl } = cluster.portcullis;
    for (const path of ['/livez', '/readyz']) assert.equal((await fetch(healthUrl + path)).status, 200);
    const metrics = await (await fetch(`${healthUrl}/metrics`)).text();
    for (const reason of ['no_certificate', 'not_accepted']) {
      assert.match(metrics, new RegExp(`^portcullis_clients_refused_total\\{reason="${reason}"\\} [1-9]`, 'm'));
    }
  });

  await t.test('goes on over its connections when the client CA is replaced; new ones need the new CA', async () => {
    await assertGate(kubectl);
    await cluster.asking(nextCa.cert);
    await said('the client CA was replaced');
    assert.equal((await curl(next)).stdout, '404');
    assert.equal((await curl(good)).stdout, '');
    await assertGate(kubectl);
  });

  await t.test('is refused, once it has to connect anew with a certificate of the old CA', async () => {
    await cluster.restart();
    await failing(/EOF$|connection reset by peer$|use of closed network connection$|broken pipe$/);
    await said('its certificate is not signed by the client CA');
  });

  await t.test('is answered again, without a restart, once its files hold a certificate of the new one', async () => {
    await cluster.showing(next);
    // It closes its connections when it finds another certificate, and that at which it finds it is among them
    // (client-go's transport/cert_rotation.go): once for each webhook.
    await eventually('every webhook is asked', async () => (await assertGate(kubectl)) ?? true);
    await assertGate(kubectl);
  });

  await t.test('goes on while the client CA’s file is broken, and so do others; operators are told', async () => {
    await cluster.asking('');
    await said('client-ca.crt is empty. The one in use stays');
    assert.equal((await curl(next)).stdout, '404');
    assert.equal((await curl(good)).stdout, '');
    await assertGate(kubectl);
    await cluster.asking(nextCa.cert);
  });

  await t.test('is told so where its certificate has another name than may ask', async () => {
    await cluster.restart(['front-proxy']);
    const judged = 'its certificate is that of "kube-apiserver", which is none of the names that may ask';
    await failing(new RegExp(`^this server does not answer this client: ${judged}$`));
    assert.deepEqual(refusals(), [judged]);
    assert.equal((await curl(next)).stdout, '403');
    assert.equal((await curl(clientCertificate(nextCa, { commonName: 'front-proxy' }))).stdout, '404');
    await cluster.restart(['front-proxy', 'kube-apiserver']);
    await enforced(kubectl);
    await assertGate(kubectl);
  });

  /** Waits until a Website cannot be created for this reason. */
  async function failing(reason: RegExp): Promise<void> {
    await eventually('the review fails', async () => {
      const { stderr } = await kubectl(['create', '--dry-run=server', '-f', '-'], BAD);
      const at = stderr.indexOf(FAILED);
      assert.ok(at >= 0, stderr);
      assert.match(stderr.slice(at + FAILED.length).trimEnd(), reason);
      return true;
    });
  }

  /** Why clients were refused, by the log of the Portcullis that runs. */
  function refusals(): string[] {
    const lines = cluster.portcullis.log().split('\n').slice(0, -1);
    const refused = lines.filter((line) => line.includes('"msg":"client refused"'));
    return [...new Set(refused.map((line) => JSON.parse(line).reason))];
  }

  async function said(text: string): Promise<void> {
    const { portcullis } = cluster;
    await eventually(text, async () => assert.ok(portcullis.log().includes(text), portcullis.log()) ?? true);
  }

  /** Asks for a path of no webhook; standard output is the HTTP code, or nothing where it did not come so far. */
  async function curl(certificate?: Made): Promise<{ stdout: string; stderr: string }> {
    const shown = [];
    if (certificate !== undefined) {
      const [cert, key] = [join(folder, 'client.crt'), join(folder, 'client.key')];
      await writeFile(cert, certificate.cert);
      await writeFile(key, certificate.key);
      shown.push('--cert', cert, '--key', key);
    }
    const url = `${cluster.portcullis.url}/nowhere`;
    const args = [
      '-sS',
      '--noproxy',
      '*',
      '--cacert',
      cluster.caFile,
      ...shown,
      '-o',
      '/dev/null',
      '-w',
      '%{http_code}',
    ];
    const { stdout, stderr } = await ran('curl', [...args, '-X', 'POST', url], { PATH: process.env.PATH });
    return { stdout: stdout === '000' ? '' : stdout, stderr };
  }
});
