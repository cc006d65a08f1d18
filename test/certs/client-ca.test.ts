import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { readClientCa } from '../../certs/client-ca.ts';
import { eventually } from '../e2e/eventually.ts';
import { emptyFolder } from './empty-folder.ts';
import { hoursFromNow, made } from './made.ts';
import { type ManualClock, manualClock } from './manual-clock.ts';

const root = made({ isAuthority: true, commonName: 'root' });
const other = made({ isAuthority: true, commonName: 'other' });
const between = made({ isAuthority: true, commonName: 'between', issuer: root });
const ended = made({ isAuthority: true, from: hoursFromNow(-3), until: hoursFromNow(-2) });
const leaf = made({ commonName: 'kube-apiserver', issuer: root });

/** What is in a file, and the PEM that comes of it. */
const good: { readonly [sentence: string]: readonly [text: string, pem: string] } = {
  'one CA': [root.cert, root.cert],
  'two CAs': [root.cert + other.cert, root.cert + other.cert],
  'a CA between and the one that signed it, in any order': [between.cert + root.cert, between.cert + root.cert],
  'words and a key beside the CA, which stay where they are': [`a CA:\n${root.cert}\n${root.key}`, root.cert],
  'lines that end as on Windows': [root.cert.replaceAll('\n', '\r\n'), root.cert],
  'a CA that has ended, and its successor': [ended.cert + root.cert, ended.cert + root.cert],
};
describe('the client CA can be', () => {
  for (const [sentence, [text, pem]] of Object.entries(good)) {
    test(sentence, async (t) => {
      const file = await fileOf(t, text);
      assert.equal((await readClientCa(file, new Date())).pem, pem);
    });
  }
});

const bad: { readonly [sentence: string]: readonly [text: string, problem: RegExp] } = {
  empty: ['', /ca\.crt is empty/],
  'no PEM': ['a CA', /ca\.crt is not PEM: it must have a line "-----BEGIN CERTIFICATE-----"/],
  'a key': [root.key, /ca\.crt holds no certificate, but PRIVATE KEY/],
  'cut off': [root.cert.slice(0, 300), /ca\.crt is damaged or cut short/],
  'cut off in its second CA': [
    root.cert + other.cert.slice(0, 300),
    /certificate 2 of 2 in ca\.crt is damaged or cut short/,
  ],
  'a CA between alone': [
    between.cert,
    /ca\.crt is signed by "CN=root", which is not there: add that CA too, up to the one that signed itself/,
  ],
  'the certificate of a client beside another CA': [
    other.cert + leaf.cert,
    /certificate 2 of 2 in ca\.crt is signed by "CN=root", which is not there/,
  ],
  'at its end': [ended.cert, /ca\.crt ended at \d{4}-/],
};
describe('a start is refused, with the file and what is wrong with it, where the client CA is', () => {
  for (const [sentence, [text, problem]] of Object.entries(bad)) {
    test(sentence, async (t) => {
      const file = await fileOf(t, text);
      await assert.rejects(readClientCa(file, new Date()), ({ message }) => {
        assert.match(message, problem);
        assert.ok(message.startsWith(`The client CA in ${file} cannot be used: `), message);
        assert.ok(!message.includes('PRIVATE KEY-----\n'), message);
        return true;
      });
    });
  }

  test('not there', async (t) => {
    const folder = await emptyFolder(t);
    await assert.rejects(readClientCa(join(folder, 'ca.crt'), new Date()), /: ca\.crt is missing\./);
    await assert.rejects(readClientCa(join(folder, 'a', 'ca.crt'), new Date()), /: there is no such folder\./);
  });
});

test('a successor is handed over once it has been the same for a second, and the same text is none', async (t) => {
  const { clock, write, handed, errors } = await followed(t);
  await write(root.cert);
  await clock.advance(20_000);
  assert.deepEqual(handed, []);
  await write(`${root.cert}${other.cert}`);
  await clock.advance(10_900);
  assert.deepEqual(handed, []);
  await clock.advance(10_000);
  await write(other.cert);
  await clock.advance(20_000);
  assert.deepEqual(handed, [root.cert + other.cert, other.cert]);
  assert.deepEqual(errors, []);
});

