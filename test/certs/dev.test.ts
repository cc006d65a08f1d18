import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { chmod, chown, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { devCertificate } from '../../certs/dev.ts';
import { emptyFolder } from './empty-folder.ts';
import { assertServes } from './https.ts';

const day = 86_400_000;
const now = new Date();

test('the first start issues a CA and a certificate for the loopback names and those asked for', async (t) => {
  const folder = join(await emptyFolder(t), 'not', 'there', 'yet');
  const certificate = await devCertificate({
    folder: relative(process.cwd(), folder),
    names: ['portcullis.portcullis-system.svc'],
    now,
  });
  assert.equal(certificate.issued, 'all');
  assert.equal(
    new X509Certificate(certificate.cert).subjectAltName,
    'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, DNS:portcullis.portcullis-system.svc',
  );
  assert.equal(certificate.caFile, join(folder, 'ca.crt'));
  assert.deepEqual((await readdir(folder)).sort(), ['ca.crt', 'ca.key', 'tls.crt', 'tls.key']);
  await assertServes(t, certificate);
});

test('keys are readable by their owner alone, and so is the folder', async (t) => {
  const folder = join(await emptyFolder(t), 'certs');
  await devCertificate({ folder, now });
  const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
  assert.equal(await modeOf(folder), '700');
  assert.equal(await modeOf(join(folder, 'ca.key')), '600');
  assert.equal(await modeOf(join(folder, 'tls.key')), '600');

  await chmod(join(folder, 'tls.key'), 0o644);
  assert.equal((await devCertificate({ folder, now })).issued, 'kept');
  assert.equal(await modeOf(join(folder, 'tls.key')), '600', 'a key that was opened up is closed again');
});

test('the next start keeps everything to the byte', async (t) => {
  const folder = await emptyFolder(t);
  const first = await devCertificate({ folder, names: ['a.svc'], now });
  const files = await contents(folder);
  const { because, ...same } = first;
  assert.equal(because, 'ca.crt is missing, unreadable or empty');
  assert.deepEqual(await devCertificate({ folder, names: ['A.svc'], now }), { ...same, issued: 'kept' });
  assert.deepEqual(await contents(folder), files);
});

test('a certificate for more names than are asked for is kept', async (t) => {
  const folder = await emptyFolder(t);
  await devCertificate({ folder, names: ['a.svc', 'b.svc'], now });
  assert.equal((await devCertificate({ folder, names: ['b.svc'], now })).issued, 'kept');
});

test('a new name costs a new certificate, and clients need no new CA', async (t) => {
  const folder = await emptyFolder(t);
  const first = await devCertificate({ folder, names: ['a.svc'], now });
  const second = await devCertificate({ folder, names: ['a.svc', 'b.svc', '10.0.0.1'], now });
  assert.equal(second.issued, 'leaf');
  assert.equal(second.because, 'tls.crt is not for b.svc, 10.0.0.1');
  assert.equal(second.ca, first.ca);
  await assertServes(t, second, 'b.svc');
});

test('a name that is none is refused before anything is written', async (t) => {
  const folder = join(await emptyFolder(t), 'certs');
  await assert.rejects(devCertificate({ folder, names: ['https://localhost'], now }), /"https:\/\/localhost": a name/);
  await assert.rejects(stat(folder), { code: 'ENOENT' });
});

test('the certificate is kept for 20 days, then renewed by the same CA', async (t) => {
  const folder = await emptyFolder(t);
  const first = await devCertificate({ folder, now });
  assert.equal(Math.round((first.notAfter.getTime() - now.getTime()) / day), 30);
  assert.equal(Math.round((first.renewAt.getTime() - now.getTime()) / day), 20);
  assert.equal((await devCertificate({ folder, now: new Date(first.renewAt.getTime() - 1000) })).issued, 'kept');

  const second = await devCertificate({ folder, now: first.renewAt });
  assert.equal(second.issued, 'leaf');
  assert.match(second.because ?? '', /^tls\.crt was due for renewal at 20/);
  assert.equal(second.ca, first.ca);
  assert.ok(second.renewAt > first.notAfter);
});

test('the CA is kept for eight months, then renewed under another name', async (t) => {
  const folder = await emptyFolder(t);
  const first = await devCertificate({ folder, now });
  const eve = new Date(now.getTime() + 243 * day);
  const last = await devCertificate({ folder, now: eve });
  assert.equal(last.issued, 'leaf');
  assert.equal(last.ca, first.ca);
  assert.ok(last.renewAt.getTime() - eve.getTime() < day, 'the CA is due before the certificate is');

  const next = await devCertificate({ folder, now: last.renewAt });
  assert.equal(next.issued, 'all');
  assert.match(next.because ?? '', /^ca\.crt was due for renewal at 20/);
  assert.notEqual(new X509Certificate(next.ca).subject, new X509Certificate(first.ca).subject);
});

test('what is not valid yet, since the clock was put back, is issued anew', async (t) => {
  const folder = await emptyFolder(t);
  await devCertificate({ folder, now: new Date(now.getTime() + 2 * day) });
  const certificate = await devCertificate({ folder, now });
  assert.match(certificate.because ?? '', /^ca\.crt is not valid before 20/);
  await assertServes(t, certificate);
});

test('two minutes of difference between clocks are no reason to issue', async (t) => {
  const folder = await emptyFolder(t);
  await devCertificate({ folder, now: new Date(now.getTime() + 120_000) });
  assert.equal((await devCertificate({ folder, now })).issued, 'kept');
});

test('files that are good are served from a folder that may not be written', async (t) => {
  const folder = await emptyFolder(t);
  await devCertificate({ folder, now });
  const certificate = await withoutWriting(folder, () => devCertificate({ folder, now }));
  assert.equal(certificate.issued, 'kept');
});

test('a folder that may not be written is an error where something must be', async (t) => {
  const folder = await emptyFolder(t);
  await devCertificate({ folder, now });
  await assert.rejects(
    withoutWriting(folder, () => devCertificate({ folder, names: ['a.svc'], now })),
    (error: Error) => error.message.startsWith(`The development certificate cannot be kept in ${folder} (EACCES: `),
  );
});

test('a folder that cannot be is an error that says what, where and what would be right', async (t) => {
  const file = join(await emptyFolder(t), 'file');
  await writeFile(file, '');
  for (const folder of [file, join(file, 'certs')]) {
    await assert.rejects(devCertificate({ folder, now }), (error: Error) => {
      assert.ok(error.message.startsWith(`The development certificate cannot be kept in ${folder} (E`), error.message);
      assert.match(error.message, /It needs a folder that this user may write to, or may make\.$/);
      return true;
    });
  }
});

/** Runs with the folder's contents readable only, as an ordinary user: root may write whatever the mode says. */
async function withoutWriting<T>(folder: string, run: () => Promise<T>): Promise<T> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot)
    for (const path of [folder, ...(await readdir(folder)).map((name) => join(folder, name))]) {
      await chown(path, nobody, nobody);
    }
  await chmod(folder, 0o500);
  if (isRoot) process.seteuid?.(nobody);
  try {
    return await run();
  } finally {
    if (isRoot) process.seteuid?.(0);
    await chmod(folder, 0o700);
  }
}

/** The user that owns nothing, by its number on every Linux. */
const nobody = 65_534;

async function contents(folder: string): Promise<string[]> {
  return Promise.all(['ca.crt', 'ca.key', 'tls.crt', 'tls.key'].map((name) => readFile(join(folder, name), 'utf8')));
}
