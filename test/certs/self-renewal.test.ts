import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import type { IssuedCertificate } from '../../certs/serving-certificate.ts';
import { base64, text } from './base64.ts';
import { refusal } from './fake-client.ts';
import { fakeCluster } from './fake-cluster.ts';
import { fastIssuer } from './fast-issuer.ts';
import { manualClock } from './manual-clock.ts';
import { anotherAuthority, start, started } from './self-started.ts';

const day = 86_400_000;
/** A round, and what may be added to it. */
const round = 12_500;
const MUTATING = 'mutatingwebhookconfigurations';

test('a certificate is for thirty days, and each replica renews it at a time of its own before two thirds', async (t) => {
  const cluster = fakeCluster();
  const starts = await Promise.all([1, 2, 3].map(() => started(t, { cluster })));
  const due = starts.map(({ certificate }) => (certificate.renewAt.getTime() - start) / day);
  for (const days of due) assert.ok(days > 17.9 && days <= 20, `due after ${days} days`);
  assert.equal(new Set(due).size, 3);
  for (const { certificate } of starts) assert.equal(certificate.notAfter.getTime(), start + 30 * day);
});

test('a renewal under the same CA has a new key, and needs no configuration', async (t) => {
  const { cluster, clock, renewed, certificate, ca } = await started(t);
  cluster.refuse = ({ path }) => (path.includes('webhookconfigurations') ? refusal(403) : undefined);
  clock.jump(certificate.renewAt.getTime() - start - round);
  await clock.advance(0);
  assert.equal(renewed.length, 0);
  await clock.advance(3 * round);
  assert.equal(renewed.length, 1);
  assert.notEqual(renewed[0]?.key, certificate.key);
  assert.ok(isSignedBy(renewed[0], ca));
});

test('the key of the CA goes to no server, neither with its first certificate nor with a renewed one', async (t) => {
  const { cluster, clock, renewed, certificate, state } = await started(t);
  clock.jump(20 * day);
  await clock.advance(round);
  const key = text(cluster.secret?.['ca.key']).split('\n')[1] ?? '';
  assert.ok(key.length > 40 && renewed.length === 1);
  for (const given of [certificate, ...renewed, state()]) assert.ok(!JSON.stringify(given).includes(key));
});

test('another CA is served with only once the configurations trust it and API servers know', async (t) => {
  const { cluster, clock, renewed, log, ca } = await started(t);
  cluster.bundles[MUTATING] = [base64(ca)];
  await clock.advance(5000);
  cluster.refuse = ({ method }) => (method === 'PATCH' ? refusal(403, 'not for you') : undefined);
  const other = await anotherAuthority(cluster);
  await clock.advance(60_000);
  assert.ok(log.lines.some((line) => /^error: the CA cannot be kept.*not for you/.test(line)));
  assert.deepEqual([renewed.length, cluster.bundles[MUTATING]], [0, [base64(ca)]]);

  cluster.refuse = () => undefined;
  while (text(cluster.bundles[MUTATING]?.[0]) === ca) await clock.advance(100);
  assert.equal(text(cluster.bundles[MUTATING]?.[0]), ca + other);
  await clock.advance(4800);
  assert.equal(renewed.length, 0);
  await clock.advance(round);
  assert.equal(renewed.length, 1);
  assert.ok(isSignedBy(renewed[0], other));
  await clock.advance(600_000);
  assert.equal(text(cluster.bundles[MUTATING]?.[0]), ca + other, 'another replica may serve with the old one');
});

test('a server that does not take the certificate keeps its old CA trusted', async (t) => {
  const { cluster, clock, log, ca } = await started(t, {
    onRenewed() {
      throw new Error('key values mismatch');
    },
  });
  const other = await anotherAuthority(cluster);
  await clock.advance(60_000);
  assert.equal(log.lines.filter((line) => line.includes('key values mismatch')).length, 1);
  cluster.bundles[MUTATING] = [undefined];
  await clock.advance(2000);
  assert.equal(text(cluster.bundles[MUTATING]?.[0]), other + ca);
});

