import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { issueCertificateAuthority } from '../../certs/issue.ts';
import { type SelfOptions, startSelf } from '../../certs/self.ts';
import type { IssuedCertificate } from '../../certs/serving-certificate.ts';
import { eventually } from '../e2e/eventually.ts';
import { base64, text } from './base64.ts';
import { emptyFolder } from './empty-folder.ts';
import { refusal } from './fake-client.ts';
import { type FakeCluster, fakeCluster } from './fake-cluster.ts';
import { manualClock } from './manual-clock.ts';
import { manualPause } from './manual-pause.ts';
import { recordedLog } from './recorded-log.ts';

const day = 86_400_000;
const start = Date.UTC(2026, 10, 21);
const MUTATING = 'mutatingwebhookconfigurations';
const often = { everyMs: 5 };

test('a certificate is for thirty days, and each replica renews it at a time of its own before two thirds', async (t) => {
  const cluster = fakeCluster();
  const starts = await Promise.all([1, 2, 3].map(() => started(t, { cluster })));
  const due = starts.map(({ certificate }) => (certificate.renewAt.getTime() - start) / day);
  for (const days of due) assert.ok(days > 17.9 && days < 20, `due after ${days} days`);
  assert.equal(new Set(due).size, 3);
  for (const { certificate } of starts) assert.equal(certificate.notAfter.getTime(), start + 30 * day);
});

test('a renewal under the same CA has a new key, and needs no configuration', async (t) => {
  const { cluster, clock, renewed, certificate, ca } = await started(t);
  cluster.refuse = ({ path }) => (path.includes('webhookconfigurations') ? refusal(403) : undefined);
  await clock.advance(20 * day);
  const next = await eventually('the renewal', async () => renewed[0], often);
  assert.notEqual(next.key, certificate.key);
  assert.ok(isSignedBy(next, ca));
});

test('another CA is served with only once the configurations trust it and API servers know', async (t) => {
  const { cluster, clock, pauses, renewed, log, ca } = await started(t);
  const other = await anotherAuthority(cluster);
  cluster.bundles[MUTATING] = [base64(ca)];
  cluster.refuse = ({ method }) => (method === 'PATCH' ? refusal(403, 'not for you') : undefined);
  await clock.advance(20 * day);
  await eventually('its refusal', async () => log.lines.find((line) => /not renewed.*not for you/.test(line)), often);
  assert.deepEqual([renewed.length, cluster.bundles[MUTATING]], [0, [base64(ca)]]);

  cluster.refuse = () => undefined;
  await clock.advance(60_000);
  const both = async () => text(cluster.bundles[MUTATING]?.[0]) === ca + other || undefined;
  await eventually('both in the configuration', both, often);
  await setImmediate();
  await pauses.advance(4999);
  assert.equal(renewed.length, 0);
  await pauses.advance(1);
  const next = await eventually('the renewal', async () => renewed[0], often);
  assert.ok(isSignedBy(next, other));
});

test('a server that does not take the certificate leaves the old CA trusted', async (t) => {
  const { cluster, clock, pauses, log, ca } = await started(t, {
    onRenewed() {
      throw new Error('key values mismatch');
    },
  });
  const other = await anotherAuthority(cluster);
  await clock.advance(20 * day);
  await eventually('the pause', async () => pauses.waiting === 3 || undefined, often);
  await pauses.advance(5000);
  await eventually('word of it', async () => log.lines.find((line) => line.includes('key values mismatch')), often);
  cluster.bundles[MUTATING] = [undefined];
  await pauses.advance(2000);
  assert.equal(text(cluster.bundles[MUTATING]?.[0]), other + ca);
});

test('a renewal that finds a damaged Secret keeps the certificate, says so once, and goes on when it is mended', async (t) => {
  const { cluster, clock, renewed, log } = await started(t);
  const good = cluster.secret;
  cluster.secret = { 'ca.crt': base64('x'), 'ca.key': base64('y') };
  const { length } = cluster.client.asked;
  await clock.advance(20 * day);
  for (let retry = 0; retry < 3; retry++) {
    await eventually('the next attempt', async () => clock.waiting === 1 || undefined, often);
    await clock.advance(60_000);
  }
  assert.ok(cluster.client.asked.length >= length + 4);
  assert.equal(log.lines.filter((line) => /not renewed.*is damaged/.test(line)).length, 1);
  cluster.secret = good;
  await eventually('the next attempt', async () => clock.waiting === 1 || undefined, often);
  await clock.advance(60_000);
  await eventually('the renewal', async () => renewed[0], often);
});

