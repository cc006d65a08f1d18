import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ISSUER } from '../../certs/leaf.ts';
import { base64, text } from './base64.ts';
import { emptyFolder } from './empty-folder.ts';
import { methods, refusal } from './fake-client.ts';
import { fakeCluster } from './fake-cluster.ts';
import { fastIssuer } from './fast-issuer.ts';
import { manualClock } from './manual-clock.ts';
import { recordedLog } from './recorded-log.ts';
import { anotherAuthority, start, started } from './self-started.ts';

const day = 86_400_000;

test('a start waits for an API server that is away, and says so once', async (t) => {
  const cluster = fakeCluster();
  let failures = 20;
  cluster.refuse = () => (failures-- > 0 ? new Error('https://api.example.com cannot be reached') : undefined);
  const clock = manualClock(start);
  const log = recordedLog();
  const starting = started(t, { cluster, clock, log });
  while (failures >= 0) await clock.advance(30_000);
  await starting;
  assert.deepEqual(
    log.lines.filter((line) => line.startsWith('error')),
    [
      'error: waiting for the CA; trying on {"secret":"portcullis-system/portcullis-ca",' +
        '"reason":"https://api.example.com cannot be reached"}',
    ],
  );
});

test('a start that waits can be ended, and leaves nothing', async (t) => {
  const cluster = fakeCluster();
  cluster.refuse = () => refusal(503);
  const clock = manualClock(start);
  const ending = new AbortController();
  const starting = started(t, { cluster, clock, signal: ending.signal });
  await clock.advance(0);
  assert.equal(clock.waiting, 1);
  ending.abort(new Error('SIGTERM'));
  await assert.rejects(starting, { message: 'SIGTERM' });
  assert.equal(clock.waiting, 0);
});

test('a start that is ended while it asks complains of nothing', async (t) => {
  const cluster = fakeCluster();
  const ending = new AbortController();
  cluster.refuse = () => {
    ending.abort(new Error('SIGTERM'));
    return new Error('the request was ended');
  };
  const log = recordedLog();
  await assert.rejects(started(t, { cluster, log, signal: ending.signal }), { message: 'SIGTERM' });
  assert.deepEqual(log.lines, []);
});

test('a name that no certificate can carry is refused before anything is asked', async (t) => {
  const cluster = fakeCluster();
  await assert.rejects(started(t, { cluster, names: ['https://a'] }), /"https:\/\/a": a name must be/);
  assert.deepEqual(cluster.client.asked, []);
});

test('the first start makes a CA for a year; whoever finds it asks for nothing more', async (t) => {
  const { cluster, ca, certificate } = await started(t);
  const authority = new X509Certificate(ca);
  assert.equal(authority.validToDate.getTime(), start + 365 * day);
  assert.ok(new X509Certificate(certificate.cert).verify(authority.publicKey));
  assert.deepEqual(Object.keys(cluster.secret ?? {}).sort(), ['ca.crt', 'ca.key', 'rotation.json']);
  cluster.client.asked.length = 0;
  const second = await started(t, { cluster });
  assert.equal(second.ca, ca);
  assert.ok(methods(cluster.client).every((method) => method === 'GET'));
  assert.equal(cluster.client.asked[0]?.path, '/api/v1/namespaces/portcullis-system/secrets/portcullis-ca');
});

test('a start waits five seconds for API servers to know the CA, also where another replica has put it there just now', async (t) => {
  const cluster = fakeCluster();
  const clock = manualClock(start);
  cluster.bundles.mutatingwebhookconfigurations = [undefined];
  let ready = 0;
  for (let replica = 0; replica < 2; replica++) started(t, { cluster, clock }).then(() => ready++);
  await clock.advance(4999);
  assert.ok(text(cluster.bundles.mutatingwebhookconfigurations?.[0]).includes('BEGIN CERTIFICATE'));
  assert.equal(ready, 0);
  for (let moment = 0; moment < 10; moment++) await clock.advance(10);
  assert.equal(ready, 2);
});

test('a replica that is second to make the Secret takes the one that is there', async (t) => {
  const cluster = fakeCluster();
  let theirs: string | undefined;
  const { cert, key } = await fastIssuer.authority({ now: new Date(start), days: 365 });
  cluster.refuse = ({ method }) => {
    if (method === 'POST' && theirs === undefined) {
      theirs = cert;
      cluster.secret = { 'ca.crt': base64(cert), 'ca.key': base64(key) };
    }
    return undefined;
  };
  const { ca } = await started(t, { cluster });
  assert.equal(ca, cert);
  assert.equal(text(cluster.secret?.['ca.crt']), cert);
});

for (const code of [401, 403, 429, 500, 503]) {
  test(`no Secret is made when reading it was answered with ${code}`, async (t) => {
    const cluster = fakeCluster();
    cluster.refuse = () => refusal(code);
    const clock = manualClock(start);
    const ending = new AbortController();
    const starting = started(t, { cluster, clock, signal: ending.signal });
    await clock.advance(60_000);
    assert.deepEqual(new Set(methods(cluster.client)), new Set(['GET']));
    ending.abort();
    await assert.rejects(starting);
  });
}

