import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { authoritiesIn, dataWith, signer } from '../../certs/authorities.ts';
import { begun } from '../../certs/rotation.ts';
import type { IssuedCertificate } from '../../certs/serving-certificate.ts';
import { base64, text } from './base64.ts';
import { byFingerprint } from './by-fingerprint.ts';
import { methods, refusal } from './fake-client.ts';
import { type FakeCluster, fakeCluster } from './fake-cluster.ts';
import { newAuthority } from './fast-issuer.ts';
import { type ManualClock, manualClock } from './manual-clock.ts';
import { recordedLog } from './recorded-log.ts';
import { start, started } from './self-started.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const MINUTE = 60_000;
const MUTATING = 'mutatingwebhookconfigurations';
const VALIDATING = 'validatingwebhookconfigurations';

test('a rotation: what is next is in every configuration for five minutes before it signs, what is old until its last certificate has ended', async (t) => {
  const { cluster, clock, replicas } = await installed(t, 2);
  const [old, next] = [bundleOf(cluster), rotate(cluster)];
  await clock.advance(MINUTE);
  assert.deepEqual(trusted(cluster), both(old, next));
  await clock.advance(3.5 * MINUTE);
  for (const one of replicas) assert.equal(one.renewed.length, 0);
  assert.equal(signingOf(cluster), old);
  await clock.advance(2 * MINUTE);
  assert.equal(signingOf(cluster), next);
  for (const one of replicas) assert.ok(one.renewed.length === 1 && isSignedBy(one.renewed[0], next));
  assert.deepEqual(trusted(cluster), both(old, next));

  clock.jump(30 * DAY);
  await clock.advance(30 * MINUTE);
  assert.deepEqual(trusted(cluster), both(old, next), 'somebody’s clock may be behind');
  clock.jump(1.8 * HOUR);
  await clock.advance(10 * MINUTE);
  assert.equal(bundleOf(cluster), next);
  await clock.advance(10 * MINUTE);
  assert.deepEqual(trusted(cluster), both(next));
  for (const one of replicas) assert.deepEqual(one.state().problems, []);
});

test('a CA is rotated by itself at two thirds of its life, and by one replica though all try', async (t) => {
  const { cluster, clock, replicas } = await installed(t, 3);
  const old = bundleOf(cluster);
  clock.jump((365 * DAY * 2) / 3 - HOUR);
  await clock.advance(10 * MINUTE);
  assert.equal(bundleOf(cluster), old);
  clock.jump(HOUR);
  await clock.advance(10 * MINUTE);
  assert.notEqual(signingOf(cluster), old);
  const told = replicas.flatMap(({ log }) => log.lines.filter((line) => line.includes('making the next one')));
  assert.equal(told.length, 1);
});

test('a Secret as an older version has left it is written to only when something is due', async (t) => {
  const cluster = fakeCluster();
  const { cert, key } = newAuthority({ now: new Date(start), days: 3650 });
  cluster.secret = { 'ca.crt': base64(cert), 'ca.key': base64(key) };
  const { clock } = await installed(t, 1, cluster);
  await clock.advance(10 * MINUTE);
  assert.ok(!methods(cluster.client).includes('PUT'));
  assert.deepEqual(trusted(cluster), both(cert));
});

test('an older version finds its way after each step: the first certificate is that of the key', async (t) => {
  const { cluster, clock } = await installed(t, 1);
  rotate(cluster);
  for (let minute = 0; minute < 10; minute++) {
    await clock.advance(MINUTE);
    const { 'ca.crt': certificates, 'ca.key': key } = cluster.secret ?? {};
    const state = authoritiesIn({ 'ca.crt': certificates, 'ca.key': key });
    assert.ok(typeof state === 'object', String(state));
  }
});