test('a start waits for an API server that is away, and says so once', async (t) => {
  const cluster = fakeCluster();
  let failures = 20;
  cluster.refuse = () => (failures-- > 0 ? new Error('https://api.example.com cannot be reached') : undefined);
  const pauses = manualClock();
  const log = recordedLog();
  const starting = started(t, { cluster, pauses, log });
  while (failures >= 0) await pauses.advance(30_000).then(() => setImmediate());
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
  const pauses = manualClock();
  const ending = new AbortController();
  const starting = started(t, { cluster, pauses, signal: ending.signal });
  await setImmediate();
  assert.equal(pauses.waiting, 1);
  ending.abort(new Error('SIGTERM'));
  await assert.rejects(starting, { message: 'SIGTERM' });
  assert.equal(pauses.waiting, 0);
});

test('once stopped, no timer is left, and nothing is renewed', async (t) => {
  const { cluster, clock, pauses, renewed, stop } = await started(t);
  stop();
  await setImmediate();
  assert.deepEqual([clock.waiting, pauses.waiting], [0, 0]);
  const { length } = cluster.client.asked;
  await clock.advance(60 * day);
  assert.deepEqual([renewed.length, cluster.client.asked.length], [0, length]);
});

test('a name that no certificate can carry is refused before anything is asked', async (t) => {
  const cluster = fakeCluster();
  await assert.rejects(started(t, { cluster, names: ['https://a'] }), /"https:\/\/a": a name must be/);
  assert.deepEqual(cluster.client.asked, []);
});

test('a CA near its end is told with each certificate', async (t) => {
  const cluster = fakeCluster();
  await anotherAuthority(cluster, 100);
  const { log, clock, renewed } = await started(t, { cluster, now: start + 70 * day });
  await clock.advance(20 * day);
  await eventually('the renewal', async () => renewed[0], often);
  assert.equal(renewed[0]?.notAfter.getTime(), start + 100 * day, 'it ends with its CA');
  assert.equal(log.lines.filter((line) => line.includes('past two thirds of its life')).length, 2);
});

test('a CA that a person made with a curve that WebCrypto does not know is refused, with what to do', {
  skip: spawnSync('openssl', ['version']).status === 0 ? false : 'openssl is not installed',
}, async (t) => {
  const folder = await emptyFolder(t);
  const files = ['-keyout', join(folder, 'ca.key'), '-out', join(folder, 'ca.crt')];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:secp256k1', '-noenc', '-subj', '/CN=by hand'];
  assert.equal(spawnSync('openssl', ['req', '-x509', ...kind, ...files]).status, 0);
  const of = async (name: string) => (await readFile(join(folder, name))).toString('base64');
  const cluster = fakeCluster();
  cluster.secret = { 'ca.crt': await of('ca.crt'), 'ca.key': await of('ca.key') };
  const now = Date.now();
  await assert.rejects(
    started(t, { cluster, now }),
    /^Error: The CA in the Secret portcullis-ca .* signs nothing: .*curve.*kubectl delete secret portcullis-ca/i,
  );
});

interface Started {
  readonly cluster: FakeCluster;
  /** For the pauses between requests; certificates go by another. */
  readonly pauses: ReturnType<typeof manualClock>;
  readonly now: number;
  readonly log: ReturnType<typeof recordedLog>;
}

/** startSelf in a cluster without configurations, unless said; ended with the test. */
async function started(t: TestContext, options: Partial<Started & SelfOptions> = {}) {
  const { cluster = fakeCluster(), pauses = manualClock(), now = start, log = recordedLog(), ...rest } = options;
  const clock = manualClock(now);
  const renewed: IssuedCertificate[] = [];
  const self = await startSelf({
    client: cluster.client,
    namespace: 'portcullis-system',
    name: 'portcullis',
    secret: 'portcullis-ca',
    names: [],
    onRenewed: (next) => renewed.push(next),
    log,
    time: clock,
    pause: manualPause(pauses),
    ...rest,
  });
  t.after(self.stop);
  return { ...self, cluster, clock, pauses, renewed, log };
}

/** Puts a new CA into the Secret; gives its certificate. */
async function anotherAuthority(cluster: FakeCluster, days = 3650): Promise<string> {
  const { cert, key } = await issueCertificateAuthority({ now: new Date(start), days });
  cluster.secret = { 'ca.crt': base64(cert), 'ca.key': base64(key) };
  return cert;
}

function isSignedBy({ cert }: IssuedCertificate, ca: string): boolean {
  return new X509Certificate(cert).verify(new X509Certificate(ca).publicKey);
}