test('a namespace that is not there is told', async (t) => {
  const cluster = fakeCluster();
  cluster.refuse = ({ method }) =>
    method === 'POST' ? refusal(404, 'namespaces "portcullis-system" not found') : undefined;
  const clock = manualClock(start);
  const log = recordedLog();
  const ending = new AbortController();
  const starting = started(t, { cluster, clock, log, signal: ending.signal });
  starting.catch(() => {});
  while (log.lines.length === 0) await clock.advance(100);
  assert.match(log.lines[0] ?? '', /^error: waiting for the CA.*namespaces \\"portcullis-system\\" not found/);
  ending.abort();
  await assert.rejects(starting);
});

test('a Secret that holds no CA is refused, with what to do, and left as it is', async (t) => {
  const cluster = fakeCluster();
  const damaged = { 'ca.crt': base64('x'), 'ca.key': base64('y') };
  cluster.secret = damaged;
  await assert.rejects(started(t, { cluster }), ({ message }: Error) => {
    assert.match(message, /^The CA in the Secret portcullis-ca of the namespace portcullis-system is damaged: /);
    assert.match(message, /: kubectl delete secret portcullis-ca --namespace portcullis-system$/);
    return true;
  });
  assert.equal(cluster.secret, damaged);
});

test('a CA that has ended, such as a backup brings back, is replaced at once, and trusted no longer than it may be in use', async (t) => {
  const cluster = fakeCluster();
  const ended = await anotherAuthority(cluster, 1);
  const { ca, certificate, log } = await started(t, { cluster, clock: manualClock(start + day) });
  const [signing, old] = ca.split(/(?<=-----END CERTIFICATE-----\n)/);
  assert.equal(old, ended);
  assert.ok(new X509Certificate(certificate.cert).verify(new X509Certificate(signing ?? '').publicKey));
  const { old: record } = JSON.parse(text(cluster.secret?.['rotation.json']));
  assert.deepEqual(record[0].until, new Date(start + day + 2 * 3_600_000).toISOString());
  assert.ok(
    log.lines.some((line) => line.startsWith('info: the CA has ended, or is about to: another one signs at once')),
  );
});

test('a clock that is an hour behind that of the CA’s maker is allowed for, and no more', async (t) => {
  const cluster = fakeCluster();
  await anotherAuthority(cluster);
  const hour = 3_600_000;
  await started(t, { cluster, clock: manualClock(start - 2 * hour) });
  await assert.rejects(started(t, { cluster, clock: manualClock(start - 2 * hour - 1000) }), {
    message:
      / is not valid before 2026-11-20T23:00:00.000Z, and here it is 2026-11-20T21:59:59.000Z: see to the clocks/,
  });
});

for (const { sentence, curve = 'P-256', encoding, problem } of [
  {
    sentence: 'on a curve that WebCrypto does not know is refused',
    curve: 'secp256k1',
    encoding: 'default',
    problem: /^The CA in the Secret portcullis-ca .* signs nothing: .*curve/i,
  },
  {
    sentence: 'with a name in UTF-8 is refused: Go would not find it',
    encoding: 'utf8only',
    problem: /^The CA in the Secret portcullis-ca .* has a name in an encoding that no certificate of ours can repeat/,
  },
  { sentence: 'with a name as ours have it is signed with', encoding: 'default', problem: undefined },
]) {
  const skip = spawnSync('openssl', ['version']).status === 0 ? false : 'openssl is not installed';
  test(`a CA that a person made ${sentence}`, { skip }, async (t) => {
    const cluster = fakeCluster();
    cluster.secret = await madeByHand(t, curve, encoding);
    const starting = started(t, { cluster, clock: manualClock(Date.now()), issuer: ISSUER });
    if (problem === undefined) return void (await starting);
    await assert.rejects(starting, ({ message }: Error) => {
      assert.match(message, problem);
      assert.match(message, /: kubectl delete secret portcullis-ca --namespace portcullis-system$/);
      return true;
    });
  });
}

/** The Secret's data with a CA that openssl made; `encoding` is its string_mask. */
async function madeByHand(t: TestContext, curve: string, encoding: string) {
  const folder = await emptyFolder(t);
  const config = join(folder, 'openssl.cnf');
  const [certFile, keyFile] = [join(folder, 'ca.crt'), join(folder, 'ca.key')];
  const constraint = '[ca]\nbasicConstraints=critical,CA:true\n';
  await writeFile(config, `[req]\ndistinguished_name=name\nstring_mask=${encoding}\n[name]\n${constraint}`);
  const request = ['req', '-x509', '-config', config, '-extensions', 'ca', '-subj', '/CN=by hand', '-noenc'];
  const key = ['-newkey', 'ec', '-pkeyopt', `ec_paramgen_curve:${curve}`, '-keyout', keyFile, '-out', certFile];
  assert.equal(spawnSync('openssl', [...request, ...key]).status, 0);
  const of = async (file: string) => base64(await readFile(file, 'utf8'));
  return { 'ca.crt': await of(certFile), 'ca.key': await of(keyFile) };
}
