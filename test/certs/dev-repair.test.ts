import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { generate, type SelfsignedOptions } from 'selfsigned';
import { devCertificate } from '../../certs/dev.ts';
import { issueServingCertificate } from '../../certs/issue.ts';
import { emptyFolder } from './empty-folder.ts';
import { assertServes } from './https.ts';

const now = new Date();

interface Case {
  readonly damage: (folder: string, foreign: string) => Promise<unknown>;
  readonly issued: 'leaf' | 'all';
  readonly because: RegExp;
}

const cases: { readonly [sentence: string]: Case } = {
  'ca.crt is gone': { damage: removed('ca.crt'), issued: 'all', because: /^ca\.crt is missing/ },
  'ca.key is gone': { damage: removed('ca.key'), issued: 'all', because: /^ca\.key is missing/ },
  'tls.crt is gone': { damage: removed('tls.crt'), issued: 'leaf', because: /^tls\.crt is missing/ },
  'tls.key is gone': { damage: removed('tls.key'), issued: 'leaf', because: /^tls\.key is missing/ },
  'ca.crt is empty': { damage: cut('ca.crt', 0), issued: 'all', because: /^ca\.crt is .* empty/ },
  'ca.key is empty': { damage: cut('ca.key', 0), issued: 'all', because: /^ca\.key is .* empty/ },
  'tls.crt is empty': { damage: cut('tls.crt', 0), issued: 'leaf', because: /^tls\.crt is .* empty/ },
  'tls.key is empty': { damage: cut('tls.key', 0), issued: 'leaf', because: /^tls\.key is .* empty/ },
  'ca.crt is cut short': { damage: cut('ca.crt', 300), issued: 'all', because: /^ca\.crt is damaged/ },
  'ca.key is cut short': { damage: cut('ca.key', 100), issued: 'all', because: /^ca\.crt is damaged/ },
  'tls.crt is cut short': { damage: cut('tls.crt', 300), issued: 'leaf', because: /^tls\.crt is damaged/ },
  'tls.key is cut short': { damage: cut('tls.key', 100), issued: 'leaf', because: /^tls\.crt is damaged/ },
  'ca.crt is garbage': {
    damage: written('ca.crt', '\0\u{fffd}garbage'),
    issued: 'all',
    because: /^ca\.crt is damaged/,
  },
  'tls.key is garbage': { damage: written('tls.key', 'garbage'), issued: 'leaf', because: /^tls\.crt is damaged/ },
  'tls.crt has half a certificate behind it': {
    damage: halfAppended('tls.crt'),
    issued: 'leaf',
    because: /^tls\.crt is damaged/,
  },
  'tls.crt is of another folder': { damage: swapped('tls.crt'), issued: 'leaf', because: /do not belong together/ },
  'tls.key is of another folder': { damage: swapped('tls.key'), issued: 'leaf', because: /do not belong together/ },
  'the pair is of another folder': {
    damage: swapped('tls.crt', 'tls.key'),
    issued: 'leaf',
    because: /^tls\.crt is not signed by the CA/,
  },
  'ca.crt is of another folder': { damage: swapped('ca.crt'), issued: 'all', because: /do not belong together/ },
  'ca.key is of another folder': { damage: swapped('ca.key'), issued: 'all', because: /do not belong together/ },
  'the CA is of another folder': {
    damage: swapped('ca.crt', 'ca.key'),
    issued: 'leaf',
    because: /^tls\.crt is not signed by the CA/,
  },
  'ca.crt has half a certificate behind it': {
    damage: halfAppended('ca.crt'),
    issued: 'all',
    because: /^ca\.crt is damaged/,
  },
  'ca.crt is signed by itself but no CA': {
    damage: async (folder) => writeAuthority(folder, await selfSigned('No CA', { cA: false })),
    issued: 'all',
    because: /^ca\.crt is not a self-signed CA/,
  },
  'ca.crt is signed by another': {
    damage: async (folder) => {
      await copyFile(join(folder, 'tls.crt'), join(folder, 'ca.crt'));
      await copyFile(join(folder, 'tls.key'), join(folder, 'ca.key'));
    },
    issued: 'all',
    because: /^ca\.crt is not a self-signed CA/,
  },
  'the CA is one with an RSA key': {
    damage: async (folder) => writeAuthority(folder, await selfSigned('RSA CA', { keyType: 'rsa' })),
    issued: 'all',
    because: /^ca\.crt signs with rsa, not with EC/,
  },
  'the CA has got another name': {
    damage: async (folder) => {
      const privateKey = await readFile(join(folder, 'ca.key'), 'utf8');
      const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
      await writeAuthority(folder, await selfSigned('Renamed CA', { keyPair: { privateKey, publicKey } }));
    },
    issued: 'leaf',
    because: /^tls\.crt is not signed by the CA/,
  },
  'ca.key is encrypted': {
    damage: (folder) =>
      writeFile(
        join(folder, 'ca.key'),
        generateKeyPairSync('ec', {
          namedCurve: 'P-256',
          publicKeyEncoding: { type: 'spki', format: 'pem' },
          privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' },
        }).privateKey,
      ),
    issued: 'all',
    because: /^ca\.crt is damaged/,
  },
  'the certificate is signed by a namesake of the CA': {
    damage: async (folder) => {
      const { subject } = new X509Certificate(await readFile(join(folder, 'ca.crt')));
      const ca = await selfSigned(subject.slice('CN='.length), {});
      const leaf = await issueServingCertificate({ ca, names: ['localhost', '127.0.0.1', '::1'], now, days: 30 });
      await writeFile(join(folder, 'tls.crt'), leaf.cert);
      await writeFile(join(folder, 'tls.key'), leaf.key);
    },
    issued: 'leaf',
    because: /^tls\.crt is not signed by the CA/,
  },
  'tls.key is a link to nowhere': {
    damage: async (folder) => {
      await rm(join(folder, 'tls.key'));
      await symlink(join(folder, 'nowhere'), join(folder, 'tls.key'));
    },
    issued: 'leaf',
    because: /^tls\.key is missing/,
  },
};

