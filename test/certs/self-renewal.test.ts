import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { IssuedCertificate } from '../../certs/serving-certificate.ts';
import { eventually } from '../e2e/eventually.ts';
import { base64, text } from './base64.ts';
import { refusal } from './fake-client.ts';
import { fakeCluster } from './fake-cluster.ts';
import { anotherAuthority, start, started } from './self-started.ts';

const day = 86_400_000;
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

test('the key of the CA goes to no server, neither with its first certificate nor with a renewed one', async (t) => {
  const { cluster, clock, renewed, certificate } = await started(t);
  await clock.advance(20 * day);
  const next = await eventually('the renewal', async () => renewed[0], often);
  const key = text(cluster.secret?.['ca.key']);
  for (const given of [certificate, next]) {
    assert.ok(!JSON.stringify(given).includes(JSON.stringify(key)));
  }
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
  cluster.bundles[MUTATING] = [undefined];
  await pauses.advance(5000);
  assert.equal(text(cluster.bundles[MUTATING]?.[0]), other, 'the old one is no longer ours to keep there');
  assert.equal(log.lines.filter((line) => line.includes('another CA')).length, 1);
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

test('a Secret that stays unreadable does not let the certificate end: five days before, the CA in memory signs', async (t) => {
  const { cluster, clock, renewed, log, ca } = await started(t);
  cluster.refuse = ({ path }) => (path.includes('secrets') ? refusal(403, 'not for you') : undefined);
  await clock.advance(20 * day);
  await eventually('its refusal', async () => log.lines.find((line) => /not renewed.*not for you/.test(line)), often);
  clock.jump(5 * day - 120_000);
  await clock.advance(60_000);
  assert.equal(renewed.length, 0);
  await clock.advance(120_000);
  const next = await eventually('the renewal', async () => renewed[0], often);
  assert.ok(isSignedBy(next, ca));
  assert.ok(next.notAfter.getTime() > start + 50 * day);
  assert.ok(log.lines.some((line) => /^error: signing with the CA that the Secret held.*not for you/.test(line)));
});

test('a renewal that finds a damaged Secret keeps the certificate, says so once, and goes on when it is mended', async (t) => {
  const { cluster, clock, renewed, log } = await started(t);
  const good = cluster.secret;
  const damaged = { 'ca.crt': base64('x'), 'ca.key': base64('y') };
  cluster.secret = damaged;
  const told = () => log.lines.filter((line) => /not renewed.*is damaged/.test(line)).length;
  const { length } = cluster.client.asked;
  await clock.advance(20 * day);
  for (let retry = 0; retry < 3; retry++) {
    await eventually('the next attempt', async () => clock.waiting === 1 || undefined, often);
    await clock.advance(60_000);
  }
  assert.ok(cluster.client.asked.length >= length + 4);
  assert.equal(told(), 1);
  cluster.secret = good;
  await eventually('the next attempt', async () => clock.waiting === 1 || undefined, often);
  await clock.advance(60_000);
  await eventually('the renewal', async () => renewed[0], often);
  cluster.secret = damaged;
  await clock.advance(20 * day);
  await eventually('word of new damage', async () => told() === 2 || undefined, often);
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

test('a CA near its end is told with each certificate', async (t) => {
  const cluster = fakeCluster();
  await anotherAuthority(cluster, 100);
  const { log, clock, renewed } = await started(t, { cluster, now: start + 70 * day });
  await clock.advance(20 * day);
  await eventually('the renewal', async () => renewed[0], often);
  assert.equal(renewed[0]?.notAfter.getTime(), start + 100 * day, 'it ends with its CA');
  assert.equal(log.lines.filter((line) => line.includes('past two thirds of its life')).length, 2);
});

function isSignedBy({ cert }: IssuedCertificate, ca: string): boolean {
  return new X509Certificate(cert).verify(new X509Certificate(ca).publicKey);
}