test('a bad successor is told of once, after ten seconds, and the old one stays until a good one comes', async (t) => {
  const { file, clock, write, handed, errors } = await followed(t);
  await write('');
  await clock.advance(60_000);
  const end = new X509Certificate(root.cert).validToDate.toISOString();
  const stays = `The one in use stays, and ends at ${end}.`;
  assert.deepEqual(errors, [`The client CA in ${file} is not taken: ca.crt is empty. ${stays}`]);
  await rm(file);
  await clock.advance(60_000);
  assert.equal(errors.length, 2);
  assert.match(errors[1] ?? '', /ca\.crt is missing/);
  assert.deepEqual(handed, []);
  await write(other.cert);
  await clock.advance(60_000);
  assert.deepEqual(handed, [other.cert]);
  assert.equal(errors.length, 2);
});

test('one that the server does not take is told of too', async (t) => {
  const { clock, write, errors } = await followed(t, () => {
    throw new Error('not like this');
  });
  await write(other.cert);
  await clock.advance(60_000);
  assert.equal(errors.length, 1);
  assert.match(errors[0] ?? '', /is not taken: the server does not take it \(not like this\)/);
});

test('without a successor, its end is told of before and when it has come', async (t) => {
  const { file, clock, errors } = await followed(t);
  await clock.advance(22 * 3_600_000);
  assert.equal(errors.length, 1);
  assert.ok(errors[0]?.startsWith('The client CA in use ends at '), errors[0]);
  await clock.advance(3 * 3_600_000);
  assert.match(
    errors[1] ?? '',
    /^The client CA in use ended at .*, so that no client is let in, and .* holds no successor/,
  );
  assert.ok(errors[1]?.includes(file));
});

test('once stopped, no timer is left', async (t) => {
  const { clock, stop } = await followed(t);
  stop();
  assert.equal(clock.waiting, 0);
});

test('a swap of links, as the kubelet does it, is noticed before the next look is due', async (t) => {
  const folder = await emptyFolder(t);
  for (const [name, { cert }] of Object.entries({ first: root, second: other })) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'ca.crt'), cert);
  }
  await symlink('first', join(folder, '..data'));
  await symlink('..data/ca.crt', join(folder, 'ca.crt'));
  const { pem, follow } = await readClientCa(join(folder, 'ca.crt'), new Date());
  assert.equal(pem, root.cert);
  const handed: string[] = [];
  t.after(follow({ onChange: (next) => handed.push(next), onError: (error) => assert.fail(error) }));
  await symlink('second', join(folder, '..data_tmp'));
  await rename(join(folder, '..data_tmp'), join(folder, '..data'));
  await eventually('the second', async () => handed[0], { everyMs: 20, timeoutMs: 8_000 });
  assert.deepEqual(handed, [other.cert]);
});

async function fileOf(t: TestContext, text: string): Promise<string> {
  const file = join(await emptyFolder(t), 'ca.crt');
  await writeFile(file, text);
  return file;
}

/** A file with `root` that is followed by a clock of the test's, until it ends. */
async function followed(
  t: TestContext,
  onChange: (pem: string) => void = () => {},
): Promise<{
  readonly file: string;
  readonly clock: ManualClock;
  readonly handed: readonly string[];
  readonly errors: readonly string[];
  write(text: string): Promise<void>;
  stop(): void;
}> {
  const file = await fileOf(t, root.cert);
  const clock = manualClock(Date.now());
  const { follow } = await readClientCa(file, clock.now());
  const handed: string[] = [];
  const errors: string[] = [];
  const stop = follow({
    onChange(pem) {
      onChange(pem);
      handed.push(pem);
    },
    onError: ({ message }) => errors.push(message),
    time: clock,
    watch: () => ({ refresh() {}, close() {} }),
  });
  t.after(stop);
  await clock.advance(0);
  return { file, clock, handed, errors, write: (text) => writeFile(file, text), stop };
}