test('a Secret that is deleted under two replicas is there again, as it was, keys and what a person wrote besides', async (t) => {
  const { cluster, clock, replicas } = await installed(t, 2);
  rotate(cluster);
  cluster.secret = { ...cluster.secret, note: base64('of a person') };
  await clock.advance(MINUTE);
  const before = cluster.secret;
  cluster.secret = undefined;
  await clock.advance(MINUTE);
  assert.deepEqual({ ...(cluster.secret ?? {}), 'rotation.json': '' }, { ...before, 'rotation.json': '' });
  const told = replicas.flatMap(({ log }) => log.lines.filter((line) => line.startsWith('warn: the Secret was gone')));
  assert.equal(told.length, 1);
});

test('a Secret that was deleted while nobody ran is made anew, and what the configurations trusted is trusted on', async (t) => {
  const { cluster, replicas } = await installed(t, 1);
  const before = bundleOf(cluster);
  for (const { stop } of replicas) stop();
  cluster.secret = undefined;
  const { clock } = await installed(t, 1, cluster);
  await clock.advance(MINUTE);
  const now = signingOf(cluster);
  assert.notEqual(now, before);
  assert.equal(bundleOf(cluster), now + before);
  assert.deepEqual(trusted(cluster), both(before, now));
});

test('an older Secret that is restored is gone back to, and what was served with since is trusted on', async (t) => {
  const { cluster, clock, replicas } = await installed(t, 2);
  const [backup, old] = [cluster.secret, bundleOf(cluster)];
  const next = rotate(cluster);
  await clock.advance(10 * MINUTE);
  clock.jump(31 * DAY);
  await clock.advance(20 * MINUTE);
  assert.deepEqual(trusted(cluster), both(next));

  cluster.secret = backup;
  await clock.advance(MINUTE);
  assert.deepEqual(trusted(cluster), both(next, old));
  assert.equal(bundleOf(cluster), old + next);
  for (const one of replicas) assert.ok(isSignedBy(one.renewed.at(-1), old));
});

test('a restored Secret by which the CA in use is gone takes it from nobody, not even while they cannot object', async (t) => {
  const cluster = fakeCluster();
  const clock = manualClock(start);
  let isAway = false;
  const client = {
    ...cluster.client,
    async request(...asked: Parameters<typeof cluster.client.request>) {
      if (isAway) throw new Error('https://api.example.com cannot be reached');
      return cluster.client.request(...asked);
    },
  };
  cluster.bundles[MUTATING] = [undefined];
  const starting = started(t, { cluster, clock, client });
  await clock.advance(6000);
  const { renewed } = await starting;
  const mine = bundleOf(cluster);
  const other = newAuthority({ now: new Date(start), days: 365 });
  cluster.secret = {
    'ca.crt': base64(other.cert),
    'ca.key': base64(other.key),
    'rotation.json': base64(JSON.stringify({ old: [], gone: [...byFingerprint(mine).keys()] })),
  };
  isAway = true;
  // Whoever starts now knows of nobody who serves with it.
  const next = started(t, { cluster, clock });
  await clock.advance(4 * MINUTE);
  await next;
  assert.deepEqual(trusted(cluster)[MUTATING], [mine + other.cert]);
  isAway = false;
  await clock.advance(20 * MINUTE);
  assert.deepEqual(trusted(cluster)[MUTATING], [mine + other.cert]);
  assert.equal(bundleOf(cluster), other.cert + mine);
  assert.ok(isSignedBy(renewed.at(-1), other.cert));
});