test('a Secret that stays unreadable does not let the certificate end: five days before, the CA in memory signs', async (t) => {
  const { cluster, clock, renewed, log, ca, state } = await started(t);
  cluster.refuse = ({ path }) => (path.includes('secrets') ? refusal(403, 'not for you') : undefined);
  clock.jump(23 * day);
  await clock.advance(60_000);
  assert.equal(renewed.length, 0);
  assert.equal(log.lines.filter((line) => /^error: the Secret cannot be read.*not for you/.test(line)).length, 1);
  clock.jump(2 * day);
  await clock.advance(60_000);
  assert.equal(renewed.length, 1);
  assert.ok(isSignedBy(renewed[0], ca));
  assert.ok((renewed[0]?.notAfter.getTime() ?? 0) > start + 55 * day - 1000);
  assert.ok(
    log.lines.some((line) => /^error: signed with the CA that was in use, since no other can be had/.test(line)),
  );
  assert.equal(state().problems.length, 2);
  cluster.refuse = () => undefined;
  await clock.advance(60_000);
  assert.deepEqual(state().problems, [], 'the CA in memory is that of the Secret');
});

test('while the Secret is damaged all goes on with what it held, and what to do is said once; then that is written back', async (t) => {
  const { cluster, clock, renewed, log, ca, state } = await started(t);
  const good = cluster.secret;
  const damaged = { 'ca.crt': base64('x'), 'ca.key': base64('y') };
  cluster.secret = damaged;
  cluster.bundles[MUTATING] = [undefined];
  await clock.advance(60_000);
  assert.equal(text(cluster.bundles[MUTATING]?.[0]), ca);
  assert.equal(cluster.secret, damaged);
  const told = log.lines.filter(
    (line) =>
      line.includes('is damaged: ') &&
      line.includes(': kubectl delete secret portcullis-ca --namespace portcullis-system"'),
  );
  assert.equal(told.length, 1);
  assert.match(state().problems[0] ?? '', /^the Secret holds no CA that can be used.*kubectl delete secret/);
  cluster.secret = undefined;
  await clock.advance(60_000);
  assert.deepEqual(cluster.secret, good);
  assert.deepEqual(state().problems, []);
  clock.jump(20 * day);
  await clock.advance(60_000);
  assert.equal(renewed.length, 1);
});

test('that the Secret cannot be written is a problem for as long as something is to be written', async (t) => {
  const { cluster, clock, ca, state } = await started(t);
  const { cert } = await fastIssuer.authority({ now: new Date(start), days: 365 });
  cluster.refuse = ({ method }) => (method === 'PUT' ? refusal(500, 'etcd is away') : undefined);
  cluster.bundles[MUTATING] = [base64(ca + cert)];
  await clock.advance(60_000);
  assert.deepEqual(
    state().problems.map((problem) => /^the Secret cannot be written; trying on: etcd is away/.test(problem)),
    [true],
  );
  cluster.bundles[MUTATING] = [base64(ca)];
  await clock.advance(60_000);
  assert.deepEqual(state().problems, []);
});

test('once stopped, no timer is left, and nothing is renewed', async (t) => {
  const { cluster, clock, renewed, stop } = await started(t);
  stop();
  await clock.advance(0);
  assert.equal(clock.waiting, 0);
  const { length } = cluster.client.asked;
  await clock.advance(60 * day);
  assert.deepEqual([renewed.length, cluster.client.asked.length], [0, length]);
});

test('a certificate ends with its CA at the latest', async (t) => {
  const cluster = fakeCluster();
  await anotherAuthority(cluster, 100);
  const { certificate } = await started(t, { cluster, clock: manualClock(start + 90 * day) });
  assert.equal(certificate.notAfter.getTime(), start + 100 * day);
});

function isSignedBy(certificate: IssuedCertificate | undefined, ca: string): boolean {
  return new X509Certificate(certificate?.cert ?? '').verify(new X509Certificate(ca).publicKey);
}
