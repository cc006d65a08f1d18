import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { chmod, chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { watchCertificateFiles } from '../../certs/files.ts';
import { emptyFolder } from './empty-folder.ts';
import { hoursFromNow, made, rsa } from './made.ts';

const ca = made({ isAuthority: true, commonName: 'a CA' });
const good = made({ issuer: ca });
const other = made({ issuer: ca });
const weak = made({ key: rsa(1024) });

interface Case {
  /** What is done to a folder with a good pair. */
  readonly damage: (folder: string) => Promise<unknown>;
  readonly problem: RegExp;
}

const cases: { readonly [sentence: string]: Case } = {
  'that is not there': { damage: (folder) => rm(folder, { recursive: true }), problem: /^there is no such folder$/ },
  'that is a file': {
    async damage(folder) {
      await rm(folder, { recursive: true });
      await writeFile(folder, '');
    },
    problem: /^that is not a folder$/,
  },
  'that is empty': {
    damage: (folder) => Promise.all([rm(join(folder, 'tls.crt')), rm(join(folder, 'tls.key'))]),
    problem: /^tls\.crt is missing, and tls\.key is missing$/,
  },
  'without tls.crt': { damage: (folder) => rm(join(folder, 'tls.crt')), problem: /^tls\.crt is missing$/ },
  'without tls.key': { damage: (folder) => rm(join(folder, 'tls.key')), problem: /^tls\.key is missing$/ },
  'with an empty tls.crt': { damage: written('tls.crt', ''), problem: /^tls\.crt is empty$/ },
  'with an empty tls.key': { damage: written('tls.key', ''), problem: /^tls\.key is empty$/ },
  'with a folder in the place of tls.key': {
    async damage(folder) {
      await rm(join(folder, 'tls.key'));
      await mkdir(join(folder, 'tls.key'));
    },
    problem: /^tls\.key is a folder, not a file$/,
  },
  'with words in tls.crt': {
    damage: written('tls.crt', 'a certificate'),
    problem: /^tls\.crt is not PEM: it must have a line "-----BEGIN CERTIFICATE-----"$/,
  },
  'with words in tls.key': {
    damage: written('tls.key', 'a key'),
    problem: /^tls\.key is not PEM: it must have a line "-----BEGIN PRIVATE KEY-----"$/,
  },
  'with DER in tls.crt': {
    damage: written('tls.crt', new X509Certificate(good.cert).raw),
    problem: /^tls\.crt is binary \(DER, PKCS#12 or UTF-16\?\), not PEM/,
  },
  'with DER in tls.key': {
    damage: written('tls.key', createPrivateKey(good.key).export({ type: 'pkcs8', format: 'der' })),
    problem: /^tls\.key is binary \(DER, PKCS#12 or UTF-16\?\), not PEM/,
  },
  'with UTF-16 in tls.crt': {
    damage: written('tls.crt', Buffer.from(good.cert, 'utf16le')),
    problem: /^tls\.crt is binary/,
  },
  'with the key in tls.crt': {
    damage: written('tls.crt', good.key),
    problem: /^tls\.crt holds no certificate, but PRIVATE KEY$/,
  },
  'with the certificates in tls.key': {
    damage: written('tls.key', good.cert + ca.cert),
    problem: /^tls\.key holds no private key, but CERTIFICATE$/,
  },
  'with the public key in tls.key': {
    damage: written('tls.key', createPublicKey(good.key).export({ type: 'spki', format: 'pem' })),
    problem: /^tls\.key holds no private key, but PUBLIC KEY$/,
  },
  'with half a certificate': {
    damage: written('tls.crt', good.cert.slice(0, good.cert.length / 2)),
    problem: /^tls\.crt is damaged or cut short \(PEM routines: /,
  },
  'with half a CA behind the certificate': {
    damage: written('tls.crt', good.cert + ca.cert.slice(0, 200)),
    problem: /^certificate 2 of 2 in tls\.crt is damaged or cut short \(/,
  },
  'with half a key': {
    damage: written('tls.key', good.key.slice(0, good.key.length / 2)),
    problem: /^tls\.key is damaged, cut short or of an unknown kind \(DECODER routines: unsupported\)$/,
  },
  'with an encrypted key': {
    damage: written('tls.key', encrypted('pkcs8')),
    problem: /^tls\.key is encrypted, and nobody is here to give the passphrase: store the key without one$/,
  },
  'with a key encrypted in the old way': {
    damage: written('tls.key', encrypted('sec1')),
    problem: /^tls\.key is encrypted, /,
  },
  'with the key of another certificate': {
    damage: written('tls.key', other.key),
    problem: /^tls\.key is not the key of tls\.crt$/,
  },
  'with the CA before the certificate': {
    damage: written('tls.crt', ca.cert + good.cert),
    problem: /^tls\.key belongs to certificate 2 of 2 in tls\.crt: that one must come first$/,
  },
  'with an RSA key of 1024 bits': {
    async damage(folder) {
      await written('tls.crt', weak.cert)(folder);
      await written('tls.key', weak.key)(folder);
    },
    problem: /^tls\.crt and tls\.key are of no use to a TLS server \(.*key too small\)$/,
  },
};

for (const [sentence, { damage, problem }] of Object.entries(cases)) {
  test(`a folder ${sentence} is refused, with what would be right`, async (t) => {
    const folder = await goodFolder(await emptyFolder(t));
    await damage(folder);
    await assert.rejects(watched(folder), ({ message }: Error) => {
      const [before, after] = [
        `The certificate in ${folder} cannot be served: `,
        '. It needs tls.crt (PEM, the serving certificate first, then the CAs between it and the root) and tls.key (PEM, its key, not encrypted).',
      ];
      assert.ok(message.startsWith(before) && message.endsWith(after), message);
      assert.match(message.slice(before.length, -after.length), problem);
      for (const line of keyLines) assert.ok(!message.includes(line), 'the key is told');
      return true;
    });
  });
}

test('a key that only others may read is refused, with the way out', async (t) => {
  const folder = await goodFolder(await emptyFolder(t));
  await chmod(join(folder, 'tls.key'), 0);
  await assert.rejects(
    asNobody(folder, () => watched(folder)),
    {
      message: /tls\.key may not be read by this user \(in a pod, the security context's fsGroup lets it\)\. It needs/,
    },
  );
});

test('all names must be on the certificate, and those that are not are told', async (t) => {
  const folder = await goodFolder(await emptyFolder(t));
  await assert.rejects(watched(folder, { names: ['localhost', 'a.svc', '10.0.0.1'] }), {
    message: /: tls\.crt is not for a\.svc, 10\.0\.0\.1, but for DNS:localhost\. It needs/,
  });
  assert.equal((await watched(folder, { names: [] })).cert, good.cert);
});

test('a clock that is five minutes behind the issuer’s is allowed for, and no more', async (t) => {
  const folder = await goodFolder(await emptyFolder(t));
  const { validFromDate } = new X509Certificate(good.cert);
  const secondsBefore = (seconds: number) => new Date(validFromDate.getTime() - seconds * 1000);
  assert.equal((await watched(folder, { now: secondsBefore(300) })).cert, good.cert);
  await assert.rejects(watched(folder, { now: secondsBefore(301) }), /is not valid before/);
});

test('a certificate is good until its last second', async (t) => {
  const folder = await goodFolder(await emptyFolder(t));
  const { validToDate } = new X509Certificate(good.cert);
  assert.equal((await watched(folder, { now: new Date(validToDate.getTime() - 1) })).cert, good.cert);
  await assert.rejects(watched(folder, { now: validToDate }), /tls\.crt ended at/);
});

test('of many names as many are told as a line in a log can take', async (t) => {
  const folder = await goodFolder(await emptyFolder(t));
  const names = Array.from({ length: 300 }, (_, i) => `name-${i}.example.com`);
  const many = made({ names, until: hoursFromNow(1) });
  await written('tls.crt', many.cert)(folder);
  await written('tls.key', many.key)(folder);
  await assert.rejects(
    watched(folder),
    ({ message }: Error) => message.length < 700 && message.includes(' …. It needs'),
  );
});

async function watched(
  folder: string,
  { names = ['localhost'], now = new Date() }: { names?: readonly string[]; now?: Date } = {},
) {
  const { certificate, stop } = await watchCertificateFiles({
    folder,
    names,
    onChange: () => assert.fail('nothing changed'),
    onError: () => {},
    time: { now: () => now, after: () => () => {} },
  });
  stop();
  return certificate;
}

async function goodFolder(folder: string): Promise<string> {
  await written('tls.crt', good.cert)(folder);
  await written('tls.key', good.key)(folder);
  return folder;
}

function written(name: string, content: string | Buffer): Case['damage'] {
  return (folder) => writeFile(join(folder, name), content);
}

function encrypted(type: 'pkcs8' | 'sec1'): string | Buffer {
  return createPrivateKey(good.key).export({ type, format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' });
}

const keyLines = [good, other, weak].flatMap(({ key }) =>
  key.split('\n').filter((line) => /^[\w+/=]{10,}$/.test(line)),
);

/** Runs as the user that owns nothing, by its number on every Linux: root may read whatever the mode says. */
async function asNobody<T>(folder: string, run: () => Promise<T>): Promise<T> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) await chown(folder, 65_534, 65_534);
  if (isRoot) process.seteuid?.(65_534);
  try {
    return await run();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}