test('a restored CA at its end is changed over to by nobody, and where it cannot be replaced all goes on with the one in use', async (t) => {
  const { cluster, clock, replicas } = await installed(t, 1);
  const [{ renewed } = assert.fail()] = replicas;
  const mine = bundleOf(cluster);
  const ended = newAuthority({ now: new Date(start), days: 0.001 });
  cluster.secret = { 'ca.crt': base64(ended.cert), 'ca.key': base64(ended.key) };
  cluster.refuse = ({ method }) => (method === 'PUT' ? refusal(403) : undefined);
  clock.jump(2 * MINUTE);
  await clock.advance(5 * MINUTE);
  assert.equal(renewed.length, 0);
  cluster.bundles[MUTATING] = [undefined];
  await clock.advance(10_000);
  assert.ok(trusted(cluster)[MUTATING]?.every((bundle) => bundle.includes(mine)));
  cluster.refuse = () => undefined;
  await clock.advance(5 * MINUTE);
  assert.ok(isSignedBy(renewed.at(-1), signingOf(cluster)));
  assert.ok(![ended.cert, mine].includes(signingOf(cluster)));
  assert.ok(bundleOf(cluster).includes(mine));
});

test('who may not write the Secret is told so, serves on, and takes what others write', async (t) => {
  const { cluster, clock, replicas } = await installed(t, 1);
  const [{ renewed, log, state } = assert.fail()] = replicas;
  cluster.refuse = ({ method }) => (method === 'PUT' ? refusal(403, 'not for you') : undefined);
  clock.jump(250 * DAY);
  await clock.advance(10 * MINUTE);
  assert.equal(renewed.length, 1, 'renewed under the CA that signs');
  assert.equal(
    log.lines.filter((line) => /^error: the Secret cannot be written.*not for you.*making the next/.test(line)).length,
    1,
  );
  assert.equal(state().problems.length, 1);
  const next = rotate(cluster);
  cluster.refuse = () => undefined;
  await clock.advance(10 * MINUTE);
  assert.ok(isSignedBy(renewed.at(-1), next));
  assert.deepEqual(state().problems, []);
});

test('a write that somebody else was faster with is decided anew', async (t) => {
  const { cluster, clock } = await installed(t, 1);
  rotate(cluster);
  let puts = 0;
  cluster.refuse = ({ method }) => (method === 'PUT' && puts++ < 5 ? refusal(409) : undefined);
  await clock.advance(10 * MINUTE);
  assert.ok(puts > 5 && signingOf(cluster) !== undefined);
  assert.equal(JSON.parse(text(cluster.secret?.['rotation.json'])).old.length, 1);
});

test('after a crash at any request another replica completes the rotation, and trusts what the first may have served with', async (t) => {
  let requests = 0;
  for (let last = 0; last <= requests; last += 6) {
    const { cluster, clock, replicas } = await installed(t, 1);
    const [old, next] = [bundleOf(cluster), rotate(cluster)];
    let count = 0;
    cluster.refuse = () => (count++ >= last ? new Error('nobody is there any more') : undefined);
    await clock.advance(7 * MINUTE);
    if (last === 0) {
      cluster.refuse = () => void count++;
      await clock.advance(7 * MINUTE);
      requests = Math.min(count, 100);
    }
    for (const { stop } of replicas) stop();
    cluster.refuse = () => undefined;
    const { clock: later } = await installed(t, 1, cluster);
    await later.advance(10 * MINUTE);
    assert.equal(signingOf(cluster), next, `after ${last} requests`);
    assert.deepEqual(trusted(cluster), both(old, next), `after ${last} requests`);
  }
  assert.ok(requests > 50);
});

