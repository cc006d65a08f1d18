import assert from 'node:assert/strict';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { made } from '../certs/made.ts';
import { eventually } from '../e2e/eventually.ts';
import { folderOf } from '../load/rule-folder.ts';
import { came, clientCa, clientCertificate, good, nextCa } from '../server/client-certificates.ts';
import { portcullis, serving } from './portcullis.ts';

const PORTS = ['--port', '0', '--health-port', '0'];
const CONFIG = 'server: { clientCa: pki/clients.crt, clientNames: [kube-apiserver] }';

test('a server with a client CA says so, lets in its certificates, and takes up the next CA while it serves', async (t) => {
  const cwd = await folderOf(t, { 'portcullis.yaml': CONFIG, 'pki/clients.crt': clientCa.cert });
  const { said } = await serving(t, [], { cwd });
  assert.match(
    said.stderr,
    /It asks clients for a certificate of the CA in pki\/clients\.crt\.\n$/,
    'and shows no curl',
  );
  const { url, healthUrl, ca } = JSON.parse(said.stdout.split('\n').find((line) => line.includes('"serving"')) ?? '');
  const server = { port: Number(new URL(url).port), ca: await readFile(ca, 'utf8') };
  const next = clientCertificate(nextCa);
  const statuses = async () => [
    (await came(server)).status,
    (await came(server, good)).status,
    (await came(server, next)).status,
    (await came(server, clientCertificate(nextCa, { commonName: 'kubelet' }))).status,
  ];
  // Whoever is let in has sent a review of a webhook that this server does not have the rules for.
  assert.deepEqual(await statuses(), [undefined, 500, undefined, undefined]);
  await writeFile(join(cwd, 'pki/next.crt'), nextCa.cert);
  await rename(join(cwd, 'pki/next.crt'), join(cwd, 'pki/clients.crt'));
  await eventually('the next CA', async () => said.stdout.includes('the client CA was replaced') || undefined);
  assert.deepEqual(await statuses(), [undefined, undefined, 500, 403]);
  assert.equal((await fetch(`${healthUrl}/readyz`)).status, 200);
});

test('refused: a client CA by which nobody would be let in, before anything else is done', async (t) => {
  const between = made({ isAuthority: true, commonName: 'between', issuer: clientCa });
  const cwd = await folderOf(t, { 'portcullis.yaml': CONFIG, 'pki/clients.crt': between.cert });
  const { code, stdout, stderr } = await portcullis(['serve', ...PORTS], { cwd });
  assert.deepEqual([code, stdout], [2, '']);
  assert.equal(
    stderr,
    `portcullis: The client CA in ${join(cwd, 'pki/clients.crt')} cannot be used: clients.crt is signed by "CN=client CA", ` +
      'which is not there: add that CA too, up to the one that signed itself. It must be PEM: the CAs that sign the ' +
      'certificates by which API servers are known.\n',
  );
});