for (const [sentence, { damage, issued, because }] of Object.entries(cases)) {
  test(`where ${sentence}, ${issued === 'all' ? 'everything' : 'the certificate'} is issued anew, and serves`, async (t) => {
    const folder = await emptyFolder(t);
    const foreign = await emptyFolder(t);
    await devCertificate({ folder, now });
    await devCertificate({ folder: foreign, now });
    await damage(folder, foreign);
    const caBefore = await readFile(join(folder, 'ca.crt'), 'utf8').catch(() => '');

    const repaired = await devCertificate({ folder, now });
    assert.equal(repaired.issued, issued);
    assert.match(repaired.because ?? '', because);
    assert.equal(repaired.ca === caBefore, issued === 'leaf', 'the CA is kept where only the certificate is issued');
    await assertServes(t, repaired);

    assert.equal((await devCertificate({ folder, now })).issued, 'kept');
    assert.deepEqual((await readdir(folder)).sort(), ['ca.crt', 'ca.key', 'tls.crt', 'tls.key']);
  });
}

test('a folder in the place of a file is not removed, but named', async (t) => {
  const folder = await emptyFolder(t);
  await mkdir(join(folder, 'tls.key'));
  await assert.rejects(devCertificate({ folder, now }), /cannot be kept in .* \(EISDIR: .*tls\.key'\)/);
  assert.ok(!(await readdir(folder)).includes('.issuing'), 'nothing stays in the way of the next start');
});

function removed(name: string): Case['damage'] {
  return (folder) => rm(join(folder, name));
}

function cut(name: string, length: number): Case['damage'] {
  return (folder) => truncate(join(folder, name), length);
}

function written(name: string, text: string): Case['damage'] {
  return (folder) => writeFile(join(folder, name), text);
}

function swapped(...names: string[]): Case['damage'] {
  return (folder, foreign) => Promise.all(names.map((name) => copyFile(join(foreign, name), join(folder, name))));
}

function halfAppended(name: string): Case['damage'] {
  return async (folder) => {
    const cert = await readFile(join(folder, name), 'utf8');
    await writeFile(join(folder, name), cert + cert.slice(0, 300));
  };
}

async function writeAuthority(folder: string, { cert, key }: { cert: string; key: string }): Promise<void> {
  await writeFile(join(folder, 'ca.crt'), cert);
  await writeFile(join(folder, 'ca.key'), key);
}

/** A certificate that is signed by itself and otherwise as one wishes: a CA with an EC key unless said. */
async function selfSigned(
  commonName: string,
  { cA = true, ...options }: SelfsignedOptions & { cA?: boolean },
): Promise<{ cert: string; key: string }> {
  const made = await generate([{ name: 'commonName', value: commonName }], {
    algorithm: 'sha256',
    keyType: 'ec',
    notBeforeDate: now,
    extensions: [{ name: 'basicConstraints', cA, critical: true }],
    ...options,
  });
  return { cert: `${made.cert}\n`, key: made.private };
}