test('under registration none the next CA signs once somebody has put it into every configuration, and until then what to do is said', async (t) => {
  const { cluster, clock, replicas } = await installed(t, 1, fakeCluster(), 'none');
  const [{ log, renewed, state } = assert.fail()] = replicas;
  const old = bundleOf(cluster);
  for (const resource of [MUTATING, VALIDATING]) cluster.bundles[resource] = [base64(old)];
  const next = rotate(cluster);
  await clock.advance(20 * MINUTE);
  assert.deepEqual([signingOf(cluster), trusted(cluster)], [old, both(old)]);
  const told = log.lines.filter(
    (line) => line.startsWith('warn: the configuration lacks a CA') && line.includes(MUTATING),
  );
  assert.equal(told.length, 2, 'the first one, and the next one');
  assert.match(
    told[1] ?? '',
    /: kubectl get secret portcullis-ca --namespace portcullis-system --template '\{\{index \.data `ca\.crt`\}\}' \{/,
  );
  assert.deepEqual(
    state().configurations.map(({ lacks }) => lacks),
    [1, 2].map(() => [...byFingerprint(next).keys()]),
  );
  for (const resource of [MUTATING, VALIDATING]) cluster.bundles[resource] = [cluster.secret?.['ca.crt']];
  await clock.advance(6 * MINUTE);
  assert.ok(isSignedBy(renewed.at(-1), next));
  assert.ok(!methods(cluster.client).includes('PATCH'));
});

test('what can be told holds each CA with its role, and no key', async (t) => {
  const { cluster, clock, replicas } = await installed(t, 1);
  const [{ state } = assert.fail()] = replicas;
  const [old, next] = [bundleOf(cluster), rotate(cluster)];
  await clock.advance(MINUTE);
  assert.deepEqual(roles(), [
    ['signing', old, undefined],
    ['next', next, undefined],
  ]);
  await clock.advance(6 * MINUTE);
  const [signing, former] = roles();
  assert.deepEqual(signing, ['signing', next, undefined]);
  assert.deepEqual(former?.slice(0, 2), ['old', old]);
  assert.ok(former?.[2] instanceof Date && former[2].getTime() > start + 30 * DAY);
  assert.equal(state().leaf.issuer, subjectOf(next));
  for (const key of ['ca.key', 'next.key']) {
    const secret = text(cluster.secret?.[key]).split('\n')[1];
    assert.ok(secret === undefined || !JSON.stringify(state()).includes(secret));
  }

  function roles() {
    return state().authorities.map(({ role, subject, until }) => [
      role,
      [old, next].find((pem) => subjectOf(pem) === subject),
      until,
    ]);
  }
});

/** So many replicas that serve, with both configurations, on one clock; the configurations were put there five seconds ago. */
async function installed(
  t: TestContext,
  count: number,
  cluster = fakeCluster(),
  registration: 'bundle' | 'none' = 'bundle',
) {
  const clock = manualClock(start);
  for (const resource of [MUTATING, VALIDATING]) cluster.bundles[resource] ??= [undefined];
  const starting = Array.from({ length: count }, () =>
    started(t, { cluster, clock, registration, log: recordedLog() }),
  );
  await clock.advance(6000);
  return { cluster, clock: clock as ManualClock, replicas: await Promise.all(starting) };
}

/** Puts a next CA into the Secret; gives it. */
function rotate(cluster: FakeCluster): string {
  const state = authoritiesIn(cluster.secret ?? {});
  assert.ok(typeof state === 'object');
  const { cert, key } = newAuthority({ now: new Date(start), days: 365 });
  cluster.secret = dataWith(cluster.secret ?? {}, begun(state, signer(new X509Certificate(cert), key))) as {
    [key: string]: string;
  };
  return cert;
}

function bundleOf({ secret }: FakeCluster): string {
  return text(secret?.['ca.crt']);
}

function signingOf({ secret }: FakeCluster): string {
  const state = authoritiesIn(secret ?? {});
  return typeof state === 'string' ? assert.fail(state) : state.signing.cert;
}

function trusted({ bundles }: FakeCluster): { [resource: string]: string[] } {
  return Object.fromEntries(
    [MUTATING, VALIDATING].map((resource) => [resource, (bundles[resource] ?? []).map((bundle) => text(bundle))]),
  );
}

function both(...pems: string[]): { [resource: string]: string[] } {
  return { [MUTATING]: [pems.join('')], [VALIDATING]: [pems.join('')] };
}

function isSignedBy(certificate: IssuedCertificate | undefined, ca: string): boolean {
  return new X509Certificate(certificate?.cert ?? '').verify(new X509Certificate(ca).publicKey);
}

function subjectOf(pem: string): string {
  return new X509Certificate(pem).subject;
}
